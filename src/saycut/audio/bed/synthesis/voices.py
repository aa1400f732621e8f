"""Notes to sound: each distinct stroke is synthesised once, kept while there is room, and reused."""

import zlib
from collections import OrderedDict
from functools import cache

import msgspec
import numpy as np

from saycut.audio.bed.draw import dice
from saycut.audio.bed.score import Note
from saycut.audio.bed.synthesis.loudness import evened, evening_gain
from saycut.audio.bed.synthesis.patches import PATCHES, Held, Hit, Struck
from saycut.audio.bed.synthesis.sustained import LOOP_SAMPLES, Loops, loops, sung
from saycut.audio.bed.synthesis.tone import Wave, faded_end
from saycut.pcm import RATE_HZ

_VOICE_PLACE = 1 << 20  # far from the places of the composer
_LAYERS = (0.35, 0.6, 0.85)  # forces at which a stroke is synthesised
_VELOCITY_POWER = 1.6
_USUAL_VELOCITY = 0.65
_NOTE_WINDOW_S = 0.2
_DRUM_WINDOW_S = 0.05
_EARLY = round(0.6 * RATE_HZ)  # tuned strokes are loudest early
_INAUDIBLE = 4e-4  # of the peak: -68 dB

Key = tuple[str, int, int, int]


class Voices:
    """The instruments of one piece. `room_bytes` bounds what is kept (least recently used goes first)."""

    def __init__(self, seed: int, room_bytes: int = 64 << 20) -> None:
        self._seed = seed
        self._room_bytes = room_bytes
        self._kept_bytes = 0
        self._kept: OrderedDict[Key, Wave | Loops] = OrderedDict()

    @property
    def kept_bytes(self) -> int:
        """What the kept strokes take."""
        return self._kept_bytes

    def sound(self, note: Note, sides: tuple[float, float] = (1.0, 1.0)) -> Wave:
        """`note` as planar stereo float32 (2, n) with its velocity, panning and release, times `sides`."""
        patch = PATCHES[note.patch]
        if isinstance(patch, Held):
            return self._held(note, patch, sides)
        layer = min(range(len(_LAYERS)), key=lambda index: abs(_LAYERS[index] - note.velocity))
        key = (note.patch, note.pitch, layer, note.start % patch.takes)
        wave = self._kept_or_made(key)
        assert not isinstance(wave, Loops)
        if isinstance(patch, Struck):
            wave = _damped(wave, note.length, patch.damper_s)
        out = np.empty((2, len(wave)), np.float32)
        for side, gain in enumerate(_panned(note, sides)):
            np.multiply(wave, gain, out=out[side])
        return out

    def _held(self, note: Note, patch: Held, sides: tuple[float, float]) -> Wave:
        made = self._kept_or_made((note.patch, note.pitch, 0, 0))
        assert isinstance(made, Loops)
        rng = dice(self._seed, _VOICE_PLACE, 1, note.start, note.pitch)
        wave = sung(patch.ensemble, made, note.length, rng)
        for side, gain in enumerate(_panned(note, sides)):
            wave[side] *= gain * np.float32(np.sqrt(2.0))  # a centred pad keeps its level on both sides
        return wave

    def _kept_or_made(self, key: Key) -> Wave | Loops:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._make(key)
        self._kept[key] = made
        self._kept_bytes += made.nbytes
        while self._kept_bytes > self._room_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= dropped.nbytes
        return made

    def _make(self, key: Key) -> Wave | Loops:
        name, pitch, layer, take = key
        patch = PATCHES[name]
        rng = dice(self._seed, _VOICE_PLACE, 0, _number(name), pitch, layer, take)
        if isinstance(patch, Held):
            made = loops(patch.ensemble, pitch, rng)
            gain = evening_gain(made.mono(), LOOP_SAMPLES / RATE_HZ)
            return msgspec.structs.replace(made, scale=made.scale * gain)
        force = _LAYERS[layer]
        if isinstance(patch, Hit):
            return evened(patch.stroke(force, rng), _DRUM_WINDOW_S)
        wave = patch.stroke(float(pitch), force, rng)
        return _trimmed(wave * evening_gain(wave[:_EARLY], _NOTE_WINDOW_S))


@cache
def _number(name: str) -> int:
    return zlib.crc32(name.encode())


def _trimmed(wave: Wave) -> Wave:
    """`wave` without its inaudible end, to 10 ms."""
    step = RATE_HZ // 100
    whole = np.abs(wave[: len(wave) // step * step]).reshape(-1, step).max(axis=1)
    heard = np.flatnonzero(whole > _INAUDIBLE * whole.max(initial=1e-9))
    end = (int(heard[-1]) + 1) * step if len(heard) else len(wave)
    return faded_end(wave[:end].copy())


def _damped(wave: Wave, length: int, damper_s: float) -> Wave:
    """The ringing `wave` let go after `length` samples."""
    release = round(damper_s * RATE_HZ)
    if len(wave) <= length:
        return wave
    cut = wave[: length + release].copy()
    falling = ((1.0 - np.arange(release) / release) ** 2).astype(np.float32)
    cut[length:] *= falling[: len(cut) - length]
    return faded_end(cut, 0.002)


def _panned(note: Note, sides: tuple[float, float]) -> tuple[np.float32, np.float32]:
    """Gains of the two sides: velocity curve, level, constant-power panning."""
    gain = (note.velocity / _USUAL_VELOCITY) ** _VELOCITY_POWER * 10.0 ** (note.gain_db / 20.0)
    angle = (min(max(note.pan, -1.0), 1.0) + 1.0) * np.pi / 4.0
    return np.float32(sides[0] * gain * np.cos(angle)), np.float32(sides[1] * gain * np.sin(angle))
