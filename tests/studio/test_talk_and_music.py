"""Jobs 3 and 4 on the example's clip, whose truth is known: speech, pauses, offset, song."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from saycut.audio.speech import speech_regions
from saycut.media.probe import open_source
from saycut.media.sound import decode_sound
from saycut.pcm import Blocks
from saycut.studio.edit import Edited
from tests.factory import read_sound
from tests.studio.steps import done, rms_dbfs, step

JOB_3 = "remove background noise, trim silence, and sync audio to video"
JOB_4 = "remove the copyrighted background music and replace it with a royalty-free track"


@pytest.fixture(scope="module")
def truth(material: Path) -> dict[str, object]:
    return dict(json.loads((material / "manifest.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def cleaned(material: Path, tmp_path_factory: pytest.TempPathFactory) -> Edited:
    out = tmp_path_factory.mktemp("job3") / "clean.mp4"
    return done([material / "talk.mp4", material / "lav.wav"], out=out, say=JOB_3)


@pytest.fixture(scope="module")
def swapped(material: Path, tmp_path_factory: pytest.TempPathFactory) -> Edited:
    out = tmp_path_factory.mktemp("job4") / "swapped.mp4"
    return done([material / "vlog.mp4"], out=out, say=JOB_4)


def entry(edited: Edited, op: str) -> dict[str, object]:
    assert edited.receipt is not None
    return next(row for row in edited.receipt.operations if row["op"] == op)


def blocks(pcm: np.ndarray) -> Blocks:
    yield pcm.astype(np.float32)


def test_job_3_says_what_it_did_in_the_order_of_the_words(cleaned: Edited) -> None:
    assert [operation.name for operation in cleaned.turn.plan] == ["denoise", "trim_silence", "sync_audio"]
    assert cleaned.receipt is not None
    assert [row["op"] for row in cleaned.receipt.operations] == ["denoise", "trim_silence", "sync_audio"]


def test_job_3_finds_the_recorder_to_the_millisecond(cleaned: Edited, truth: dict[str, object]) -> None:
    assert entry(cleaned, "sync_audio")["offset_s"] == pytest.approx(truth["lav_offset_s"], abs=0.001)


def test_job_3_cuts_pauses_and_no_speech(cleaned: Edited, truth: dict[str, object]) -> None:
    cuts = entry(cleaned, "trim_silence")["cuts"]
    spoken = truth["speech_s"]
    assert isinstance(cuts, list)
    assert isinstance(spoken, list)
    assert cuts
    for start, end in cuts:
        for first, last in spoken:
            assert end <= first or start >= last, f"the cut {start}-{end} bites the speech {first}-{last}"
    assert cleaned.receipt is not None
    removed_s = entry(cleaned, "trim_silence")["removed_s"]
    assert cleaned.receipt.duration_before_s - cleaned.receipt.duration_after_s == pytest.approx(
        removed_s, abs=0.04
    )


def test_job_3_lowers_the_noise_and_keeps_the_voice(cleaned: Edited) -> None:
    row = entry(cleaned, "denoise")
    assert row["noise_floor_after_dbfs"] < row["noise_floor_before_dbfs"]  # type: ignore[operator]
    assert cleaned.output is not None
    pcm = read_sound(cleaned.output)
    assert sum(b - a for a, b in speech_regions(blocks(pcm), 48_000)) > 0.5 * len(pcm) / 48_000


def test_job_3_on_the_clip_alone_warns_about_sync(material: Path, tmp_path: Path) -> None:
    edited = done([material / "talk.mp4"], out=tmp_path / "out.mp4", say=JOB_3)
    assert any("nothing to sync it to" in warning.en for warning in edited.warnings)
    assert entry(edited, "sync_audio")["done"] is False
    assert edited.receipt is not None
    assert edited.receipt.duration_after_s < edited.receipt.duration_before_s - 1


def test_job_3_on_a_recording_alone_gives_a_1080p_video(material: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    edited = done([material / "lav.wav"], out=out, say=JOB_3)
    info = open_source(out).info
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.display_width, info.video.display_height, info.video.codec) == (1920, 1080, "h264")
    assert edited.receipt is not None
    assert edited.receipt.av_end_difference_ms is not None
    assert edited.receipt.av_end_difference_ms <= 34


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".m4a", ".flac"])
def test_job_3_on_a_recording_gives_sound_by_the_suffix(suffix: str, material: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out{suffix}"
    edited = done([material / "lav.wav"], step("trim_silence"), out=out)
    assert edited.receipt is not None
    assert edited.receipt.video == "none"
    assert open_source(out).info.kind == "audio"
    heard = sum(len(block) for block in decode_sound(open_source(out)))
    assert heard / 48_000 == pytest.approx(edited.receipt.duration_after_s, abs=0.06)


def test_job_3_with_a_cover(material: Path, tmp_path: Path) -> None:
    from tests.factory import make
    from tests.factory.spec import Still

    out = tmp_path / "out.mp4"
    done([material / "lav.wav", make(Still("jpg", 640, 360))], step("normalize"), out=out)
    info = open_source(out).info
    assert info.video is not None
    assert info.video.display_width == 1920


def test_job_4_keeps_the_voice_and_measures_the_music(swapped: Edited) -> None:
    assert [operation.name for operation in swapped.turn.plan] == ["remove_music", "add_music"]
    assert entry(swapped, "remove_music")["music_attenuation_db"] > 10  # type: ignore[operator]
    assert swapped.receipt is not None
    assert swapped.receipt.video == "copied"
    assert swapped.receipt.lufs_after == pytest.approx(-14, abs=0.2)
    assert swapped.receipt.true_peak_after_dbtp is not None
    assert swapped.receipt.true_peak_after_dbtp <= -1


def test_job_4_writes_a_manifest_of_the_music(swapped: Edited) -> None:
    assert swapped.output is not None
    manifest = json.loads(swapped.output.with_name("swapped.mp4.credits.json").read_text("utf-8"))
    (credit,) = manifest["music"]
    assert {"title", "author", "source", "licence", "sha256", "seed"} <= set(credit)
    assert credit["licence"] == "CC0-1.0"


def test_job_4_puts_the_bed_under_the_voice_and_ducks_it(material: Path, tmp_path: Path) -> None:
    """The voice is silent here by construction in the pauses, so what sounds there is the bed."""
    out = tmp_path / "out.wav"
    truth = json.loads((material / "manifest.json").read_text("utf-8"))
    done([material / "lav.wav"], step("denoise"), step("add_music", mood="calm"), out=out)
    pcm = read_sound(out)
    offset = truth["lav_offset_s"]
    spoken = [(a - offset, b - offset) for a, b in truth["speech_s"]]
    speech = np.concatenate([pcm[int(a * 48_000) : int(b * 48_000)] for a, b in spoken])
    gaps = [(a[1] + 0.35, b[0] - 0.35) for a, b in pairwise(spoken) if b[0] - a[1] > 1]
    pauses = np.concatenate([pcm[int(a * 48_000) : int(b * 48_000)] for a, b in gaps])
    assert rms_dbfs(pauses) > -60, "the bed is heard between sentences"
    assert rms_dbfs(speech) - rms_dbfs(pauses) > 8


def test_job_4_with_the_song_cancels_it(material: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    edited = done(
        [material / "vlog.mp4", material / "song.wav"], out=out, say="remove the music, song.wav is the track"
    )
    row = entry(edited, "remove_music")
    assert row["engine"] == "cancel"
    assert row["music_attenuation_db"] > 15  # type: ignore[operator]


def test_job_4_with_another_song_is_refused_with_the_reason(material: Path, tmp_path: Path) -> None:
    from saycut.errors import Impossible

    with pytest.raises(Impossible):
        done(
            [material / "vlog.mp4", material / "voiceover.wav"],
            step("remove_music", source="voiceover.wav"),
            out=tmp_path / "out.mp4",
        )
    assert list(tmp_path.iterdir()) == []
