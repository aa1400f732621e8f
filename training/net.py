"""The net: patches of two frames and two bands, convolutions that halve the bands three times, a
bidirectional recurrent layer over time in the middle, and the way back with what was seen on the way (the
shape of CRUSE, Braun et al. 2021, arXiv:2101.09249; the patches halve its cost). Three masks that sum to
one."""

from itertools import pairwise

import torch
from torch import Tensor, nn

_SEEN = 2  # channels that go in: the middle and the side
_MASKS = 3
_PATCH = 2  # frames, and bands


class Net(nn.Module):
    """N x 2 x frames x BANDS features -> N x 3 x frames x BANDS logits of speech, music, other; `frames`
    even."""

    def __init__(
        self,
        channels: tuple[int, ...] = (24, 32, 48, 64),
        inner: int = 256,
        hidden: int = 192,
        bands: int = 192,
    ) -> None:
        super().__init__()
        first = channels[0]
        self.begin = _flat(_SEEN * _PATCH**2, first)
        self.down = nn.ModuleList(_down(a, b) for a, b in pairwise(channels))
        wide = channels[-1] * (bands >> len(channels))
        self.enter = nn.Linear(wide, inner)
        self.recurrent = nn.GRU(inner, hidden, num_layers=2, batch_first=True, bidirectional=True)
        self.leave = nn.Linear(2 * hidden, wide)
        self.across = nn.ModuleList(nn.Conv2d(n, n, 1) for n in reversed(channels))
        self.up = nn.ModuleList(_up(a, b) for a, b in pairwise(reversed(channels)))
        self.end = _flat(first, first)
        self.masks = nn.Conv2d(first, _MASKS * _PATCH**2, (1, 3), padding=(0, 1))

    def forward(self, seen: Tensor) -> Tensor:
        seen = self.begin(_in_patches(seen))
        passed = [seen]
        for layer in self.down:
            seen = layer(seen)
            passed.append(seen)
        seen = seen + self._over_time(seen)
        for bridge, layer in zip(self.across, [*self.up, self.end], strict=True):
            seen = layer(seen + bridge(passed.pop()))
        return _out_of_patches(self.masks(seen))

    def _over_time(self, seen: Tensor) -> Tensor:
        _, channels, _, bands = seen.shape
        inner = torch.relu(self.enter(seen.transpose(1, 2).flatten(2)))
        inner = self.leave(self.recurrent(inner)[0])
        return inner.unflatten(2, (channels, bands)).transpose(1, 2)


def _in_patches(seen: Tensor) -> Tensor:
    """N x C x frames x bands -> N x 4C x frames/2 x bands/2."""
    count, channels, frames, bands = seen.shape
    apart = seen.reshape(count, channels, frames // _PATCH, _PATCH, bands // _PATCH, _PATCH)
    together = apart.permute(0, 1, 3, 5, 2, 4)
    return together.reshape(count, channels * _PATCH**2, frames // _PATCH, bands // _PATCH)


def _out_of_patches(seen: Tensor) -> Tensor:
    """The other way round."""
    count, channels, frames, bands = seen.shape
    apart = seen.reshape(count, channels // _PATCH**2, _PATCH, _PATCH, frames, bands)
    together = apart.permute(0, 1, 4, 2, 5, 3)
    return together.reshape(count, channels // _PATCH**2, frames * _PATCH, bands * _PATCH)


def _down(first: int, second: int) -> nn.Module:
    return _shaped(nn.Conv2d(first, second, 3, stride=(1, 2), padding=1, bias=False), second)


def _up(first: int, second: int) -> nn.Module:
    return _shaped(nn.ConvTranspose2d(first, second, (3, 4), stride=(1, 2), padding=1, bias=False), second)


def _flat(first: int, second: int) -> nn.Module:
    return _shaped(nn.Conv2d(first, second, 3, padding=1, bias=False), second)


def _shaped(convolution: nn.Module, channels: int) -> nn.Module:
    return nn.Sequential(convolution, nn.BatchNorm2d(channels), nn.LeakyReLU(0.1))
