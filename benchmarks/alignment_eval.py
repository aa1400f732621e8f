"""How well two recordings of one performance are aligned, and different ones refused.

    python -m benchmarks.alignment_eval [long|short|different|hour ...]

long       27 pairs of 240 s: dry and two measured rooms, SNR 20/5/−5 dB, drift 0/50/100 ppm, offset to 30 s
short      72 pairs that overlap for 5 to 30 s, in four rooms, at SNR 20/5/−5 dB
different  other talkers, other takes of the same words, noise, music and loops, 5 s to 240 s
hour       one pair of an hour: CPU time and memory

Needs the shared data folder (SAYCUT_SHARED). Prints one line a pair and a summary a group.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tests.audio.takes import (
    Mono,
    at_level,
    decoded,
    in_room,
    noisy,
    on_clock,
    reader,
    small_microphone,
    spoken_again,
    talk,
)
from tests.shared import shared_data

from saycut.audio.alignment import Alignment, align
from saycut.pcm import RATE_HZ, Pcm, PcmReader

ROOMS = (
    None,
    "speechbrain_rir1.flac",
    "audiomentations_impulse_response_0.flac",
    "sim_church_2.flac",
    "audiomentations_rir48000.flac",
)
NOISES = ("blanket_coffee_shop_1.opus", "amb_construction_1.opus", "blanket_rain_1.opus")


class Pair(NamedTuple):
    name: str
    camera: Mono
    recording: Mono
    offset_s: float | None  # None: not the same performance
    drift_ppm: float = 0.0


class Material:
    """Real speech, rooms and noise from the shared data folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        speech = root / "train/speech"
        self.talks = [talk(speech, 330, seed) for seed in (1, 2)]
        self.talks.append(np.tile(decoded(root / "media/talk_143s.mp3")[:, 0], 3)[: 330 * RATE_HZ])
        minute = slice(60 * RATE_HZ, 120 * RATE_HZ)
        babble: Mono = np.sum([at_level(voice[minute][::-1], -26) for voice in self.talks], axis=0)
        self.noises = [decoded(root / "train/noise" / name)[:, 0] for name in NOISES] + [babble]
        self.foreign_noise = decoded(root / "train/noise/blanket_waves_1.opus")[:, 0]
        self.rooms = [
            None if name is None else decoded(root / "train/rir" / name, "pan=mono|c0=c0")[:, 0]
            for name in ROOMS
        ]

    def camera(self, sound: Mono, room: int, snr_db: float, rng: np.random.Generator) -> Mono:
        """What a camera across the room writes down."""
        response = self.rooms[room]
        heard = sound if response is None else in_room(sound, response)
        bed = self.noises[int(rng.integers(3))]
        babble = self.noises[3]
        shift = int(rng.integers(len(bed)))
        both = np.resize(at_level(np.roll(bed, shift), -26), len(heard))
        both = both + np.resize(np.roll(babble, shift), len(heard))
        return noisy(small_microphone(heard), both, snr_db)


def long_pairs(material: Material) -> Iterator[Pair]:
    rng = np.random.default_rng(10)
    for index in range(27):
        room, snr_db, drift_ppm = index // 9, (20, 5, -5)[index // 3 % 3], (0.0, 50.0, 100.0)[index % 3]
        offset_s = round(float(rng.uniform(-30, 30)), 3)
        voice = material.talks[index % 2]
        camera_at, length = 45 * RATE_HZ, 240 * RATE_HZ
        start = camera_at + round(offset_s * RATE_HZ)
        camera = material.camera(voice[camera_at : camera_at + length], room, snr_db, rng)
        recording = on_clock(voice[start : start + length], drift_ppm)
        name = f"room {room} snr {snr_db:3d} drift {drift_ppm:3.0f}"
        yield Pair(name, camera, recording, offset_s, drift_ppm)


