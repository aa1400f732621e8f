"""From a `Clip` to a file, by PyAV with frame-exact and sample-exact time stamps."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.factory import sound as sounds
from tests.factory import stamp
from tests.factory.spec import Clip, Picture, Sound
from tests.factory.talk import speech

_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}
_LOSSLESS = ("pcm_s16le", "pcm_s24le", "pcm_f32le", "flac")
_UNTAGGED = ("mjpeg", "mpeg4")  # carry no colour tags and are BT.601 by custom
_SPEED = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none:frame-threads=1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "b": "400k", "auto-alt-ref": "0"},
    "mpeg4": {"qscale": "3", "flags": "+qscale", "global_quality": str(3 * 118)},
    "mjpeg": {"qmin": "3", "qmax": "3"},
    "libsvtav1": {"preset": "12"},
}


def write_clip(clip: Clip, path: Path) -> None:
    """Write `clip` to `path`, whose suffix need not match the container."""
    # Sound before time 0 that is meant to be heard pushes everything later; what an edit list hides does not.
    early = min((sound.start_s for sound in clip.sounds), default=Fraction(0))
    hidden = clip.picture is not None and clip.picture.hidden > 0
    shift = clip.start_s + (Fraction(0) if hidden else max(Fraction(0), -early))
    options = dict(clip.muxer)
    if clip.container in ("mp4", "mov", "m4a"):
        options.setdefault("movie_timescale", "48000")  # edit lists exact to the sample, not to 1 ms
    with av.open(str(path), "w", format=_format(clip.container), options=options) as out:
        packets: list[Any] = []
        feeds = [] if clip.picture is None else [_picture_packets(out, clip.picture)]
        feeds += [_sound_packets(out, clip, number) for number in range(len(clip.sounds))]
        for feed in feeds:
            packets += feed
        for packet in packets:
            _delay(packet, shift)
        out.start_encoding()
        for packet in sorted(packets, key=lambda each: each.dts * each.time_base):
            out.mux(packet)


def _format(container: str) -> str:
    return {"mkv": "matroska", "ts": "mpegts", "m4a": "ipod"}.get(container, container)


def _picture_packets(out: Any, picture: Picture) -> list[Any]:
    os.environ.setdefault("SVT_LOG", "0")  # else SVT-AV1 writes a page about itself to stderr
    stream = out.add_stream(picture.codec, rate=picture.rate, options=_video_options(picture))
    wide, high = picture.width, picture.height
    if picture.rotation in (90, 270):
        wide, high = high, wide
    stream.width, stream.height, stream.pix_fmt = wide, high, picture.pix_fmt
    context = stream.codec_context
    context.thread_count = 1
    base = picture.time_base if picture.ticks is not None else 1 / picture.rate
    context.time_base = stream.time_base = base
    context.gop_size = picture.gop
    context.max_b_frames = picture.b_frames
    _tag_colours(context, picture)
    if picture.rotation:
        stream.set_display_rotation(-picture.rotation)  # FFmpeg counts counter-clockwise
    packets = []
    for number, time in enumerate(picture.times):
        frame = _frame(picture, number)
        frame.pts, frame.time_base = round(time / base), base
        packets += stream.encode(frame)
    packets += stream.encode(None)
    lengths = dict(zip((round(time / base) for time in picture.times), picture.durations, strict=True))
    for packet in packets:
        packet.duration = round(lengths[packet.pts] / packet.time_base)
    return packets


def _video_options(picture: Picture) -> dict[str, str]:
    options = dict(_SPEED.get(picture.codec, {}))
    if picture.codec == "libx264":
        extra = [f"keyint={picture.gop}:min-keyint=2:scenecut=0:bframes={picture.b_frames}"]
        extra.append(f"open-gop={int(picture.open_gop)}:b-adapt=0:weightp=0")
        if picture.interlaced:
            options["flags"] = "+ildct+ilme"
            extra.append("tff=1")
        options |= {"crf": str(picture.crf), "x264-params": ":".join(extra)}
    elif picture.codec == "libx265":
        options |= {"crf": str(picture.crf)}
        options["x265-params"] += f":keyint={picture.gop}:bframes={picture.b_frames}:scenecut=0"
        options["x265-params"] += f":open-gop={int(picture.open_gop)}"
    return options


def _tag_colours(context: Any, picture: Picture) -> None:
    context.color_range = 2 if picture.full_range else 1
    if picture.codec in _UNTAGGED:
        return
    primaries, curve, matrix = (9, 16, 9) if picture.hdr else (1, 1, 1)
    context.color_primaries, context.color_trc, context.colorspace = primaries, curve, matrix


def _frame(picture: Picture, number: int) -> Any:
    rgb = stamp.draw(picture.first_index + number, picture.width, picture.height, picture.source)
    # Stored turned counter-clockwise, so that the player's clockwise turn sets it upright.
    rgb = np.ascontiguousarray(np.rot90(rgb, picture.rotation // 90))
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
    frame = frame.reformat(
        format=picture.pix_fmt,
        dst_colorspace="ITU601" if picture.codec in _UNTAGGED else "ITU709",
        src_color_range="JPEG",
        dst_color_range="JPEG" if picture.full_range else "MPEG",
    )
    frame.color_range = 2 if picture.full_range else 1
    return frame


def _sound_packets(out: Any, clip: Clip, number: int) -> list[Any]:
    spec = clip.sounds[number]
    options: dict[str, str] = {"strict": "experimental"} if spec.codec in ("opus", "vorbis") else {}
    stream = out.add_stream(spec.codec, rate=spec.rate_hz, layout=_LAYOUTS[spec.channels], options=options)
    if spec.codec not in _LOSSLESS:
        stream.codec_context.bit_rate = spec.bit_rate
    packets = []
    for frame in _sound_frames(clip, spec, number):
        packets += stream.encode(frame)
    packets += stream.encode(None)
    start = _begin_s(clip, spec)
    length = round((clip.sound_end_s(number) - start) * spec.rate_hz)
    packets[-1].duration = max(1, length - packets[-1].pts)  # what is past the end is padding
    for packet in packets:
        _delay(packet, start + clip.lag_s)
    return packets


def _begin_s(clip: Clip, spec: Sound) -> Fraction:
    """When the stored sound begins: under hidden frames there is sound too, hidden like them."""
    if clip.picture is not None and clip.picture.hidden:
        return spec.start_s + clip.picture.times[0]
    return spec.start_s


def _delay(packet: Any, by_s: Fraction) -> None:
    ticks = by_s / packet.time_base
    if ticks.denominator != 1:
        raise ValueError(f"{by_s} s is no whole number of ticks of {packet.time_base} s")
    packet.pts += int(ticks)
    packet.dts += int(ticks)


def _sound_frames(clip: Clip, spec: Sound, number: int) -> Iterator[Any]:
    start = _begin_s(clip, spec)
    pcm = pcm_of(spec, float(start), float(clip.sound_end_s(number) - start))
    for at in range(0, len(pcm), spec.rate_hz):
        part = np.ascontiguousarray(pcm[at : at + spec.rate_hz].T)
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=_LAYOUTS[spec.channels])
        frame.sample_rate, frame.pts, frame.time_base = spec.rate_hz, at, Fraction(1, spec.rate_hz)
        yield frame


def pcm_of(spec: Sound, start_s: float, length_s: float) -> NDArray[np.float32]:
    """The original sound of `spec` between two times, (samples, channels) at its own rate."""
    shape = {"rate_hz": spec.rate_hz, "channels": spec.channels}
    if spec.kind == "code":
        return sounds.time_code(start_s, length_s, source=spec.source, **shape)
    if spec.kind == "tones":
        return sounds.tones(start_s, length_s, **shape)
    if spec.kind == "clicks":
        return sounds.clicks(start_s, length_s, **shape)
    if spec.kind == "bursts":
        return sounds.bursts(
            spec.spoken, start_s, length_s, source=spec.source, floor_db=spec.floor_db, **shape
        )
    if spec.kind == "speech":
        return speech(start_s, length_s, **shape)
    return np.zeros((round(length_s * spec.rate_hz), spec.channels), np.float32)
