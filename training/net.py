"""The net: convolutions over time and frequency that halve the frequencies four times, a bidirectional
recurrent layer over time in the middle, and the way back with what was seen on the way (the shape of CRUSE,
Braun et al. 2021, arXiv:2101.09249). Three masks that sum to one."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from training.spectra import BANDS


class Net(nn.Module):
    """N x 2 x frames x BANDS features -> N x 3 x frames x BANDS logits of speech, music, other."""

    def __init__(
        self, channels: tuple[int, ...] = (16, 24, 32, 48), inner: int = 256, hidden: int = 192
    ) -> None:
        super().__init__()
        down = (2, *channels)
        up = (*reversed(channels), channels[0])
        self.down = nn.ModuleList(_down(a, b) for a, b in pairwise(down))
        wide = channels[-1] * (BANDS >> len(channels))
        self.enter = nn.Linear(wide, inner)
        self.recurrent = nn.GRU(inner, hidden, num_layers=2, batch_first=True, bidirectional=True)
        self.leave = nn.Linear(2 * hidden, wide)
        self.across = nn.ModuleList(nn.Conv2d(n, n, 1) for n in reversed(channels))
        self.up = nn.ModuleList(_up(a, b) for a, b in pairwise(up))
        self.masks = nn.Conv2d(up[-1], 3, (1, 3), padding=(0, 1))

    def forward(self, seen: Tensor) -> Tensor:
        passed = []
        for layer in self.down:
            seen = layer(seen)
            passed.append(seen)
        seen = seen + self._over_time(seen)
        for layer, bridge in zip(self.up, self.across, strict=True):
            seen = layer(seen + bridge(passed.pop()))
        masks: Tensor = self.masks(seen)
        return masks

    def _over_time(self, seen: Tensor) -> Tensor:
        _, channels, _, bands = seen.shape
        inner = torch.relu(self.enter(seen.transpose(1, 2).flatten(2)))
        inner = self.leave(self.recurrent(inner)[0])
        return inner.unflatten(2, (channels, bands)).transpose(1, 2)


def _down(first: int, second: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(first, second, 3, stride=(1, 2), padding=1, bias=False),
        nn.BatchNorm2d(second),
        nn.LeakyReLU(0.1),
    )


def _up(first: int, second: int) -> nn.Module:
    return nn.Sequential(
        nn.ConvTranspose2d(first, second, (3, 4), stride=(1, 2), padding=1, bias=False),
        nn.BatchNorm2d(second),
        nn.LeakyReLU(0.1),
    )