def short_pairs(material: Material) -> Iterator[Pair]:
    rng = np.random.default_rng(11)
    for index in range(72):
        overlap_s = (5.0, 8.0, 15.0, 30.0)[index % 4]
        room, snr_db = (0, 1, 3, 4)[index // 4 % 4], (20, 5, -5)[index // 16 % 3]
        voice = material.talks[index % 3]
        shape = index // 3 % 3  # inside the camera's sound, beginning before it, going on after it
        outside_s = 0.0 if shape == 0 else 6.0
        camera_s = overlap_s + 25 if shape == 0 else overlap_s + 8
        camera_at = int(rng.uniform(20, 80) * RATE_HZ)
        offset_s = {0: float(rng.uniform(0, 25)), 1: -outside_s, 2: 8.0}[shape]
        start = camera_at + round(offset_s * RATE_HZ)
        camera = material.camera(voice[camera_at : camera_at + round(camera_s * RATE_HZ)], room, snr_db, rng)
        recording = at_level(voice[start : start + round((overlap_s + outside_s) * RATE_HZ)], -45)
        recording = -recording if index % 2 else recording
        name = f"overlap {overlap_s:4.0f} room {room} snr {snr_db:3d} shape {shape}"
        yield Pair(name, camera, recording, (start - camera_at) / RATE_HZ)


def different_pairs(material: Material) -> Iterator[Pair]:
    rng = np.random.default_rng(12)
    for index in range(40):
        length = round((5.0, 10.0, 30.0, 240.0)[index % 4] * RATE_HZ)
        one, other = material.talks[index % 3], material.talks[(index + 1) % 3]
        at = int(rng.uniform(0, 80) * RATE_HZ)
        camera = material.camera(one[at : at + length], index % 5, 20.0, rng)
        if index < 16:
            yield Pair(f"other talker {length / RATE_HZ:.0f} s", camera, other[at : at + length], None)
        elif index < 32:
            again = spoken_again(one[at : at + length], seed=index)
            yield Pair(f"same words again {length / RATE_HZ:.0f} s", camera, again, None)
        else:
            bed = np.resize(material.foreign_noise, length)
            yield Pair(f"noise only {length / RATE_HZ:.0f} s", camera, bed, None)
    pieces = sorted((material.root / "music").glob("*.*3")) + sorted((material.root / "music").glob("*.ogg"))
    songs = [decoded(piece)[: 60 * RATE_HZ, 0] for piece in pieces]
    for index, song in enumerate(songs):
        other_song = songs[(index + 1) % len(songs)]
        yield Pair(f"{pieces[index].stem} against another piece", song, other_song, None)
    loop = songs[0][5 * RATE_HZ : 9 * RATE_HZ]
    yield Pair("a loop of 4 s against itself", np.tile(loop, 10), np.tile(loop, 3), None)


class LongSound:
    """An hour made of the same few minutes in ever different order, read block by block."""

    rate_hz = RATE_HZ
    channels = 1

    def __init__(self, voice: Mono, samples: int, stretch_ppm: float, offset: float, noise_db: float) -> None:
        self.samples = samples
        self._voice = voice
        self._step = 1 + stretch_ppm * 1e-6
        self._offset = offset
        self._noise = 10 ** (noise_db / 20)

    def read(self, start: int, count: int) -> Pcm:
        at = np.arange(start, start + count) * self._step + self._offset
        first = int(np.floor(at[0]))
        whole = self._source(first, int(np.ceil(at[-1])) - first + 2)
        out = np.interp(at - first, np.arange(len(whole)), whole)
        out += self._noise * np.random.default_rng(abs(start)).standard_normal(count)
        inside = (np.arange(start, start + count) >= 0) & (np.arange(start, start + count) < self.samples)
        return np.where(inside, out, 0).astype(np.float32)[:, None]

    def _source(self, start: int, count: int) -> Mono:
        out = np.empty(count, np.float32)
        piece = 5 * RATE_HZ
        done = 0
        while done < count:
            number, inside = divmod(start + done, piece)
            take = min(piece - inside, count - done)
            rng = np.random.default_rng(number % (1 << 31))
            base = int(rng.integers(len(self._voice) - piece))
            out[done : done + take] = self._voice[base + inside : base + inside + take]
            done += take
        return out


def hour(material: Material) -> None:
    """CPU seconds and peak memory for a pair of an hour with 80 ppm drift."""
    voice = np.concatenate(material.talks[:2])
    samples = 3600 * RATE_HZ
    camera = LongSound(voice, samples, 0.0, 0.0, -36)
    recording = LongSound(voice, samples, 80.0, 12.5 * RATE_HZ, -60)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    for sound in (camera, recording):  # what making the material costs, to be subtracted
        for start in range(0, samples, 20 * RATE_HZ):
            sound.read(start, 20 * RATE_HZ)
    making_s = 2 * (time.process_time() - begun)
    begun = time.process_time()
    found = align(camera, recording)
    cpu_s = time.process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        told("hour", found), f"cpu {cpu_s:.1f} s (material about {making_s:.1f}), peak memory +{grown:.0f} MB"
    )
    for at_s in (0.0, 1800.0, 3600.0):
        error = found.offset_s + at_s * (1 + found.drift_ppm * 1e-6) - (12.5 + at_s * (1 + 80e-6))
        print(f"  error at {at_s:.0f} s: {1000 * error:+.3f} ms")


