"""Previews: the right seconds, at the same loudness, and exactly what was removed."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.audio.loudness import measure
from saycut.errors import Usage
from saycut.pcm import RATE_HZ
from saycut.studio.preview import Look, Preview, preview, time_of
from saycut.studio.scene import CONTEXT_S
from saycut.watch import Watch
from tests.factory import Clip, Picture, Sound, locate_sound, make, read_frame_indices, read_sound

EIGHT_S = Clip(picture=Picture(frames=240))


def shown(clip: Clip | str, say: str, folder: Path, at_s: float, length_s: float) -> Preview:
    look = Look(say=say, folder=folder, at_s=Fraction(at_s), length_s=Fraction(length_s))
    return preview([make(clip)], look, Watch())


def sounds_at(path: Path, at_s: float) -> float:
    """Which second of the source is heard at a second of `path`."""
    sample, confidence = locate_sound(read_sound(path), round(at_s * RATE_HZ))
    assert confidence > 0.5
    return sample / RATE_HZ


def level_lufs(path: Path) -> float:
    lufs = measure(iter([read_sound(path).astype(np.float32)]), RATE_HZ, 2).integrated_lufs
    assert lufs is not None
    return lufs


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Preview:
    """Seconds 1.5 to 5.5 of a clip of which 2.5 to 3.5 are cut."""
    return shown(EIGHT_S, "cut from 2.5 to 3.5 seconds", tmp_path_factory.mktemp("cut") / "new", 1.5, 4)


def test_before_and_after_are_the_seconds_that_were_asked_for(cut: Preview) -> None:
    before, after = cut.files["before"], cut.files["after"]
    assert len(read_sound(before)) == 4 * RATE_HZ
    assert len(read_sound(after)) == 3 * RATE_HZ
    assert sounds_at(before, 0.2) == pytest.approx(1.7, abs=1e-3)
    assert sounds_at(before, 3.5) == pytest.approx(5.0, abs=1e-3)
    assert sounds_at(after, 0.2) == pytest.approx(1.7, abs=1e-3)
    assert sounds_at(after, 1.5) == pytest.approx(4.0, abs=1e-3)


def test_of_a_cut_the_sound_that_was_cut_out_is_heard(cut: Preview) -> None:
    removed = cut.files["removed"]
    assert (cut.removed, cut.removed_s) == ("cut", 1.0)
    assert len(read_sound(removed)) == RATE_HZ
    assert sounds_at(removed, 0.4) == pytest.approx(2.9, abs=1e-3)


def test_what_an_earlier_preview_left_and_this_one_lacks_is_removed(tmp_path: Path) -> None:
    first = shown(EIGHT_S, "cut from 2.5 to 3.5 seconds", tmp_path / "new", 1.5, 4)
    assert {path.name for path in first.files.values()} == {
        "before.wav", "after.wav", "removed.wav", "after.mp4"
    }  # fmt: skip
    (tmp_path / "new" / "mine.mp4").touch()
    second = shown(EIGHT_S, "make it 3 dB louder", tmp_path / "new", 1.5, 4)
    assert "picture" not in second.files
    left = {path.name for path in (tmp_path / "new").iterdir()}
    assert left == {path.name for path in second.files.values()} | {"mine.mp4"}


def test_the_picture_after_a_cut_is_shown(cut: Preview) -> None:
    indices = [frame.index for frame in read_frame_indices(cut.files["picture"])]
    assert indices == [*range(45, 75), *range(105, 165)]
    assert sounds_at(cut.files["picture"], 1.5) == pytest.approx(4.0, abs=1e-3)


def test_what_was_done_is_said(cut: Preview) -> None:
    told = " ".join(cut.lines())
    assert "4 s from 1.5 s on, 3 s of them left" in told
    assert f"{cut.gain_before_db:+.1f} dB" in told
    assert cut.as_data()["removed"] == {"what": "cut", "seconds": 1.0}
    assert cut.on_window == ()


def test_noise_reduction_changes_no_picture_and_removes_exactly_the_difference(tmp_path: Path) -> None:
    seen = shown("speech", "remove the background noise", tmp_path, 3, 5)
    assert set(seen.files) == {"before", "after", "removed"}
    gains = [10 ** (gain_db / 20) for gain_db in (seen.gain_before_db, seen.gain_after_db)]
    before, after, removed = (read_sound(seen.files[name]) for name in ("before", "after", "removed"))
    difference = before / gains[0] - after / gains[1]
    assert np.abs(difference - removed / gains[0]).max() < 3 / 32_768 / min(gains)
    assert np.abs(removed).max() > 1e-3
    assert seen.on_window == ("denoise",)
    assert level_lufs(seen.files["before"]) == pytest.approx(level_lufs(seen.files["after"]), abs=0.1)
    assert level_lufs(seen.files["after"]) == pytest.approx(seen.lufs, abs=0.1)


def test_pauses_are_looked_for_in_the_window_only(tmp_path: Path) -> None:
    """The clip pauses at 1.4 to 2.6 and at 4.25 to 6 s; only the first is near the window."""
    seen = shown("pauses", "trim the silences longer than 1 second", tmp_path, 1, 1.5)
    (step,) = seen.turn.steps
    assert step["segments_removed"] == 1
    assert step["cuts"][0][0] > 1.4
    assert step["cuts"][0][1] < 2.6
    assert seen.heard_whole == ()
    assert seen.on_window == ("trim_silence",)


def test_only_the_window_and_its_context_are_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from saycut.studio import window

    decoded: list[float] = []

    def counting(*args: object, **options: object) -> object:
        assert isinstance(options["duration_s"], Fraction)
        decoded.append(float(options["duration_s"]))
        return store(*args, **options)

    store = window.store_sound
    monkeypatch.setattr(window, "store_sound", counting)
    shown(EIGHT_S, "normalize", tmp_path, 3, 1)
    assert decoded == [1 + 2 * float(CONTEXT_S)]


def test_a_level_alone_removes_nothing(tmp_path: Path) -> None:
    seen = shown(EIGHT_S, "normalize", tmp_path, 3, 2)
    assert seen.removed == "nothing"
    assert not read_sound(seen.files["removed"]).any()
    assert "nothing was removed" in " ".join(seen.lines())


def test_where_all_is_cut_there_is_no_after(tmp_path: Path) -> None:
    seen = shown(EIGHT_S, "cut from 2 to 5 seconds", tmp_path, 3, 1)
    assert set(seen.files) == {"before", "removed"}
    assert seen.after_s == 0
    assert sounds_at(seen.files["removed"], 0.4) == pytest.approx(3.4, abs=1e-3)


def test_without_a_place_it_is_the_middle_and_at_most_the_whole(tmp_path: Path) -> None:
    seen = preview([make(EIGHT_S)], Look(say="normalize", folder=tmp_path, length_s=Fraction(2)), Watch())
    assert (seen.at_s, seen.length_s) == (3.0, 2.0)
    whole = preview([make("cfr30")], Look(say="normalize", folder=tmp_path), Watch())
    assert (whole.at_s, whole.length_s) == (0.0, 3.0)


def test_times_are_read_as_people_write_them() -> None:
    assert [time_of(text) for text in ("75", "75.5", "1:15", "1:02:03.5")] == [
        75,
        Fraction(151, 2),
        75,
        Fraction(7447, 2),
    ]
    for text in ("", "soon", "1:", "-3", "1:2:3:4", "1e3"):
        with pytest.raises(Usage):
            time_of(text)


def test_places_that_are_none_are_usage(tmp_path: Path) -> None:
    for at_s, length_s in ((8, 1), (90, 1), (0, 0), (0, 61)):
        with pytest.raises(Usage):
            shown(EIGHT_S, "normalize", tmp_path / "new", at_s, length_s)
    assert list(tmp_path.iterdir()) == []


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    own = tmp_path / "before.wav"
    own.write_bytes(make(Clip("wav", None, (Sound("pcm_s16le"),))).read_bytes())
    content = own.read_bytes()
    with pytest.raises(Usage):
        preview([own], Look(say="normalize", folder=tmp_path), Watch())
    assert own.read_bytes() == content
