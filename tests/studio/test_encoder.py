"""The encoder that was asked for, and what happens when it gives up; sound and picture made side by side."""

from pathlib import Path

import pytest

from saycut.errors import Cancelled, EngineFailed, Impossible
from saycut.media import encoders
from saycut.media.picture import PicturePlan
from saycut.render import assemble, render
from saycut.studio.edit import Wish, edit
from saycut.studio.session import Settings
from saycut.watch import Aside, Watch
from tests.factory import make
from tests.studio.steps import step

FADE = (step("fade"), step("volume", gain_db=-3))


def test_auto_goes_back_to_libx264_when_the_chip_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = assemble.encode_picture

    def picky(plan: PicturePlan, *args: object, **options: object) -> None:
        asked.append(plan.encoder)
        if plan.encoder != "x264":
            raise EngineFailed(reason="no such size")
        real(plan, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(encoders, "works", lambda encoder: encoder == "qsv")
    monkeypatch.setattr(assemble, "encode_picture", picky)
    wish = Wish(steps=FADE, out=tmp_path / "out.mp4", settings=Settings(encoder="auto"))
    edited = edit([make("cfr30")], wish, Watch())
    assert asked == ["qsv", "x264"]
    assert edited.receipt is not None
    assert edited.receipt.encoder == "x264"
    by_name = Wish(steps=FADE, out=tmp_path / "other.mp4", settings=Settings(encoder="qsv"))
    with pytest.raises(EngineFailed):
        edit([make("cfr30")], by_name, Watch())
    assert not (tmp_path / "other.mp4").exists()


def test_a_chip_that_is_not_there_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "works", lambda _: False)
    wish = Wish(steps=FADE, out=tmp_path / "out.mp4", settings=Settings(encoder="vaapi"))
    with pytest.raises(Impossible, match="VA-API"):
        edit([make("cfr30")], wish, Watch())
    assert list(tmp_path.iterdir()) == []


def test_a_sound_that_fails_stops_the_picture_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[BaseException] = []
    real = render.encode

    def watched(*args: object) -> object:
        try:
            return real(*args)  # type: ignore[arg-type]
        except BaseException as error:
            ended.append(error)
            raise

    def fails(*_: object, **__: object) -> None:
        raise EngineFailed(reason="no sound")

    monkeypatch.setattr(render, "encode", watched)
    monkeypatch.setattr(render, "_heard", fails)
    with pytest.raises(EngineFailed, match="no sound"):
        edit([make("cfr30")], Wish(steps=FADE, out=tmp_path / "out.mp4"), Watch())
    assert [type(error) for error in ended] == [Cancelled]
    assert list(tmp_path.iterdir()) == []


def test_work_aside_is_heard_after_the_other_and_stops_with_it() -> None:
    heard: list[tuple[str, float]] = []
    watch = Watch(lambda stage, fraction: heard.append((stage, fraction)))
    aside = Aside(watch)
    aside.report("encode", 0.1)
    assert heard == []
    aside.speak_up()
    aside.report("encode", 0.2)
    assert heard == [("encode", 0.2)]
    watch.cancel()
    assert aside.cancelled
    with pytest.raises(Cancelled):
        aside.check()


def test_work_aside_can_be_stopped_alone() -> None:
    watch = Watch()
    aside = Aside(watch)
    aside.cancel()
    with pytest.raises(Cancelled):
        aside.report("encode", 0.5)
    watch.check()
