"""Verbs on clips, end to end: frames and sounds of the finished files are where arithmetic says."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.media.packets import picture_hash, same_picture
from saycut.media.probe import open_source
from saycut.studio.session import Session
from saycut.watch import Watch
from tests.factory import Clip, Picture, Sound, locate_sound, make, read_sound
from tests.studio.steps import done, rms_dbfs, shown_indices, skew_ms, step, worst_step_ms

FIRST = Clip(picture=Picture(frames=60))
SECOND = Clip(picture=Picture(frames=45, first_index=500, source=1), sounds=(Sound(source=2),))
THIRD = Clip(picture=Picture(frames=30, first_index=800, source=2), sounds=(Sound(source=3),))
A, B, C = range(60), range(500, 545), range(800, 830)
WAV = Clip("wav", None, (Sound("pcm_s16le"),))


def sounds(path: Path, at_s: float, from_s: float, source: int) -> bool:
    """Whether what sounds at `at_s` is that moment of that source, to a tenth of a millisecond."""
    skew = skew_ms(read_sound(path), round(at_s * 48_000), from_s, source=source)
    return skew is not None and abs(skew) < 0.1


def test_a_split_is_neither_seen_nor_heard_and_everything_is_copied(tmp_path: Path) -> None:
    source, out = make(FIRST), tmp_path / "out.mp4"
    edited = done([source], step("split", at=[0.5, 1.2]), out=out)
    assert edited.receipt is not None
    assert edited.receipt.video == "copied"
    assert same_picture(picture_hash(open_source(source)), picture_hash(open_source(out)))
    assert np.array_equal(read_sound(source), read_sound(out))


def test_split_parts_are_clips_that_can_be_moved_and_deleted(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    steps = (
        step("split", at=[0.5, 1]),
        step("reorder", clip=3, position=1),
        step("delete", target="clip:2"),
    )
    done([make(FIRST)], *steps, out=out)
    assert shown_indices(out) == [*A[30:], *A[15:30]]
    assert sounds(out, 0.2, 1.2, 0)
    assert sounds(out, 1.2, 0.7, 0)
    assert worst_step_ms(out, FIRST, every=4) < 1


def test_clips_in_another_order(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST), make(SECOND), make(THIRD)], step("reorder", order="reversed"), out=out)
    assert shown_indices(out) == [*C, *B, *A]
    assert sounds(out, 0.5, 0.5, 3)
    assert sounds(out, 1.5, 0.5, 2)
    assert sounds(out, 3.5, 1.0, 0)


def test_a_clip_deleted_by_words(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST), make(SECOND), make(THIRD)], out=out, say="delete the second clip")
    assert shown_indices(out) == [*A, *C]
    assert sounds(out, 2.3, 0.3, 3)


def test_a_loop_of_everything(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(SECOND), make(THIRD)], out=out, say="loop it 2 times")
    assert shown_indices(out) == [*B, *C, *B, *C]
    assert sounds(out, 1.7, 0.2, 3)
    assert sounds(out, 2.8, 0.3, 2)


def test_double_speed_of_one_clip_leaves_the_others(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST), make(SECOND)], step("speed", factor=2, clip=1), out=out)
    shown = shown_indices(out)
    assert shown == [*A[::2], *B]
    assert sounds(out, 1.5, 0.5, 2)
    pcm = read_sound(out)
    for at_s in (0.3, 0.5, 0.7):
        found, confidence = locate_sound(pcm, round(at_s * 48_000) - 512, 1024, within_s=3)
        assert confidence > 0.5
        assert abs((found + 512) / 48_000 - 2 * at_s) < 0.01


def test_slow_motion_by_words(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    edited = done([make(THIRD)], out=out, say="put it in slow motion")
    assert edited.receipt is not None
    assert edited.receipt.duration_after_s == pytest.approx(2, abs=0.001)
    shown = shown_indices(out)
    assert len(shown) == 60
    assert all(abs(index - 800 - at / 2) <= 1 for at, index in enumerate(shown))
    assert len(read_sound(out)) == 2 * 48_000


@pytest.mark.parametrize(("factor", "count"), [(2, 72_000), (0.5, 288_000), (1.37, 105_109)])
def test_sound_alone_at_another_speed_is_exact_to_the_sample(
    factor: float, count: int, tmp_path: Path
) -> None:
    out = tmp_path / "out.wav"
    done([make(WAV)], step("speed", factor=factor), out=out)
    pcm = read_sound(out)
    assert len(pcm) == count
    misses = 0
    for at in range(6000, count - 8000, 7001):
        found, confidence = locate_sound(pcm, at, 1024, within_s=4)
        if confidence < 0.5:
            misses += 1
            continue
        assert abs(found + 512 - (at + 512) * factor) < 480  # 10 ms of the source
    assert misses <= 2


def test_backwards_by_words(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST), make(SECOND)], out=out, say="reverse it")
    assert shown_indices(out) == [*B[::-1], *A[::-1]]
    pcm = read_sound(out)[::-1]
    found, confidence = locate_sound(np.ascontiguousarray(pcm), 12_000, within_s=3)
    assert confidence > 0.9
    assert found == pytest.approx(12_000, abs=5)
    found, _ = locate_sound(np.ascontiguousarray(pcm), 2 * 48_000 + 12_000, source=2, within_s=3)
    assert found == pytest.approx(12_000, abs=5)


def test_one_clip_backwards_and_fast(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    steps = (step("reverse", clip=1), step("speed", factor=2, clip=1))
    done([make(FIRST), make(SECOND)], *steps, out=out)
    shown = shown_indices(out)
    assert shown[30:] == list(B)
    assert len(shown) == 75
    assert all(abs(index - (59 - 2 * at)) <= 1 for at, index in enumerate(shown[:30]))
    assert sounds(out, 1.5, 0.5, 2)


def test_joining_with_a_crossfade(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    plan = step("merge", transition="crossfade", transition_duration=0.5)
    edited = done([make(FIRST), make(SECOND)], plan, out=out)
    assert edited.receipt is not None
    assert edited.receipt.frames == 60 + 45 - 15
    assert edited.receipt.operations[0]["transitions"] == 1
    assert sounds(out, 1.2, 1.2, 0)
    assert sounds(out, 2.2, 0.7, 2)
    pcm = read_sound(out)
    assert rms_dbfs(pcm[int(1.6 * 48_000) : int(1.9 * 48_000)]) == pytest.approx(-20, abs=1)


def test_a_sound_on_top_leaves_the_picture_and_the_level(tmp_path: Path) -> None:
    quiet = Clip(picture=Picture(frames=60), sounds=())
    out = tmp_path / "out.mp4"
    edited = done([make(quiet), make(WAV)], step("add_audio", role="sfx", start=0.5), out=out)
    assert edited.receipt is not None
    assert edited.receipt.video == "copied"
    assert any("did not fit" in warning.en for warning in edited.warnings)
    pcm = read_sound(out)
    assert rms_dbfs(pcm[:23_000]) < -80
    assert locate_sound(pcm, 48_000)[0] == pytest.approx(24_000, abs=5)
    assert rms_dbfs(pcm[30_000:90_000]) == pytest.approx(-20, abs=0.3)


def test_what_is_protected_is_heard_unchanged(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    steps = (
        step("add_audio", role="sfx"),
        step("protect", target="original"),
        step("volume", gain_db=-60),
    )
    edited = done([make(FIRST), make(WAV)], *steps, out=out)
    assert any("original sound stays" in warning.en for warning in edited.warnings)
    assert rms_dbfs(read_sound(out)[10_000:80_000]) == pytest.approx(-20, abs=0.3)


def test_cut_and_mute_inside_one_clip(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    steps = (step("cut", clip=2, start=0, end=0.5), step("mute", clip=1))
    done([make(FIRST), make(SECOND)], *steps, out=out)
    assert shown_indices(out) == [*A, *B[15:]]
    assert rms_dbfs(read_sound(out)[1000:94_000]) < -80
    assert sounds(out, 2.2, 0.7, 2)


def test_a_recording_beside_the_picture_follows_speed(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    beside = Clip("wav", None, (Sound("pcm_s16le", source=7, length_s=Fraction(5)),))
    steps = (step("sync_audio", offset=-1), step("speed", factor=2, start=1))
    done([make(FIRST), make(beside)], *steps, out=out)
    assert shown_indices(out) == [*A[:30], *A[30::2]]
    assert sounds(out, 0.5, 1.5, 7)
    found, confidence = locate_sound(read_sound(out), round(1.25 * 48_000) - 512, 1024, source=7, within_s=5)
    assert confidence > 0.5
    assert abs((found + 512) / 48_000 - 2.5) < 0.01


def test_protection_lasts_one_turn(tmp_path: Path) -> None:
    with Session([make(FIRST)], Watch()) as session:
        first = session.carry_out([step("volume", gain_db=-6), step("protect", target="original")])
        assert any("must stay" in note.en for note in first.notes)
        assert session.project.tracks[0].segments[0].gain_db == 0
        session.carry_out([step("volume", gain_db=-6)])
        assert session.project.tracks[0].segments[0].gain_db == -6
