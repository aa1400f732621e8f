"""Sound in a work file reads like the array it was."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.errors import DiskFull
from saycut.media.pcm_file import write_pcm
from saycut.pcm import Pcm, PcmArray, blocks_of

SOUND = np.random.default_rng(1).standard_normal((1000, 2)).astype(np.float32)


@given(start=st.integers(-1500, 1500), count=st.integers(0, 2500), block=st.integers(1, 1200))
def test_it_reads_like_an_array(
    start: int, count: int, block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    array = PcmArray(SOUND)
    with write_pcm(blocks_of(array, block), tmp_path_factory.getbasetemp(), 2) as kept:
        assert (kept.samples, kept.channels, kept.rate_hz) == (1000, 2, 48_000)
        assert np.array_equal(kept.read(start, count), array.read(start, count))


def test_the_file_is_private_and_goes_with_its_owner(tmp_path: Path) -> None:
    kept = write_pcm(iter([SOUND]), tmp_path, 2)
    assert kept.path.stat().st_mode & 0o777 == 0o600
    kept.close()
    kept.close()
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_blocks_leaves_nothing(tmp_path: Path) -> None:
    def blocks() -> Iterator[Pcm]:
        yield SOUND
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_pcm(blocks(), tmp_path, 2)
    with pytest.raises(ValueError, match="2 channels"):
        write_pcm(iter([SOUND[:, :1]]), tmp_path, 2)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "sound.f32"

    def full(**_: object) -> tuple[int, str]:
        place.touch()
        return os.open("/dev/full", os.O_WRONLY), str(place)

    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(DiskFull):
        write_pcm(iter([SOUND]), tmp_path, 2)
    assert list(tmp_path.iterdir()) == []
