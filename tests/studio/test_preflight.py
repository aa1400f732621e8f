"""What is said before a file is made, and how near that comes to the file."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from saycut.operations.platforms import PRESETS
from saycut.studio import forecast
from saycut.studio.forecast import Size, Sound, music_of, size_of, sound_of
from saycut.studio.preflight import Check, Choice, as_chosen, checks
from saycut.studio.session import Session
from saycut.timeline.project import Asset, Project, Segment, Title, Track
from saycut.timeline.value import but
from saycut.watch import Watch
from tests.factory import Clip, Picture, make

QUIET = Sound(lufs=-23.9, true_peak_dbtp=-6.0, heard_s=60.0, took_s=1.0, whole=True)
SMALL = Size(bytes=12_000_000, picture_s=20.0, basis="sampled")
MUCH_ROOM = 10**12


def project(length_s: int = 60, width: int = 1920, height: int = 1080) -> Project:
    clip = Asset(
        id="file-1",
        name="clip.mp4",
        kind="video",
        duration_s=Fraction(length_s),
        width=width,
        height=height,
        frame_rate=Fraction(30),
        has_sound=True,
    )
    segment = Segment(asset_id=clip.id, at_s=Fraction(0), start_s=Fraction(0), duration_s=Fraction(length_s))
    return Project(assets=(clip,), tracks=(Track(id="main", role="main", segments=(segment,)),))


def told(made: Project, choice: Choice | None = None, **known: Any) -> dict[str, Check]:
    facts: dict[str, Any] = {"sound": QUIET, "size": SMALL, "music": [], "free_bytes": MUCH_ROOM, **known}
    return {check.what: check for check in checks(made, choice or Choice(), **facts)}


def test_a_platform_brings_the_sound_to_its_loudness() -> None:
    plain, brought = told(project()), told(project(), Choice(platform="youtube"))
    assert (plain["loudness"].verdict, brought["loudness"].verdict) == ("look", "good")
    assert "−23.9 LUFS" in plain["loudness"].words.en
    assert brought["loudness"].figures == {
        "lufs": -23.9,
        "target_lufs": -14.0,
        "gain_db": 9.9,
        "whole": True,
        "heard_s": 60.0,
    }
    assert "−14 LUFS" in brought["loudness"].words.en
    assert brought["peak"].figures["ceiling_dbtp"] == -1.0


def test_what_was_not_heard_whole_says_so() -> None:
    sampled = but(QUIET, heard_s=24.0, whole=False)
    words = told(project(), sound=sampled)["loudness"].words
    assert "about −23.9 LUFS (judged by 24 s of it)" in words.en
    assert "24 秒" in words.zh


@pytest.mark.parametrize(("gain_db", "verdict"), [(14.9, "good"), (16.0, "look")])
def test_much_gain_is_worth_a_look(gain_db: float, verdict: str) -> None:
    low = but(QUIET, lufs=-14.0 - gain_db)
    assert told(project(), Choice(platform="tiktok"), sound=low)["loudness"].verdict == verdict


def test_a_peak_over_the_ceiling_is_held_or_told() -> None:
    loud = but(QUIET, true_peak_dbtp=0.3)
    assert told(project(), sound=loud)["peak"].verdict == "look"
    assert told(project(), Choice(platform="x"), sound=loud)["peak"].verdict == "good"


def test_no_sound_stops_a_sound_file_only() -> None:
    assert told(project(), sound=None)["sound"].verdict == "look"
    assert told(project(), Choice(format="mp3"), sound=None)["sound"].verdict == "stop"
    assert "loudness" not in told(project(), sound=None)


def test_platforms_have_limits() -> None:
    wide, shorts = project(181), Choice(platform="youtube_shorts")
    found = told(wide, shorts)
    assert found["length"].verdict == "look"
    assert "YouTube Shorts takes 3:00" in found["length"].words.en
    assert (found["shape"].verdict, found["captions"].verdict) == ("look", "look")
    upright = told(project(179, 1080, 1920), shorts)
    assert (upright["length"].verdict, upright["shape"].verdict) == ("good", "good")
    large = but(SMALL, bytes=600_000_000)
    assert told(project(), Choice(platform="x"), size=large)["size"].verdict == "look"
    assert told(project(), size=large)["size"].verdict == "good"


def test_titles_under_the_buttons_of_an_app_and_letters_nobody_can_draw() -> None:
    def titled(text: str, position: Any = "center") -> Project:
        title = Title(by="1.0", text=text, start_s=Fraction(0), end_s=Fraction(3), position=position)
        return but(project(30, 1080, 1920), titles=(title,))

    reels = Choice(platform="instagram_reels")
    assert told(titled("Hello"), reels)["captions"].verdict == "good"
    low = told(titled("Hello", "bottom"), reels)["captions"]
    assert (low.verdict, "“Hello”" in low.words.en) == ("look", True)
    assert told(titled("Hello", "bottom"))["captions"].verdict == "good"
    unknown = told(titled("Hello \U0001f9ff\ue123"))["captions"]
    assert (unknown.verdict, "No font" in unknown.words.en) == ("look", True)


def test_music_says_whose_it_is_or_that_nobody_knows() -> None:
    known = {"title": "Dawn", "author": "Saycut", "source": "composed", "licence": "CC0-1.0"}
    good = told(project(), music=[known])["licences"]
    assert (good.verdict, "“Dawn”, Saycut, CC0-1.0" in good.words.en) == ("good", True)
    assert told(project(), music=[{**known, "licence": "not stated"}])["licences"].verdict == "look"


def test_a_full_disk_stops_it() -> None:
    assert told(project(), free_bytes=1000)["room"].verdict == "stop"


def test_every_platform_has_every_line_in_both_languages() -> None:
    for platform in (None, *PRESETS):
        for check in told(project(7200), Choice(platform=platform)).values():
            assert check.words.en != check.words.zh
            assert "_" not in check.words.en, check.words.en


@pytest.mark.parametrize(
    ("words", "format_", "basis"),
    [
        ("make it 1 dB louder", "mp4", "copied"),
        ("rotate it by 90", "mp4", "sampled"),
        ("mute it", "mkv", "copied"),
    ],
)
def test_the_size_comes_near_that_of_the_file(words: str, format_: str, basis: str, tmp_path: Path) -> None:
    clip = make(Clip(picture=Picture(width=640, height=360, frames=450)))
    with Session([clip], Watch()) as session:
        turn = session.carry_out(session.understood(words).steps, words)
        chosen, _ = as_chosen(session.project, Choice(format=format_))
        size = size_of(session, chosen, format_)
        made = session.render(tmp_path / f"out.{format_}", turn).receipt
        assert size.basis == basis
        assert abs(size.bytes / made.size_bytes - 1) < 0.25


def test_windows_come_near_the_loudness_of_the_whole(material: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Session([material / "talk.mp4"], Watch()) as session:
        session.carry_out(session.understood("make it 3 dB louder").steps)
        whole = sound_of(session)
        monkeypatch.setattr(forecast, "_WHOLE_S", 1)
        monkeypatch.setattr(forecast, "_WINDOWS", 2)
        sampled = sound_of(session)
        assert whole is not None
        assert sampled is not None
        assert whole.lufs is not None
        assert sampled.lufs is not None
        assert (whole.whole, round(whole.heard_s), sampled.whole, round(sampled.heard_s)) == (
            True,
            22,
            False,
            8,
        )
        assert abs(whole.lufs - sampled.lufs) < 2
        assert music_of(session) == []
