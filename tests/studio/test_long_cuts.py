"""Cuts out of long clips: the picture is copied but for what lies at the cuts."""

from pathlib import Path

import pytest

from saycut.errors import EngineFailed
from saycut.language.understand import Step
from saycut.media.splice import Splice
from saycut.render import assemble
from tests.factory import Clip, Picture, make
from tests.studio.steps import done, shown_indices, step, worst_step_ms

CLIP = Clip(picture=Picture(frames=900, gop=60, b_frames=3))
KEPT = [*range(37), *range(93, 620), *range(650, 900)]
CUTS = (step("cut", start=620 / 30, end=650 / 30), step("cut", start=37 / 30, end=93 / 30))


def test_only_the_frames_at_the_cuts_are_encoded(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    edited = done([make(CLIP)], *CUTS, out=out)
    assert edited.receipt is not None
    assert edited.receipt.video == "encoded"
    assert edited.receipt.frames == len(KEPT)
    assert edited.receipt.frames_copied is not None
    # The first stretch is too short to be left as it is; the others are encoded up to their first key frame.
    assert edited.receipt.frames_copied >= len(KEPT) - 37 - 27 - 10 - 2 * 3
    assert shown_indices(out) == KEPT
    assert worst_step_ms(out, CLIP) < 1
    assert "copied but for" in edited.summary.en
    assert "重新编码" in edited.summary.zh


def test_a_splice_that_does_not_hold_is_encoded_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> Splice:
        raise EngineFailed(reason="a splice does not hold")

    monkeypatch.setattr(assemble, "splice_picture", breaks)
    out = tmp_path / "out.mp4"
    edited = done([make(CLIP)], *CUTS, out=out)
    assert edited.receipt is not None
    assert edited.receipt.frames_copied == 0
    assert shown_indices(out) == KEPT


@pytest.mark.parametrize("change", [step("fade"), step("text", text="Hi"), step("export", quality="small")])
def test_whoever_asks_for_another_picture_gets_all_of_it_encoded(change: Step, tmp_path: Path) -> None:
    edited = done([make(CLIP)], *CUTS, change, out=tmp_path / "out.mp4")
    assert edited.receipt is not None
    assert edited.receipt.frames_copied == 0
