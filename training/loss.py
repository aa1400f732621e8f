"""What the net is trained to: spectra that are near in compressed magnitude and phase (Braun & Tashev 2021,
arXiv:2009.12286), and little error in power against the mixture, which is what SI-SDR counts. Everything is
taken of real masks: nothing complex is differentiated."""

import torch
from torch import Tensor

_SHARES = (1.0, 0.6, 0.4)  # of speech, music, other
_COMPRESSION = 0.3
_OF_PHASE = 0.3
_TINY = 1e-6
_DEEPEST = 1e-3  # errors 30 dB below the mixture are as good as none


def loss(masks: Tensor, stems: Tensor, mixture: Tensor) -> Tensor:
    """`masks` N x 3 x frames x BINS, `stems` the same in complex, `mixture` N x frames x BINS."""
    heard = mixture.abs()
    total = masks.new_zeros(())
    for number, share in enumerate(_SHARES):
        mask, stem = masks[:, number], stems[:, number]
        along = (stem * mixture.conj()).real
        near = _compressed(mask, stem.abs(), heard, along)
        total = total + share * (4 * near + _error_b(mask, stem, heard, along))
    return total / sum(_SHARES)


def _compressed(mask: Tensor, wanted: Tensor, heard: Tensor, along: Tensor) -> Tensor:
    a, b = (heard + _TINY) ** _COMPRESSION, (wanted + _TINY) ** _COMPRESSION
    cosine = (along / (wanted * heard + _TINY**2)).clamp(-1, 1)
    got = (mask + 1e-4) ** _COMPRESSION * a
    magnitude = (got - b).square()
    phase = got.square() + b.square() - 2 * got * b * cosine
    error = ((1 - _OF_PHASE) * magnitude + _OF_PHASE * phase).mean((1, 2))
    return (error / (a.square().mean((1, 2)) + _TINY)).mean()


def _error_b(mask: Tensor, stem: Tensor, heard: Tensor, along: Tensor) -> Tensor:
    """Bel of the error's power against the mixture's."""
    power = heard.square()
    error = (mask.square() * power + stem.abs().square() - 2 * mask * along).sum((1, 2)).clamp_min(0)
    whole = power.sum((1, 2)) + _TINY**2
    return torch.log10(error / whole + _DEEPEST).mean()
