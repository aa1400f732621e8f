"""A result appears whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from saycut.errors import Cancelled, DiskFull, EngineFailed, Usage
from saycut.media.publish import publishing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_appears_under_its_name_only_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    with publishing(out) as part:
        assert part.parent == tmp_path
        assert part.suffix == ".mp4"
        assert part.name.startswith(".")
        part.write_bytes(b"new")
        assert not out.exists()
    assert out.read_bytes() == b"new"
    assert names(tmp_path) == ["clip.mp4"]


@pytest.mark.parametrize("error", [Cancelled(), ZeroDivisionError(), KeyboardInterrupt()])
def test_any_error_leaves_what_was(tmp_path: Path, error: BaseException) -> None:
    out = tmp_path / "clip.mp4"
    out.write_bytes(b"old")
    with pytest.raises(type(error)), publishing(out) as part:
        part.write_bytes(b"half")
        raise error
    assert out.read_bytes() == b"old"
    assert names(tmp_path) == ["clip.mp4"]


def test_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(DiskFull), publishing(tmp_path / "clip.mp4"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert names(tmp_path) == []


def test_nothing_written_is_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed), publishing(tmp_path / "clip.mp4"):
        pass
    assert names(tmp_path) == []


def test_permissions_are_kept_or_follow_the_umask(tmp_path: Path) -> None:
    old, new = tmp_path / "old.mp4", tmp_path / "new.mp4"
    old.write_bytes(b"old")
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        for out in (old, new):
            with publishing(out) as part:
                part.write_bytes(b"x")
    finally:
        os.umask(before)
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode & 0o777 == 0o640


def test_inputs_are_never_overwritten_by_any_name(tmp_path: Path) -> None:
    source = tmp_path / "source.mp4"
    source.write_bytes(b"precious")
    hard, soft = tmp_path / "hard.mp4", tmp_path / "soft.mp4"
    os.link(source, hard)
    soft.symlink_to(source)
    for out in (source, hard, soft, tmp_path / "." / "source.mp4"):
        with pytest.raises(Usage, match="never overwritten"), publishing(out, inputs=[source]):
            raise AssertionError("it began")
    assert source.read_bytes() == b"precious"


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.mp4", tmp_path / "link.mp4"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with publishing(link) as part:
        part.write_bytes(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_create_only_loses_to_whoever_was_quicker(tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    with pytest.raises(Usage, match="there already"), publishing(out, replace=False) as part:
        part.write_bytes(b"mine")
        out.write_bytes(b"theirs")
    assert out.read_bytes() == b"theirs"
    with pytest.raises(Usage, match="there already"), publishing(out, replace=False):
        raise AssertionError("it began")
    assert names(tmp_path) == ["clip.mp4"]


def test_places_where_nothing_can_be_put(tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "absent" / "clip.mp4"):
        with pytest.raises(Usage), publishing(out):
            raise AssertionError("it began")
