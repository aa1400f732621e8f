"""A stream heard by the network: frames with the shares of speech and music in every bin.

The network looks ahead and back (it is bidirectional), so it hears ten seconds at a time with a second and
a half of what lies before and after, in constant memory. Above 8 kHz, where the voices it learned from had
nothing, a share is what it is between 5 and 7.5 kHz, weighed by power: hiss of an s goes on up there, and
so does a cymbal."""

from collections.abc import Iterator

import msgspec
import numpy as np

from saycut.audio.ears import net
from saycut.audio.suppression import WINDOW, Complex, Frames, Real, spectra_of
from saycut.pcm import Blocks

_CORE_BATCHES = 10
_BATCH_FRAMES = 62  # about a second
_AROUND_FRAMES = 94  # 1.5 s
_BLEND_FRAMES = 62
_SCALE = 1 / (3 * np.sqrt(WINDOW / 8))  # of spectra at 48 kHz: white noise of power p means p in every bin
_TREBLE_FROM = slice(240, 360)  # 5 to 7.5 kHz
_LOUDEST, _QUIETEST = 10 ** (-20 / 20), 10 ** (-32 / 20)  # the middle of the levels it was trained at
_ALONE = np.float32(0)
_OPPOSITE = 10.0  # the side so many times as strong as the middle: one channel is upside down
_TINY = np.float32(1e-20)


class _Core(msgspec.Struct):
    """About ten seconds of frames."""

    spectra: Complex  # (channels, frames, bins)
    power: Real  # (frames, bins) of the middle; of the side where that is nearly all there is
    seen: Real  # (2, frames, net.BINS): that, and the other one
    other_opinion: Real | None  # (frames, bins): the share of speech after another engine


def heard(blocks: Blocks) -> Iterator[Frames]:
    """The 48 kHz stream (samples, channels) as frames; `gain` and `engine_gain` are the share of speech.
    Raises Internal for a broken install."""
    return _heard((spectra, None) for spectra in spectra_of(blocks))


def heard_by_two(batches: Iterator[Frames], others_weight: float) -> Iterator[Frames]:
    """The same of frames that another engine has heard before. Where the two differ about speech, the share
    lies between theirs (the geometric mean, the other's weighed 0..1): each is deaf to other mistakes."""
    return _heard(((batch.spectra, batch.gain) for batch in batches), np.float32(others_weight))


def _heard(
    batches: Iterator[tuple[Complex, Real | None]], others_weight: np.float32 = _ALONE
) -> Iterator[Frames]:
    first = 0
    before: _Core | None = None
    expected: Real | None = None  # shares of the frames to come, as the passage before heard them coming
    cores = _cores(batches)
    core = next(cores, None)
    while core is not None:
        after = next(cores, None)
        shares, coming = _shares(before, core, after)
        if expected is not None:
            _blended(shares, expected)
        yield from _in_seconds(first, core, *_agreed(shares, core.other_opinion, others_weight))
        first += core.power.shape[0]
        before, core, expected = core, after, coming


def _in_seconds(first: int, core: _Core, speech: Real, music: Real) -> Iterator[Frames]:
    """A passage in batches of about a second, as other engines give them: who holds some holds little."""
    for at in range(0, len(speech), _BATCH_FRAMES):
        cut = slice(at, at + _BATCH_FRAMES)
        share = speech[cut]
        yield Frames(first + at, core.spectra[:, cut], core.power[cut], share, share, music=music[cut])


def _agreed(shares: Real, other_opinion: Real | None, others_weight: np.float32) -> tuple[Real, Real]:
    """Speech and music; the rest is parted between music and anything else as the network parts it."""
    speech, music, rest = shares
    if other_opinion is None:
        return speech, music
    agreed = np.power(other_opinion, others_weight) * np.power(speech, 1 - others_weight)
    return agreed, (1 - agreed) * music / (music + rest + _TINY)


def _blended(shares: Real, expected: Real) -> None:
    """The first second of `shares` comes out of what was expected, so that passages meet without a step."""
    count = min(_BLEND_FRAMES, shares.shape[1], expected.shape[1])
    fresh = (np.arange(1, count + 1, dtype=np.float32) / (count + 1))[:, None]
    shares[:, :count] = expected[:, :count] + (shares[:, :count] - expected[:, :count]) * fresh


def _cores(batches: Iterator[tuple[Complex, Real | None]]) -> Iterator[_Core]:
    held: list[tuple[Complex, Real | None]] = []
    for batch in batches:
        held.append(batch)
        if len(held) == _CORE_BATCHES:
            yield _core(held)
            held = []
    if held:
        yield _core(held)


def _core(held: list[tuple[Complex, Real | None]]) -> _Core:
    spectra = np.concatenate([spectra for spectra, _ in held], axis=1)
    opinions = [opinion for _, opinion in held if opinion is not None]
    both = np.stack((spectra.mean(axis=0), (spectra[0] - spectra[-1]) / 2))
    powers = np.square(np.abs(both))
    if powers[1].sum() > _OPPOSITE * powers[0].sum():
        powers = powers[::-1]
    seen = powers[..., : net.BINS] * np.float32(_SCALE**2)
    return _Core(spectra, powers[0], seen, np.concatenate(opinions) if opinions else None)


def _shares(before: _Core | None, core: _Core, after: _Core | None) -> tuple[Real, Real]:
    """(3, frames, bins of the spectra) of the passage, and of a second and a half after it."""
    parts = [core]
    skip = 0
    if before is not None:
        parts.insert(0, _cut(before, slice(-_AROUND_FRAMES, None)))
        skip = parts[0].power.shape[0]
    if after is not None:
        parts.append(_cut(after, slice(_AROUND_FRAMES)))
    seen = np.concatenate([part.seen for part in parts], axis=1)
    shares = net.masks(net.features(seen * _levelled(seen)))
    bins = core.power.shape[1]
    shares = _with_treble(shares[:, skip:], seen.sum(axis=0)[skip:], bins)
    frames = core.power.shape[0]
    return shares[:, :frames], shares[:, frames:]


def _cut(core: _Core, frames: slice) -> _Core:
    return _Core(core.spectra[:, frames], core.power[frames], core.seen[:, frames], None)


def _levelled(seen: Real) -> np.float32:
    """The factor of power that brings a passage to a level the network knows; 1 for most."""
    level = float(np.sqrt(seen[0].mean()))
    wanted = min(max(level, _QUIETEST), _LOUDEST)
    return np.float32((wanted / level) ** 2 if level > 1e-6 else 1.0)


def _with_treble(known: Real, power: Real, bins: int) -> Real:
    weight = power[:, _TREBLE_FROM] + _TINY
    treble = (known[:, :, _TREBLE_FROM] * weight).sum(axis=-1, keepdims=True) / weight.sum(axis=-1)[:, None]
    return np.concatenate((known, np.repeat(treble, bins - net.BINS, axis=-1)), axis=-1)
