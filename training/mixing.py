"""Mixtures made as they are asked for: a voice, music and everything else, each at a level of its own,
through rooms, equalisers and codecs. Example number n of seed s is the same on every machine."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.augment import coded, coloured, in_room, narrowed, overdriven, speed
from training.material import RATE_HZ, Clip, Material, Pcm
from training.synthetic.noises import noise as made_noise
from training.synthetic.sung import autotuned

STEMS = ("speech", "music", "other")
# What sounds together, and how often.
_SCENES: tuple[tuple[frozenset[str], float], ...] = (
    (frozenset({"speech", "music"}), 0.36),
    (frozenset({"speech", "other"}), 0.34),
    (frozenset({"speech", "music", "other"}), 0.14),
    (frozenset({"music"}), 0.05),
    (frozenset({"other"}), 0.04),
    (frozenset({"speech"}), 0.04),
    (frozenset({"music", "other"}), 0.03),
)
_QUIET = 1e-4  # -80 dBFS: below it a stem is as good as absent


@dataclass(frozen=True)
class Mixer:
    """Draws mixtures of `samples` samples from one side of the material."""

    material: Material
    samples: int
    held_out: bool = False

    def stems(self, rng: np.random.Generator) -> Pcm:
        """3 x 2 x samples: speech, music and the rest, whose sum is what is heard."""
        scene = _SCENES[rng.choice(len(_SCENES), p=[share for _, share in _SCENES])][0]
        drawn = {"speech": self._speech, "music": self._music, "other": self._other}
        stems = np.stack([self._drawn(drawn[name], rng, heard=name in scene) for name in STEMS])
        stems[1] *= _gain(stems[0], stems[1], float(np.clip(rng.normal(2, 7), -12, 20)))
        stems[2] *= _gain(stems[0], stems[2], float(np.clip(rng.normal(8, 7), -6, 32)))
        return self._heard(self._in_one_room(stems, rng), rng)

    def _drawn(
        self, draw: Callable[[np.random.Generator], Pcm], rng: np.random.Generator, *, heard: bool
    ) -> Pcm:
        if not heard:
            return np.zeros((2, self.samples), np.float32)
        sound = draw(rng)
        if rng.random() < 0.6:
            sound = coloured(sound, rng)
        return _at_level(_wide(sound) * rng.choice((-1, 1)))

    def _speech(self, rng: np.random.Generator) -> Pcm:
        sound = self._cut("speech", rng, speed_odds=0.3)
        if rng.random() < 0.06:  # somebody falls in
            sound = sound + self._cut("speech", rng, speed_odds=0.0) * rng.uniform(0.2, 1)
        if rng.random() < 0.2:  # begins late, or is over early
            first, last = sorted(rng.integers(0, self.samples, 2))
            sound[:, first:last] = 0
        if rng.random() < 0.05:
            sound = overdriven(sound, rng)
        return _panned(_wide(sound), rng) if rng.random() < 0.1 else sound

    def _music(self, rng: np.random.Generator) -> Pcm:
        sound = _wide(self._cut("music", rng, speed_odds=0.5))
        if rng.random() < 0.15:
            sound = sound + _wide(self._cut("music", rng, speed_odds=0.5)) * rng.uniform(0.3, 1)
        if rng.random() < 0.07:  # somebody sings to it
            sung = autotuned(self._cut("speech", rng, speed_odds=0.0)[0], RATE_HZ, rng)
            sound = _at_level(sound) + _at_level(_wide(_fitted(sung[None], self.samples))) * rng.uniform(
                0.5, 1.6
            )
        if rng.random() < 0.3:  # wider or narrower
            middle, side = (sound[0] + sound[1]) / 2, (sound[0] - sound[1]) / 2 * rng.uniform(0, 1.6)
            sound = np.stack([middle + side, middle - side])
        return sound[::-1].copy() if rng.random() < 0.5 else sound

    def _sung(self, rng: np.random.Generator) -> Pcm:
        """A synthetic singer, or a speaker made to sing."""
        if rng.random() < 0.85:
            return coloured(self._cut("sung", rng, speed_odds=0.3), rng)  # they are duller than real ones
        sung = autotuned(self._cut("speech", rng, speed_odds=0.0)[0], RATE_HZ, rng)
        return _fitted(sung[None], self.samples)

    def _other(self, rng: np.random.Generator) -> Pcm:
        sound = self._one_noise(rng)
        if rng.random() < 0.25:
            sound = _at_level(sound) + _at_level(self._one_noise(rng)) * rng.uniform(0.1, 1)
        return sound

    def _one_noise(self, rng: np.random.Generator) -> Pcm:
        if rng.random() < 0.25:
            return _fitted(np.atleast_2d(made_noise(rng, self.samples / RATE_HZ, RATE_HZ)), self.samples)
        sound = self._cut("noise", rng, speed_odds=0.4)
        if rng.random() < 0.4:  # from all sides
            sound = np.concatenate([sound[:1], np.roll(sound[-1:], int(rng.integers(self.samples)), axis=1)])
        return sound

    def _cut(self, family: str, rng: np.random.Generator, speed_odds: float) -> Pcm:
        """A piece of one recording of a family, repeated when it is too short; at most two channels."""
        clips = self.material.of(family, held_out=self.held_out)
        clip = clips[rng.integers(len(clips))]
        need = int(self.samples * 1.15)
        first = int(rng.integers(max(clip.samples - need, 0) + 1))
        sound = self.material.read(clip, first, need)[:2]
        if rng.random() < speed_odds:
            sound = speed(sound, rng)
        return _fitted(sound, self.samples)

    def _in_one_room(self, stems: Pcm, rng: np.random.Generator) -> Pcm:
        """Sometimes a voice in a room, sometimes everything in the same room before one microphone."""
        chance = rng.random()
        if chance > 0.4:
            return stems
        response = self._response(rng)
        which = (0, 1, 2) if chance < 0.18 else (0,)
        for number in which:
            stems[number] = _wide(in_room(stems[number].mean(0, keepdims=True), response, rng))
        return stems

    def _response(self, rng: np.random.Generator) -> Pcm:
        clips: list[Clip] = self.material.of("rir", held_out=False)
        return self.material.read(clips[rng.integers(len(clips))])[:2]

    def _heard(self, stems: Pcm, rng: np.random.Generator) -> Pcm:
        """The way to the listener, the same for all: one channel or two, bandwidth, codec, level."""
        if rng.random() < 0.3:
            stems = np.broadcast_to(stems.mean(1, keepdims=True), stems.shape)
        if rng.random() < 0.15:
            stems = narrowed(stems, rng.uniform(3000, 7500), rng.choice((0, 80, 250)))
        if rng.random() < 0.02:
            stems = np.stack([coded(stem, rng) if np.abs(stem).max() > _QUIET else stem for stem in stems])
        level = rms(stems.sum(0))
        wanted = 10 ** (rng.uniform(-42, -14) / 20)
        return np.asarray(stems * (wanted / level if level > 0 else 1), np.float32)


def rms(sound: Pcm) -> float:
    """Root mean square over everything."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def _at_level(sound: Pcm, level: float = 0.05) -> Pcm:
    now = rms(sound)
    return sound * np.float32(level / now) if now > _QUIET else sound


def _gain(reference: Pcm, sound: Pcm, over_db: float) -> float:
    """What makes `sound` lie `over_db` below the reference; a stem alone stays as it is."""
    first, second = rms(reference), rms(sound)
    if first < _QUIET or second < _QUIET:
        return 1.0
    return first / second * 10 ** (-over_db / 20)


def _wide(sound: Pcm) -> Pcm:
    return np.repeat(sound, 2, axis=0) if len(sound) == 1 else sound


def _panned(sound: Pcm, rng: np.random.Generator) -> Pcm:
    angle = np.pi / 4 + rng.uniform(-0.5, 0.5)
    return np.asarray(sound * np.array([[np.cos(angle)], [np.sin(angle)]]) * np.sqrt(2), np.float32)


def _fitted(sound: Pcm, samples: int) -> Pcm:
    """Repeated or cut to a length."""
    times = -(-samples // sound.shape[-1])
    return (
        np.ascontiguousarray(np.tile(sound, (1, times))[:, :samples])
        if times > 1
        else sound[:, :samples].copy()
    )