def told(name: str, found: Alignment) -> str:
    return (
        f"{name:40s} {found.verdict:9s} z {found.z:6.1f} ratio {found.ratio:5.2f}"
        f" inliers {found.inlier_fraction:.2f} confidence {found.confidence:.2f}"
        f" drift {found.drift_ppm:+7.2f} residual {found.residual_ms:.3f} ms"
    )


def evaluated(group: str, pairs: Iterator[Pair]) -> None:
    errors: dict[float, list[float]] = {}
    drift_errors: dict[float, list[float]] = {}
    verdicts: dict[str, int] = {}
    spent = heard_s = 0.0
    for pair in pairs:
        camera, recording = reader(pair.camera), reader(pair.recording)
        begun = time.process_time()
        found = align(camera, recording)
        spent += time.process_time() - begun
        heard_s += camera.samples / RATE_HZ
        verdicts[found.verdict] = verdicts.get(found.verdict, 0) + 1
        line = told(pair.name, found)
        if pair.offset_s is not None:
            error = error_ms(found, pair, camera, recording)
            line += f" error {error:+8.3f} ms"
            if found.verdict == "same":
                errors.setdefault(pair.drift_ppm, []).append(abs(error))
                drift_errors.setdefault(pair.drift_ppm, []).append(abs(found.drift_ppm - pair.drift_ppm))
        print(line, flush=True)
    for drift_ppm, found_errors in errors.items():
        print(
            f"== {group} {drift_ppm:.0f} ppm: |error| median {np.median(found_errors):.3f} max"
            f" {max(found_errors):.3f} ms;"
            f" |drift error| median {np.median(drift_errors[drift_ppm]):.2f}"
            f" max {max(drift_errors[drift_ppm]):.2f} ppm (accepted pairs)"
        )
    print(f"== {group}: {verdicts}, {240 * spent / heard_s:.2f} CPU-s per 4 min")


def error_ms(found: Alignment, pair: Pair, camera: PcmReader, recording: PcmReader) -> float:
    """How far the middle of the overlap would land from where it belongs."""
    if pair.offset_s is None:
        return float("nan")
    camera_s, recording_s = camera.samples / RATE_HZ, recording.samples / RATE_HZ
    middle_s = (max(0.0, -pair.offset_s) + min(recording_s, camera_s - pair.offset_s)) / 2
    true_s = pair.offset_s + middle_s * (1 + pair.drift_ppm * 1e-6)
    return 1000 * (found.offset_s + middle_s * (1 + found.drift_ppm * 1e-6) - true_s)


GROUPS: dict[str, Callable[[Material], Iterator[Pair]]] = {
    "long": long_pairs,
    "short": short_pairs,
    "different": different_pairs,
}


def main(wanted: list[str]) -> None:
    material = Material(shared_data("media/talk_143s.mp3").parents[1])
    for group in wanted or [*GROUPS, "hour"]:
        if group == "hour":
            hour(material)
        else:
            evaluated(group, GROUPS[group](material))


if __name__ == "__main__":
    main(sys.argv[1:])
