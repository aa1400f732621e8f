"""Files made of packets that already exist: nothing here decodes or encodes."""

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from saycut.errors import Usage
from saycut.media.ffmpeg import COPY_LIMITS, execute, file_operand, head, input_args
from saycut.media.info import MediaInfo, Source, VideoStream
from saycut.watch import Watch

_MUXERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}
_WEBM_PICTURES = ("vp8", "vp9", "av1")
_SOUNDS = {
    ".mp4": ("aac", "mp3", "ac3", "eac3", "alac", "flac", "opus"),
    ".mov": ("aac", "mp3", "ac3", "eac3", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
    ".webm": ("opus", "vorbis"),
}
_LONGEST_PRIMING_S = Fraction(1, 20)  # AAC as Apple writes it: 2112 samples
# Edit lists count in this; at 48 kHz the sound's own samples are whole numbers of it (measured: with
# the default of 1000 the last samples of a sound were cut).
_MOVIE_TIMESCALE = 48_000
_LONG_FILE_BYTES = 64 << 20
_INDEX_HEAD_BYTES = 128 << 10  # headers, parameter sets, rounding
_PICTURE_ENTRY_BYTES = 36  # stsz 4, ctts 8, stts 8, stss 4, co64 8, stsc share
_SOUND_ENTRY_BYTES = 24  # the same without ctts and stss
_MOST_SOUND_PACKETS_HZ = 100  # AAC at 48 kHz: 47; the shorter packets of Opus: 50


def copy_obstacle(info: MediaInfo, suffix: str) -> str | None:
    """Why the main picture of `info` cannot be copied into a file of that suffix; None when it can.

    A technical phrase for logs and plans. Sizes are the planner's business.
    """
    video = info.video
    if video is None:
        return "no picture"
    matroska, webm = suffix.lower() in (".mkv", ".webm"), suffix.lower() == ".webm"
    obstacles = (
        (info.is_cut_off, "the file was cut off"),
        (info.container == "avi", "AVI stores no presentation times"),
        (bool(video.hidden_frames) and matroska, "an edit list, which Matroska lacks"),
        (video.is_hdr, "HDR"),
        (webm and video.codec not in _WEBM_PICTURES, f"{video.codec} in WebM"),
        (not webm and video.codec != "h264", f"{video.codec} instead of H.264"),
        (video.pix_fmt not in ("yuv420p", "yuvj420p"), f"{video.pix_fmt} instead of 8-bit 4:2:0"),
    )
    return next((reason for stands, reason in obstacles if stands), None)


def copy_all_obstacle(info: MediaInfo, suffix: str) -> str | None:
    """Why picture and main sound cannot be copied together into a file of that suffix; None when they can."""
    audio = info.audio
    codecs = _SOUNDS.get(suffix.lower())
    if audio is not None and codecs is not None and audio.codec not in codecs:
        return f"{audio.codec} in {suffix}"
    if audio is not None and audio.start_s > 0 and audio.hidden_start_s > _LONGEST_PRIMING_S:
        # The muxer cannot both delay a sound and hide its beginning.
        return "sound that begins late and is cut at its beginning"
    return copy_obstacle(info, suffix)


def copy_picture_argv(
    source: Source, sound: Source | None, out: Path, *, title: str | None = None
) -> list[str]:
    """The argv of `copy_picture`; its shape depends on nothing that a file or a person says."""
    video = _picture_of(source)
    inputs, maps = _from_zero(source, source.info.zero_pts_s), ["-map", f"0:{video.index}"]
    if sound is not None:
        track = sound.info.audio
        if track is None:
            raise Usage(reason=f"{sound.path.name} holds no sound")
        inputs += _from_zero(sound, sound.info.zero_pts_s)
        maps += ["-map", f"1:{track.index}"]
    return [*head(), "-copyts", *inputs, *maps, *_output_args(source, video, out, title)]


def copy_picture(
    source: Source,
    sound: Source | None,
    out: Path,
    *,
    title: str | None = None,
    watch: Watch | None = None,
) -> None:
    """Copy the main picture of `source` bit for bit into `out`, beside the main track of `sound` (if any).

    The sound's first sample meets the first shown picture, to the sample. Rotation, edit list and
    variable frame timing are kept; other tracks, chapters and container tags (place, device) are not.
    The suffix of `out` decides the container. Raises as `ffmpeg.execute`, Usage when there is no picture.
    """
    argv = copy_picture_argv(source, sound, out, title=title)
    _copy(argv, source.info.duration_s, [source, *([sound] if sound is not None else [])], out, watch)


def copy_all_argv(source: Source, out: Path, *, title: str | None = None) -> list[str]:
    """The argv of `copy_all`."""
    video = _picture_of(source)
    maps = ["-map", f"0:{video.index}"]
    if source.info.audio is not None:
        maps += ["-map", f"0:{source.info.audio.index}"]
    inputs = _from_zero(source, source.info.zero_pts_s)
    return [*head(), "-copyts", *inputs, *maps, *_output_args(source, video, out, title)]


def copy_all(source: Source, out: Path, *, title: str | None = None, watch: Watch | None = None) -> None:
    """Copy the main picture and the main sound of `source` bit for bit, keeping their offset.

    Raises as `ffmpeg.execute`, Usage when there is no picture.
    """
    _copy(copy_all_argv(source, out, title=title), source.info.duration_s, [source], out, watch)


def mux(
    picture: Source, sound: Source | None, out: Path, *, title: str | None = None, watch: Watch | None = None
) -> None:
    """Put an encoded picture and an encoded sound, each from its own zero, into `out` by copying."""
    copy_picture(picture, sound, out, title=title, watch=watch)


def _copy(
    argv: Sequence[str], duration_s: Fraction, inputs: Sequence[Source], out: Path, watch: Watch | None
) -> None:
    execute(
        argv,
        expected_s=duration_s,
        stage="copy",
        watch=watch,
        limits=COPY_LIMITS,
        reads=[source.path for source in inputs],
        writes=[out],
    )


def _picture_of(source: Source) -> VideoStream:
    if source.info.video is None:
        raise Usage(reason=f"{source.path.name} holds no picture")
    return source.info.video


def _from_zero(source: Source, zero_s: Fraction) -> list[str]:
    """Open `source` with its zero moved to 0; ffmpeg takes microseconds and rounds to whole ticks again."""
    shift_us = -round(zero_s * 1_000_000)
    return ["-itsoffset", f"{shift_us}us", *input_args(source)]


def _output_args(source: Source, video: VideoStream, out: Path, title: str | None) -> list[str]:
    muxer = _MUXERS.get(out.suffix.lower())
    if muxer is None:
        raise Usage(reason=f"{out.suffix or 'no suffix'} is not one of {', '.join(_MUXERS)}")
    args = ["-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1"]
    if title:
        args += ["-metadata", f"title={title}"]
    if muxer in ("mp4", "mov"):
        args += [*_index_first(source.info, video), "-movie_timescale", str(_MOVIE_TIMESCALE)]
    else:  # Matroska: without it, random identifiers make every copy another file
        args += ["-fflags", "+bitexact"]
        if video.has_alpha:
            args += ["-metadata:s:v:0", "alpha_mode=1"]
    return [*args, "-f", muxer, file_operand(out)]


def _index_first(info: MediaInfo, video: VideoStream) -> list[str]:
    """Options that put the index before the pictures, so that a player may start at once.

    Moving it there afterwards (faststart) reads and writes everything once more; in long files room is
    left for it instead: a bound on what the tables take (ISO 14496-12), the rest becomes a free box.
    """
    if info.byte_size < _LONG_FILE_BYTES:
        return ["-movflags", "+faststart"]
    pictures = video.frame_count + video.hidden_frames
    sounds = math.ceil(info.duration_s * _MOST_SOUND_PACKETS_HZ)
    room = _INDEX_HEAD_BYTES + pictures * _PICTURE_ENTRY_BYTES + sounds * _SOUND_ENTRY_BYTES
    return ["-moov_size", str(room)]
