"""The fence: whatever a path is called, what is opened lies in a root."""

import os
from pathlib import Path

import pytest

from saycut.errors import NotFound
from saycut.mcp.fence import Fence, OutsideRoots


def read(fence: Fence, name: str) -> bytes:
    with fence.reading(name) as (_, file):
        return file.read()


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for folder in ("a/deep", "b", "ab"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("a/one", "a/deep/two", "b/three", "ab/four", "secret"):
        (tmp_path / name).write_text(name)
    (tmp_path / "a" / "out").symlink_to(tmp_path / "secret")
    (tmp_path / "a" / "far").symlink_to(tmp_path)
    (tmp_path / "a" / "in").symlink_to(tmp_path / "b" / "three")
    return tmp_path


def test_what_lies_inside_is_read(house: Path) -> None:
    fence = Fence([house / "a", house / "b"])
    assert read(fence, "one") == b"a/one"
    assert read(fence, "deep/../one") == b"a/one"
    assert read(fence, str(house / "b" / "three")) == b"b/three"
    assert read(fence, "in") == b"b/three"  # a link from one root into another
    with pytest.raises(NotFound):
        read(fence, "nothing")


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "out",
        "far/secret",
        "deep/../../secret",
        "/etc/passwd",
        "../ab/four",
        "../gone",
        "x\0y",
        "\ud800",
    ],
)
def test_what_leads_out_is_refused_whether_it_is_there_or_not(house: Path, name: str) -> None:
    with pytest.raises(OutsideRoots) as refused:
        read(Fence([house / "a"]), name)
    assert str(house) not in refused.value.sentence("en")


def test_what_is_no_file_is_refused(house: Path) -> None:
    os.mkfifo(house / "a" / "pipe")
    for name in ("deep", "pipe", "."):
        with pytest.raises(OutsideRoots):
            read(Fence([house / "a"]), name)


def test_a_client_only_narrows(house: Path) -> None:
    fence = Fence([house / "a"])
    inner = fence.narrowed([(house / "a" / "deep").as_uri(), house.as_uri() + "/b", "https://example.com/a"])
    assert read(inner, "deep/two") == b"a/deep/two"
    for name in ("one", str(house / "b" / "three")):
        with pytest.raises(OutsideRoots):
            read(inner, name)
    assert read(fence.narrowed(None), "one") == b"a/one"
    assert read(fence.narrowed([house.as_uri()]), "one") == b"a/one"
    assert read(fence.narrowed([]), "one") == b"a/one"  # a client without an open folder
    with pytest.raises(OutsideRoots):
        read(fence.narrowed(["https://example.com/a"]), "one")


def test_names_for_results_stay_inside_too(house: Path) -> None:
    fence = Fence([house / "a"])
    names = fence.free_names("deep/new.mp4")
    assert [next(names).name for _ in range(3)] == ["new.mp4", "new-2.mp4", "new-3.mp4"]
    for name in ("../new.mp4", "far/new.mp4", "out"):
        with pytest.raises(OutsideRoots):
            next(fence.free_names(name))
    with pytest.raises(NotFound):
        next(fence.free_names("nowhere/new.mp4"))
    with pytest.raises(NotFound):
        Fence([house / "secret"])
