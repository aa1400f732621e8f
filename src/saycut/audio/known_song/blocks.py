"""One block of a mix and the song in it: read on the mix's clock, followed, fitted, subtracted."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from saycut.audio.known_song import filters, moments
from saycut.audio.known_song.places import Stretch
from saycut.audio.known_song.residue import without_codec_noise
from saycut.audio.known_song.spectra import Real, sound, spectra
from saycut.pcm import RATE_HZ, Pcm, PcmReader

_SIZE, _HOP = 4096, 1024
_SINC_TAPS = 16  # each side
_PHASES = 8192  # of a sample: rounding to them leaves -70 dB
_LOOSE, _TIGHT = 1e-3, 1e-6
_LOOKS = 5
_STEADY_DB = 0.5
_SETTLED_SAMPLES = 0.02  # a lag of 0.02 samples leaves -45 dB at 12 kHz
ROOM_TAPS = 16  # 0.35 s of reverberation


class Block(NamedTuple):
    """A piece of the mix and the music found in it, both (samples, channels)."""

    heard: Pcm
    music: Pcm

    @property
    def rest(self) -> Pcm:
        """The block without the music, codec noise lowered."""
        if not np.any(self.music):
            return self.heard
        music = spectra(self.music, _SIZE, _HOP)
        left = without_codec_noise(spectra(self.heard, _SIZE, _HOP) - music, music)
        return sound(left, len(self.heard), _SIZE, _HOP)


def rough(mix: PcmReader, song: PcmReader, stretch: Stretch, start: int, count: int) -> Block:
    """A block fitted once, as if the song ran steadily: enough to see where it plays."""
    heard = mix.read(start, count)
    known = known_in(song, stretch, start, count)
    if not _audible(heard, known):
        return Block(heard, np.zeros_like(heard))
    return Block(heard, _fitted(heard, known, 1, 3, _LOOSE))


def followed(
    mix: PcmReader, song: PcmReader, stretch: Stretch, start: int, count: int, *, taps: int
) -> Block:
    """A block whose lag and, in dry mixes, gain were followed, fitted with `taps` frames of the song."""
    heard = mix.read(start, count)
    known = known_in(song, stretch, start, count)
    if not _audible(heard, known):
        return Block(heard, np.zeros_like(heard))
    factor: Real | None = None
    in_room = taps > 1
    for look in range(_LOOKS):
        music = _fitted(heard, _ducked(known, factor), 1, 3, _LOOSE)
        # Echoes make the gain of the direct sound wander; nobody ducks what a loudspeaker plays.
        changed = None if in_room else moments.gain(heard, music, moving=factor is not None)
        if changed is not None:
            factor = changed if factor is None else factor * changed
        moved = _moved(stretch, heard, music, start)
        if moved is not None:
            stretch = moved
            known = known_in(song, stretch, start, count)
        elif changed is None or (look > 0 and _change_db(changed) < _STEADY_DB):
            break
    return Block(heard, _fitted(heard, _ducked(known, factor), taps, 3 if in_room else 4, _TIGHT))


def known_in(song: PcmReader, stretch: Stretch, start: int, count: int) -> Pcm:
    """The song as it plays from sample `start` of the mix on (before any filter), (count, channels)."""
    places = stretch.song_samples(np.arange(start, start + count, dtype=np.float64))
    return _interpolated(song, places)


def _fitted(heard: Pcm, known: Pcm, taps: int, rounds: int, trust: float) -> Pcm:
    mix, music = spectra(heard, _SIZE, _HOP), spectra(known, _SIZE, _HOP)
    return sound(filters.predicted(mix, music, taps, rounds, trust), len(heard), _SIZE, _HOP)


def _ducked(known: Pcm, factor: Real | None) -> Pcm:
    return known if factor is None else known * factor[:, None]


def _change_db(factor: Real) -> float:
    """What nine tenths of the samples were changed by at most."""
    return float(np.quantile(np.abs(20 * np.log10(np.maximum(factor[::480], 1e-3))), 0.9))


def _moved(stretch: Stretch, heard: Pcm, music: Pcm, start: int) -> Stretch | None:
    """`stretch` on a better line, or None when it lies well."""
    at_first, slope_ppm = moments.lag_line(heard, music)
    at_last = at_first + slope_ppm * 1e-6 * len(heard)
    if max(abs(at_first), abs(at_last)) < _SETTLED_SAMPLES or abs(slope_ppm) > 50:
        return None
    line = stretch.line
    at_zero_s = line.at_zero_s - (at_first - slope_ppm * 1e-6 * start) / RATE_HZ
    return stretch._replace(line=line._replace(at_zero_s=at_zero_s, drift_ppm=line.drift_ppm - slope_ppm))


def _audible(heard: Pcm, known: Pcm) -> bool:
    return bool(np.any(np.abs(known) > 1e-5) and np.any(np.abs(heard) > 1e-6))


def _interpolated(song: PcmReader, places: NDArray[np.float64]) -> Pcm:
    """The song at fractional sample positions, by a Hann-windowed sinc of 32 taps."""
    first = math.floor(places[0]) - _SINC_TAPS
    count = math.ceil(places[-1]) + _SINC_TAPS + 2 - first
    known = song.read(first, count).astype(np.float32)
    whole = np.floor(places).astype(np.int64)
    part = (places - whole).astype(np.float32)
    out = np.zeros((len(places), known.shape[1]), np.float32)
    steady = bool(np.ptp(part) < 1e-6)
    table = _sinc(part[:1] if steady else np.linspace(0, 1, _PHASES + 1, dtype=np.float32))
    phase = 0 if steady else np.round(part * _PHASES).astype(np.int32)
    for tap in range(2 * _SINC_TAPS):
        place = whole + tap + 1 - _SINC_TAPS - first
        out += known[place] * (table[tap, 0] if steady else table[tap, phase][:, None])
    return out


def _sinc(parts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights (taps, parts) of a Hann-windowed sinc for fractional positions 0..1."""
    away = parts[None, :] - np.arange(1 - _SINC_TAPS, _SINC_TAPS + 1)[:, None]
    window = 0.5 + 0.5 * np.cos(np.pi * away / (_SINC_TAPS + 1))
    return np.asarray(np.sinc(away) * window, np.float32)
