"""Cuts: after any number of them every frame and every sample is where arithmetic says."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from saycut.media.probe import open_source
from tests.factory import Clip, Picture, Sound, locate_sound, make, read_frame_indices, read_sound
from tests.factory.spec import ticks_from
from tests.studio.steps import clip_named, done, shown_indices, skew_ms, step, worst_step_ms

LONG = Clip(picture=Picture(frames=3000, gop=60, b_frames=2))
LONG_VFR = Clip(
    picture=Picture(ticks=ticks_from((3000, 1500, 4500, 3003, 2997, 3000, 2250, 3751), 2400), frames=2400)
)


def two_hundred_cuts(frame_rate: Fraction) -> list[tuple[int, int]]:
    """Kept frame ranges [a, b): 201 of them, 8 to 12 frames long, 2 to 5 frames apart."""
    kept, at = [], 0
    for number in range(201):
        length = 8 + number % 5
        kept.append((at, at + length))
        at += length + 2 + number % 4
    return kept


def cuts_of(kept: list[tuple[int, int]], frame_rate: Fraction, duration_s: Fraction) -> list[object]:
    """The same as `cut` steps, last first, so that each is said in the source's own time."""
    gaps = [(a[1], b[0]) for a, b in pairwise(kept)]
    steps = [step("cut", start=float(kept[-1][1] / frame_rate), end=float(duration_s))]
    return [
        *steps,
        *(step("cut", start=float(a / frame_rate), end=float(b / frame_rate)) for a, b in reversed(gaps)),
    ]


@pytest.mark.soak
def test_two_hundred_cuts_keep_sound_and_picture_in_step(tmp_path: Path) -> None:
    kept = two_hundred_cuts(Fraction(30))
    out = tmp_path / "out.mp4"
    edited = done([make(LONG)], *cuts_of(kept, Fraction(30), Fraction(100)), out=out)
    assert shown_indices(out) == [n for a, b in kept for n in range(a, b)]
    assert edited.receipt is not None
    assert edited.receipt.video == "encoded"
    assert worst_step_ms(out, LONG, every=5) < 1


@pytest.mark.soak
def test_two_hundred_cuts_of_a_variable_frame_rate_stay_in_step(tmp_path: Path) -> None:
    source = make(LONG_VFR)
    video = open_source(source).info.video
    assert video is not None
    assert video.is_vfr
    rate = video.frame_rate
    kept = [(a, b) for a, b in two_hundred_cuts(rate) if b / rate < LONG_VFR.duration_s - 1]
    out = tmp_path / "out.mp4"
    done([source], *cuts_of(kept, rate, LONG_VFR.duration_s), out=out)
    frames = read_frame_indices(out)
    planned = [Fraction(n) / rate for a, b in kept for n in range(a, b)]
    assert len(frames) == len(planned)
    for frame, at_s in zip(frames, planned, strict=True):
        assert frame.index is not None
        # the frame shown is one that the source shows within half a grid step of that moment
        first = LONG_VFR.time_of(frame.index) - 1 / (2 * rate)
        last = LONG_VFR.time_of(min(frame.index + 1, 2399)) + 1 / (2 * rate)
        assert first <= at_s <= last
    pcm, before, found = read_sound(out), 0, 0
    for a, b in kept:
        # from 6 ms behind the join, where nothing of the fade is left
        sample = round(Fraction(before) / rate * 48_000) + 300
        skew = skew_ms(pcm, sample, float(Fraction(a) / rate) + 300 / 48_000)
        assert skew is not None
        assert abs(skew) < 0.1
        before += b - a
        found += 1
    assert found == len(kept)


@pytest.mark.parametrize(
    "name",
    [
        "cfr25",
        "cfr23976",
        "cfr60",
        "b_frames",
        "open_gop",
        "long_gop",
        "edit_list",
        "offset_mp4",
        "offset_ts",
        "mkv_opus",
    ],
)
def test_one_cut_is_exact_whatever_the_file(name: str, tmp_path: Path) -> None:
    clip = clip_named(name)
    assert clip.picture is not None
    rate = clip.picture.rate
    out = tmp_path / "out.mp4"
    done([make(name)], step("cut", start=float(20 / rate), end=float(45 / rate)), out=out)
    indices = list(clip.indices)
    assert shown_indices(out) == indices[:20] + indices[45:]
    assert worst_step_ms(out, clip, every=3) < 1


@pytest.mark.parametrize("name", ["rotated90", "rotated180", "rotated270"])
def test_a_turned_clip_comes_out_upright(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(name)], step("trim", start=1, end=2), out=out)
    frames = read_frame_indices(out)
    assert [f.index for f in frames] == list(range(30, 60))
    assert {f.rotation for f in frames} == {0}


def test_clips_in_a_row_become_one(tmp_path: Path) -> None:
    first = make("cfr30")
    second = make(Clip(picture=Picture(first_index=500, rotation=90), sounds=(Sound(source=2),)))
    out = tmp_path / "out.mp4"
    done([first, second], step("export"), out=out)
    assert shown_indices(out) == [*range(90), *range(500, 590)]
    pcm = read_sound(out)
    assert locate_sound(pcm, 48_000)[0] == pytest.approx(48_000, abs=5)
    assert locate_sound(pcm, 4 * 48_000, source=2)[0] == pytest.approx(48_000, abs=5)


def test_sound_that_is_only_cut_keeps_its_samples(tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    done([make("wav")], step("cut", start=1, end=2), out=out)
    pcm = read_sound(out)
    assert len(pcm) == 2 * 48_000
    assert locate_sound(pcm, 10_000)[0] == pytest.approx(10_000, abs=0.01)
    assert locate_sound(pcm, 60_000)[0] == pytest.approx(108_000, abs=0.01)
