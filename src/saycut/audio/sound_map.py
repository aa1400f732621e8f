"""Where music plays in a recording, where somebody speaks and where it is silent; how loud each is.

What the network hears (audio/ears) is summed up in steps of a quarter of a second. A stretch counts as
music when its music stands far above the rest, however loud somebody speaks: under voices the network hears
18 to 60 dB (mostly 50) more of it than of anything else, without music less than -30 dB, in most noise less
than -20 (benchmarks/sound_map.py)."""

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, binary_opening, uniform_filter1d

from saycut.audio.ears.hearing import heard
from saycut.audio.speech import Regions
from saycut.audio.suppression import FRAME_S, Frames, mean_square
from saycut.pcm import Blocks

Real = NDArray[np.float64]
Marks = NDArray[np.bool_]

STEP_FRAMES = 16
STEP_S = STEP_FRAMES * FRAME_S  # 0.256
_SMOOTH_STEPS = 11  # 2.8 s
_MUSIC_DBFS, _MUSIC_OVER_REST_DB = -65.0, 22.0  # weaker is inaudible, or what the network imagines
# Whoever says that there is music is believed from here on: one of the ten pieces of separation_eval reads
# -12 to 12 dB, so do three of seven noises; voices alone and the other noises read less than -45.
_PERHAPS_OVER_REST_DB = -15.0
_SPEECH_DBFS, _SPEECH_OVER_REST_DB = -60.0, -10.0
_SILENCE_DBFS = -60.0
_SHORTEST_STEPS = 8  # 2 s of music, and of no music
_NOTHING = 1e-10  # -100 dBFS


class SoundMap(msgspec.Struct, frozen=True):
    """Levels in dBFS RMS of each step of STEP_S, of the speech, the music and the rest (-100 is nothing); and
    where, in seconds, music plays, somebody speaks, and nothing at all is heard. `perhaps_music_s` is where
    music plays if anybody says that there is some: `music_s`, and what else sounds a little like it."""

    duration_s: float
    speech_dbfs: tuple[float, ...]
    music_dbfs: tuple[float, ...]
    rest_dbfs: tuple[float, ...]
    music_s: Regions
    speech_s: Regions
    silence_s: Regions
    perhaps_music_s: Regions = ()

    @property
    def voice_over_music_db(self) -> float | None:
        """How far the voice lies above the music where both are heard; None where they never meet."""
        both = inside(self.music_s, len(self.music_dbfs)) & inside(self.speech_s, len(self.music_dbfs))
        if not both.any():
            return None
        speech, music = (_power(np.array(levels))[both] for levels in (self.speech_dbfs, self.music_dbfs))
        return float(10 * np.log10(speech.mean() / music.mean()))


def sound_map(blocks: Blocks, duration_s: float) -> SoundMap:
    """Listen to the whole of a sound (48 kHz). Raises Internal for a broken install."""
    return drawn(heard(blocks), duration_s)


def drawn(frames: Iterator[Frames], duration_s: float) -> SoundMap:
    """The map of frames whose engine knows music."""
    found = [levels(batch) for batch in frames]
    steps = int(np.ceil(duration_s / STEP_S))
    power = _stepped(np.concatenate(found, axis=1) if found else np.zeros((3, 0)), steps)
    speech, music, rest = (tuple(np.round(10 * np.log10(row + _NOTHING), 1).tolist()) for row in power)
    silent = power.sum(axis=0) < 10 ** (_SILENCE_DBFS / 10)
    over_db = _MUSIC_OVER_REST_DB, _PERHAPS_OVER_REST_DB
    music_s, perhaps_s = (_spans(_music(power, least_db), duration_s) for least_db in over_db)
    spans = (music_s, *(_spans(marks, duration_s) for marks in (_speech(power), silent)), perhaps_s)
    return SoundMap(duration_s, speech, music, rest, *spans)


def levels(batch: Frames) -> Real:
    """(3, frames): mean squares of speech, music and the rest."""
    music = batch.music if batch.music is not None else np.zeros_like(batch.gain)
    power = np.square(np.abs(batch.spectra)).mean(axis=0)
    shares = (batch.engine_gain, music, 1 - batch.engine_gain - music)
    return np.stack([mean_square(power * np.square(share)) for share in shares])


def _stepped(frames: Real, steps: int) -> Real:
    wanted = steps * STEP_FRAMES
    padded = np.pad(frames[:, :wanted], ((0, 0), (0, max(wanted - frames.shape[1], 0))))
    power: Real = padded.reshape(3, steps, STEP_FRAMES).mean(axis=2)
    return power


def _music(power: Real, over_rest_db: float) -> Marks:
    if not power.shape[1]:
        return np.zeros(0, np.bool_)
    each = _stands_out(power[1], power[2], _MUSIC_DBFS, over_rest_db)
    found = uniform_filter1d(each.astype(np.float64), _SMOOTH_STEPS, mode="nearest") > 0.5  # most of them
    size = np.ones(_SHORTEST_STEPS, np.bool_)
    padded = np.pad(found, _SHORTEST_STEPS, mode="edge")
    steady: Marks = binary_opening(binary_closing(padded, size), size)
    return steady[_SHORTEST_STEPS:-_SHORTEST_STEPS]


def _speech(power: Real) -> Marks:
    speech, music, rest = power
    return _stands_out(speech, music + rest, _SPEECH_DBFS, _SPEECH_OVER_REST_DB)


def _stands_out(one: Real, others: Real, least_dbfs: float, over_db: float) -> Marks:
    marks: Marks = (one > 10 ** (least_dbfs / 10)) & (one > others * 10 ** (over_db / 10))
    return marks


def _spans(marks: Marks, duration_s: float) -> Regions:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], marks, [False])).astype(np.int8)))
    return tuple(
        (float(a) * STEP_S, min(float(b) * STEP_S, duration_s)) for a, b in edges.reshape(-1, 2).tolist()
    )


def inside(spans: Regions, steps: int) -> Marks:
    """Which of so many steps have their middle in one of the spans."""
    at_s = (np.arange(steps) + 0.5) * STEP_S
    marks = np.zeros(steps, np.bool_)
    for start_s, end_s in spans:
        marks |= (start_s <= at_s) & (at_s < end_s)
    return marks


def _power(level_db: Real) -> Real:
    power: Real = np.power(10, level_db / 10)
    return power
