"""The short-time spectra that the net sees and masks: 48 ms windows every 16 ms, on the same frames and
bins at any rate that is a multiple of 16 kHz."""

import math

import torch
from torch import Tensor

RATE_HZ = 16_000
WINDOW = 768  # samples at 16 kHz: 48 ms, 20.8 Hz a bin
HOP = 256  # 16 ms
BINS = 384  # below 8 kHz
_SINGLE, _GROUP = 128, 4  # bands: every bin up to 2.7 kHz, then four at a time
BANDS = _SINGLE + (BINS - _SINGLE) // _GROUP
_FLOOR = 1e-9


class Spectra(torch.nn.Module):
    """Hann windows, scaled so that white noise of power p has the mean p in every bin."""

    window: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)

    def forward(self, sound: Tensor) -> Tensor:
        """N x samples -> N x frames x BINS, complex."""
        spectra = torch.stft(sound, WINDOW, HOP, window=self.window, center=True, return_complex=True)
        return spectra[:, :BINS].transpose(1, 2) / math.sqrt(WINDOW * 3 / 8)


def features(left: Tensor, right: Tensor) -> Tensor:
    """Spectra of two channels -> N x 2 x frames x BANDS: log power of the middle and of the side."""
    power = torch.stack([((left + right) / 2).abs().square(), ((left - right) / 2).abs().square()], 1)
    return (torch.log10(banded(power) + _FLOOR) + 5) / 2


def banded(power: Tensor) -> Tensor:
    """… x BINS -> … x BANDS, the mean of each."""
    grouped = power[..., _SINGLE:].unflatten(-1, (-1, _GROUP)).mean(-1)
    return torch.cat([power[..., :_SINGLE], grouped], -1)


def unbanded(bands: Tensor) -> Tensor:
    """… x BANDS -> … x BINS."""
    return torch.cat([bands[..., :_SINGLE], bands[..., _SINGLE:].repeat_interleave(_GROUP, -1)], -1)
