"""What the net is trained to: spectra that are near in compressed magnitude and phase (Braun & Tashev 2021,
arXiv:2009.12286), and little error in power against the mixture, which is what SI-SDR counts. Everything is
taken of real masks: nothing complex is differentiated."""

import torch
from torch import Tensor

_SHARES = (1.0, 0.6, 0.4)  # of speech, music, other
_COMPRESSION = 0.3
_OF_PHASE = 0.3
_TINY = 1e-12
_DEEPEST = 1e-3  # errors 30 dB below the mixture are as good as none


def loss(masks: Tensor, stems: Tensor, mixture: Tensor) -> Tensor:
    """`masks` N x 3 x frames x BINS, `stems` the same in complex, `mixture` N x frames x BINS."""
    with torch.no_grad():
        heard = _power(mixture) + _TINY
        wanted = _power(stems) + _TINY
        along = stems.real * mixture.real[:, None] + stems.imag * mixture.imag[:, None]
        cosine = along * torch.rsqrt(wanted * heard[:, None])
        a, b = heard ** (_COMPRESSION / 2), wanted ** (_COMPRESSION / 2)
        scale = a.square().mean((1, 2)) + 1e-6
        whole = heard.sum((1, 2))
        shares = torch.tensor(_SHARES) / sum(_SHARES)
    got = (masks + 1e-4) ** _COMPRESSION * a[:, None]
    # both parts of the error in compressed spectra: (1 - p) (got - b)^2 + p |got e^ix - b e^is|^2
    near = (got.square() - 2 * got * b * (1 - _OF_PHASE + _OF_PHASE * cosine) + b.square()).mean((2, 3))
    error = (masks * (masks * heard[:, None] - 2 * along) + wanted).sum((2, 3)).clamp_min(0)
    in_bel = torch.log10(error / whole[:, None] + _DEEPEST)
    total: Tensor = ((4 * near / scale[:, None] + in_bel) * shares).sum(1).mean()
    return total


def _power(spectra: Tensor) -> Tensor:
    return spectra.real.square() + spectra.imag.square()
