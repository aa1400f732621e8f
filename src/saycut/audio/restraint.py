"""How much of a recording stays, whatever an engine takes for music: the further the voice stands above the
music, the more of every word is left as it is, for there it would lose more than the music is worth."""

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, uniform_filter1d

from saycut.audio.sound_map import STEP_FRAMES, STEP_S, SoundMap, inside
from saycut.audio.suppression import Frames, Real

# Of the voice over the music, as the map hears them. On the mixes of separation_eval it hears -2 dB of 0,
# 8 of 10, 16 of 20. Without restraint what is taken from the voice weighs more than the music from 20 dB on
# (benchmarks/restraint.py).
_FROM_DB, _TO_DB = 8.0, 24.0
_AROUND_STEPS = 2 * round(2.6 / STEP_S) + 1
_NOTHING = 1e-12


class Restraint(msgspec.Struct, frozen=True):
    """The least gains 0..1: `in_words` of every step of the map, 0 where nobody speaks; `everywhere` of
    every frame."""

    in_words: tuple[float, ...] = ()
    everywhere: float = 0.0

    def of_words(self, batch: Frames) -> Real:
        """(frames, 1): the least gain within speech."""
        if not self.in_words:
            return np.zeros((len(batch.gain), 1), np.float32)
        at_steps = (batch.first + np.arange(len(batch.gain)) + 0.5) / STEP_FRAMES - 0.5
        found = np.interp(at_steps, np.arange(len(self.in_words)), self.in_words)
        return np.asarray(found[:, None], np.float32)


NO_RESTRAINT = Restraint()


def restraint(heard: SoundMap, down_db: float | None = None) -> Restraint:
    """For a recording that was heard so; with `down_db` nothing goes down by more than that."""
    speech, music = (_around(levels) for levels in (heard.speech_dbfs, heard.music_dbfs))
    over_db = 10 * np.log10((speech + _NOTHING) / (music + _NOTHING))
    words = binary_dilation(inside(heard.speech_s, len(over_db)))  # they begin and end within a step
    least = words * np.clip((over_db - _FROM_DB) / (_TO_DB - _FROM_DB), 0, 1)
    return Restraint(tuple(least.tolist()), least_gain(down_db))


def least_gain(down_db: float | None) -> float:
    """What is left of a sound that goes down by so much; None is all of it."""
    return 0.0 if down_db is None else 10 ** (-down_db / 20)


def _around(levels_dbfs: tuple[float, ...]) -> NDArray[np.float64]:
    power = np.power(10, np.array(levels_dbfs) / 10)
    smooth: NDArray[np.float64] = (
        uniform_filter1d(power, _AROUND_STEPS, mode="nearest") if len(power) else power
    )
    return smooth
