"""2 000 damaged small files: each is used or refused in one sentence, soon, and leaves nothing behind."""

import struct
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from saycut.errors import SaycutError
from saycut.language.understand import Step
from saycut.studio.edit import Wish, edit
from saycut.watch import Watch
from tests.factory import CLIPS, STILLS, make

pytestmark = pytest.mark.soak

FILES = 2000
GROUPS = 8
SLOWEST_S = 60.0
LARGEST_BYTES = 400_000
REFUSED = {3, 5}  # input refused, a limit


def seeds() -> list[Path]:
    """Sound files, stills and clips of every container the factory makes, the small ones."""
    made = [make(name) for name in (*CLIPS, *STILLS)]
    return [path for path in made if path.stat().st_size < LARGEST_BYTES]


def flipped(data: bytearray, rng: np.random.Generator) -> None:
    for _ in range(int(rng.integers(1, 40))):
        data[int(rng.integers(len(data)))] = int(rng.integers(256))


def flipped_head(data: bytearray, rng: np.random.Generator) -> None:
    for _ in range(int(rng.integers(1, 12))):
        data[int(rng.integers(min(len(data), 600)))] = int(rng.integers(256))


def cut(data: bytearray, rng: np.random.Generator) -> None:
    del data[int(rng.integers(1, len(data))) :]


def torn(data: bytearray, rng: np.random.Generator) -> None:
    start = int(rng.integers(len(data)))
    del data[start : start + int(rng.integers(1, 5000))]


def swollen(data: bytearray, rng: np.random.Generator) -> None:
    at = int(rng.integers(len(data)))
    data[at:at] = rng.bytes(int(rng.integers(1, 3000)))


def extreme(data: bytearray, rng: np.random.Generator) -> None:
    value = int(rng.choice([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00010000]))
    for _ in range(int(rng.integers(1, 6))):
        at = int(rng.integers(max(len(data) - 4, 1)))
        if at + 4 <= len(data):
            struct.pack_into(">I", data, at, value)


def shuffled(data: bytearray, rng: np.random.Generator) -> None:
    size = int(rng.integers(16, 2000))
    one, other = (int(rng.integers(max(len(data) - size, 1))) for _ in range(2))
    data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]


WAYS: tuple[Callable[[bytearray, np.random.Generator], None], ...] = (
    flipped,
    flipped_head,
    cut,
    torn,
    swollen,
    extreme,
    shuffled,
)
JOBS: tuple[tuple[Step, str], ...] = (
    (Step(op="mute", args={}), "out.mp4"),
    (Step(op="trim", args={"start": 0, "end": 1}), "out.mp4"),
    (Step(op="volume", args={"gain_db": -3}), "out.mp4"),
    (Step(op="extract_audio", args={"format": "wav"}), "out.wav"),
)


@pytest.mark.parametrize("group", range(GROUPS))
def test_damaged_files(group: int, tmp_path: Path) -> None:
    originals = seeds()
    used, problems = 0, []
    for number in range(group, FILES, GROUPS):
        rng = np.random.default_rng(number)
        original = originals[number % len(originals)]
        data = bytearray(original.read_bytes())
        for _ in range(int(rng.integers(1, 3))):
            if data:
                WAYS[int(rng.integers(len(WAYS)))](data, rng)
        path = tmp_path / f"{number}{original.suffix}"
        path.write_bytes(data)
        said = problem_of(path, *JOBS[number % len(JOBS)])
        used += said is None
        if said:
            problems.append(f"{path.name} ({original.stem}): {said}")
        if path.read_bytes() != data:
            problems.append(f"{path.name} was changed")
        path.unlink()
    assert problems == []
    assert used > 0


def problem_of(path: Path, step: Step, name: str) -> str | None:
    """None when a result came out, "" for a proper refusal, anything else is what went wrong."""
    folder = path.parent / "results"
    folder.mkdir(exist_ok=True)
    start = time.monotonic()
    said: str | None = None
    try:
        edited = edit([path], Wish(steps=(step,), out=folder / name), Watch())
        assert edited.output is not None
        edited.output.unlink()
    except SaycutError as refusal:
        proper = refusal.exit_code in REFUSED and refusal.sentence("en") and refusal.sentence("zh")
        said = "" if proper else f"exit {refusal.exit_code}: {refusal.sentence('en')}"
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    left = [left.name for left in folder.iterdir()]
    for file in folder.iterdir():
        file.unlink()
    if left:
        return f"left behind {left}"
    return f"{time.monotonic() - start:.0f} s" if time.monotonic() - start > SLOWEST_S else said
