"""What `probe` says: the tracks, and what is heard, in both languages."""

from pathlib import Path

import numpy as np
import pytest

from saycut.audio.bed.compose import compose
from saycut.audio.bed.render import render
from saycut.audio.bed.spec import BedSpec
from saycut.media.sound_encode import encode_sound
from saycut.studio.looking import probed, probed_lines
from saycut.watch import Watch
from tests.factory import make
from tests.shared import shared_data


def said(path: Path, language: str = "en") -> list[str]:
    return [line.said(language) for line in probed_lines(path, Watch())]


def test_tracks_are_told_in_both_languages() -> None:
    first, picture, sound, *_ = said(make("rotated90"))
    assert "mp4" in first
    assert picture.startswith("  picture: h264 320×180 30.000 fps, 90 frames, turned 90°")
    assert sound.startswith("  sound: aac 48000 Hz stereo")
    _, picture, sound, *_ = said(make("vfr"), "zh")
    assert picture.startswith("  画面：h264")
    assert "（可变）" in picture
    assert sound.startswith("  声音：aac")


def test_without_sound_nothing_is_heard() -> None:
    assert probed(make("no_sound"), Watch())["heard"] is None
    assert not any("music" in line for line in said(make("no_sound")))


def test_silence_is_silence() -> None:
    heard = probed(make("silent"), Watch())["heard"]
    assert heard["music_s"] == []
    assert heard["speech_s"] == []
    assert heard["silence_s"] == [[0, pytest.approx(3, abs=0.1)]]
    assert said(make("silent"), "zh")[-2:] == ["  音乐：没有听到", "  人声：没有听到"]


def test_a_bed_is_music_from_end_to_end(tmp_path: Path) -> None:
    out = tmp_path / "bed.flac"
    encode_sound(render(compose(BedSpec(mood="calm", seed=3, duration_s=20.0))), out, watch=Watch())
    heard = probed(out, Watch())["heard"]
    assert sum(end_s - start_s for start_s, end_s in heard["music_s"]) > 15
    assert heard["voice_over_music_db"] is None


def test_real_voices_are_speech() -> None:
    """The clean voices of the set that noise reduction is scored on, each 5 s or more."""
    folder = shared_data("denoise_eval/manifest.json").parent
    shares = []
    for path in sorted((folder / "16k").glob("*_clean.flac"))[:4]:
        found = probed(path, Watch())
        speech_s = sum(end_s - start_s for start_s, end_s in found["heard"]["speech_s"])
        shares.append(speech_s / found["duration"])
    assert np.mean(shares) > 0.6
