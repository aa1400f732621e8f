"""CPU seconds an hour of stereo sound costs our meters and limiter, beside FFmpeg's ebur128.

    OMP_NUM_THREADS=1 python benchmarks/loudness.py [FILE] [--minutes 10]

FILE (any sound or video; noise shaped like speech when absent) is looped to the length. All
figures come from one run: user and system CPU of this process, and of the ffmpeg child beside it.
"""

import argparse
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import imageio_ffmpeg
import numpy as np

from saycut.audio.levels import Target, next_step, sketch
from saycut.audio.limiter import limit
from saycut.audio.loudness import measure
from saycut.pcm import RATE_HZ, Blocks, Pcm

Result = TypeVar("Result")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=10.0)
    arguments = parser.parse_args()
    loop = _decoded(arguments.file) if arguments.file else _babble(30.0)
    count = round(arguments.minutes * 60)
    per_hour = 3600 / count

    def sound() -> Blocks:
        return (np.take(loop, np.arange(at, at + RATE_HZ), axis=0, mode="wrap") for at in _starts(count))

    _cpu(lambda: measure(iter([loop[:RATE_HZ]]), RATE_HZ, 2))  # imports are not what is measured
    reading = _cpu(lambda: [None for _ in sound()])[0]
    level_s, level = _cpu(lambda: measure(sound(), RATE_HZ, 2))
    sketch_s, memory = _cpu(lambda: sketch(sound(), RATE_HZ, 2))
    plan_s, setting = _cpu(lambda: next_step(Target(), memory, []))
    rows = [("measure (loudness, range, true peak)", level_s - reading), ("sketch", sketch_s - reading)]
    rows.append(("first setting from the sketch", plan_s))
    for gain_db in (0.0, 12.0, 24.0):
        limit_s, _ = _cpu(partial(_drained, sound, gain_db))
        rows.append((f"limiter at {gain_db:+.0f} dB", limit_s - reading))
    rows.append(("ffmpeg ebur128=peak=true", _ffmpeg_cpu(sound())))
    print(f"{count} s of stereo: {level}, {setting}")
    for name, seconds in rows:
        print(f"{name:40s} {seconds * per_hour:7.1f} CPU-s per hour")
    print(f"largest resident size {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _drained(sound: Callable[[], Blocks], gain_db: float) -> None:
    for _ in limit(sound(), RATE_HZ, -1.0, gain_db):
        pass


def _starts(seconds: int) -> range:
    return range(0, seconds * RATE_HZ, RATE_HZ)


def _cpu(work: Callable[[], Result]) -> tuple[float, Result]:
    before = time.process_time()
    result = work()
    return time.process_time() - before, result


def _ffmpeg_cpu(blocks: Blocks) -> float:
    with tempfile.NamedTemporaryFile(suffix=".f32") as raw:
        for block in blocks:
            raw.write(block.tobytes())
        raw.flush()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        layout = ["-f", "f32le", "-ac", "2", "-ar", str(RATE_HZ), "-i", raw.name]
        graph = ["-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", *layout, *graph]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _decoded(path: Path) -> Pcm:
    layout = ["-ac", "2", "-ar", str(RATE_HZ), "-f", "f32le", "-"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(path), *layout]
    raw = subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout
    return np.frombuffer(raw, "<f4").reshape(-1, 2)


def _babble(seconds: float) -> Pcm:
    rng = np.random.default_rng(0)
    count = round(seconds * RATE_HZ)
    syllables = np.abs(np.sin(np.pi * 4.3 * np.arange(count) / RATE_HZ))[:, None]
    return (0.1 * syllables * rng.standard_normal((count, 2))).astype(np.float32)


if __name__ == "__main__":
    main()
