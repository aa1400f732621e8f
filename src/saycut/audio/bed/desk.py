"""The mixing desk: notes onto strips, strips into the dry mix and the send of the room."""

import numpy as np

from saycut.audio.bed.moods import PartPlan
from saycut.audio.bed.reverb import Reverb, impulse_response
from saycut.audio.bed.score import Note, Score
from saycut.audio.bed.synthesis.tone import Wave
from saycut.audio.bed.synthesis.voices import Voices
from saycut.pcm import RATE_HZ

_GROWTH = RATE_HZ
_DUCK_HOLD_S = 0.26  # a ducked strip comes back within this time after the kick
_DUCK_ATTACK_S = 0.006


class Strip:
    """What is still to be heard of one part: planar stereo that begins at the desk's position."""

    def __init__(self) -> None:
        self._held = np.zeros((2, 0), np.float32)

    def add(self, wave: Wave, offset: int) -> None:
        """Add `wave` (2, n) `offset` samples ahead of the position."""
        end = offset + wave.shape[1]
        if end > self._held.shape[1]:
            grown = np.zeros((2, max(end, self._held.shape[1] + _GROWTH)), np.float32)
            grown[:, : self._held.shape[1]] = self._held
            self._held = grown
        self._held[:, offset:end] += wave

    def take(self, count: int) -> Wave:
        """The next `count` samples; the position moves on."""
        out = np.zeros((2, count), np.float32)
        ready = min(count, self._held.shape[1])
        out[:, :ready] = self._held[:, :ready]
        self._held = self._held[:, count:].copy()
        return out


class Desk:
    """All strips of a score, mixed in blocks of `block_samples` from the sample `position` on."""

    def __init__(self, score: Score, voices: Voices, block_samples: int, position: int = 0) -> None:
        self._parts = score.parts
        self._voices = voices
        self._block = block_samples
        self._strips = [Strip() for _ in score.parts]
        self._sides = [_sides(plan) for plan in score.parts]
        self._ducking = Strip()
        self._reverb = Reverb(impulse_response(score.mood.room, score.spec.seed), block_samples)
        self._position = position
        self._ducked = any(plan.duck_db for plan in score.parts)

    @property
    def position(self) -> int:
        return self._position

    def add(self, note: Note) -> None:
        """Put a note on its strip; it must not start before the desk's position."""
        offset = note.start - self._position
        self._strips[note.part].add(self._voices.sound(note, self._sides[note.part]), offset)
        if self._ducked and note.patch.startswith("kick"):
            self._ducking.add(_duck_shape(note.velocity), offset)

    def mix(self) -> Wave:
        """The next block, dry and room together, planar stereo (2, block_samples)."""
        dry = np.zeros((2, self._block), np.float32)
        send = np.zeros((2, self._block), np.float32)
        ducking = np.minimum(self._ducking.take(self._block)[0], 1.0) if self._ducked else None
        for plan, strip in zip(self._parts, self._strips, strict=True):
            wave = strip.take(self._block)
            if ducking is not None and plan.duck_db:
                wave *= np.float32(10.0) ** (ducking * np.float32(-plan.duck_db / 20.0))
            dry += wave
            send += wave * np.float32(10.0 ** (plan.send_db / 20.0))
        self._position += self._block
        return dry + self._reverb.process(send)


def _sides(plan: PartPlan) -> tuple[float, float]:
    """The gains of a strip's fader and pan, left and right."""
    gain = np.sqrt(2.0) * 10.0 ** (plan.gain_db / 20.0)
    angle = (plan.pan + 1.0) * np.pi / 4.0
    return float(gain * np.cos(angle)), float(gain * np.sin(angle))


def _duck_shape(velocity: float) -> Wave:
    count = round(_DUCK_HOLD_S * RATE_HZ)
    attack = round(_DUCK_ATTACK_S * RATE_HZ)
    shape = np.cos(np.linspace(0.0, np.pi / 2, count, dtype=np.float32)) ** 2
    shape[:attack] *= np.linspace(0.0, 1.0, attack, dtype=np.float32)
    return np.stack([shape * np.float32(min(1.0, 1.2 * velocity))] * 2)
