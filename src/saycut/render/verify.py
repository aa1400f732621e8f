"""Verify: the finished file is opened again and measured; the renderer is not asked.

What is checked: the file probes; it has the tracks it should have; its length is right to a frame;
sound and picture end within a frame of each other; a copied picture is the same packets at the
same times. What fails here is our own fault and is never published.
"""

from fractions import Fraction
from pathlib import Path

import msgspec

from saycut.errors import Cancelled, EngineFailed
from saycut.media.info import MediaInfo, Source
from saycut.media.packets import SamePicture, stream_ends
from saycut.media.probe import copied_source, open_source
from saycut.render.picture import Copied, Drawn, Encoded, NoPicture, Picture
from saycut.watch import Watch

SLACK_S = Fraction(5, 1000)  # container time scales round to a millisecond (Matroska) at each end


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What the finished file was found to be."""

    info: MediaInfo
    av_end_difference_ms: float | None


def verified(
    out: Path,
    picture: Picture,
    duration_s: Fraction,
    *,
    has_sound: bool,
    sound: Source | None,
    watch: Watch,
) -> Measured:
    """What `out` really is; `sound` is the encoded sound that should be in it packet for packet.

    Raises EngineFailed when it is not what was planned.
    """
    watch.report("verify", 0.0)
    try:
        source, verdict = _opened(out, picture, sound, watch)
    except Cancelled:
        raise
    except Exception as error:
        raise EngineFailed(reason=f"the result could not be read back ({error})") from error
    if out.suffix.lower() == ".gif":
        return _verified_gif(source, picture)
    _check_tracks(source.info, picture, has_sound)
    frame_s = source.info.video.frame_s if source.info.video is not None else Fraction(1, 20)
    _check_length(source, duration_s, frame_s)
    ends = stream_ends(source)
    difference_ms = ends.av_end_difference_ms
    if not verdict:
        raise EngineFailed(reason=f"what was copied differs ({verdict.reason and verdict.reason.en})")
    if (
        not isinstance(picture, Copied)
        and difference_ms is not None
        and difference_ms > 1000 * float(frame_s) + 1
    ):
        raise EngineFailed(reason=f"sound and picture end {difference_ms:.0f} ms apart")
    return Measured(info=source.info, av_end_difference_ms=difference_ms)


def _opened(out: Path, picture: Picture, sound: Source | None, watch: Watch) -> tuple[Source, SamePicture]:
    origin = picture.source if isinstance(picture, Copied) else None
    if isinstance(picture, NoPicture) or (origin is None and sound is None):
        return open_source(out, watch), SamePicture(True)
    return copied_source(out, picture=origin, sound=sound, watch=watch)


def _verified_gif(source: Source, picture: Picture) -> Measured:
    """A GIF drops frames that differ in nothing; what has to be right is its length and its size."""
    image = source.info.image
    if image is None or not isinstance(picture, Encoded):
        raise EngineFailed(reason="the result is no GIF")
    if (image.width, image.height) != (picture.plan.width, picture.plan.height):
        raise EngineFailed(reason=f"{image.width}x{image.height} came out")
    if image.is_animated and abs(image.duration_s - picture.plan.duration_s) > 1 / picture.plan.frame_rate:
        was, wanted = float(image.duration_s), float(picture.plan.duration_s)
        raise EngineFailed(reason=f"the result lasts {was:.3f} s instead of {wanted:.3f} s")
    return Measured(info=source.info, av_end_difference_ms=None)


def _check_tracks(info: MediaInfo, picture: Picture, has_sound: bool) -> None:
    wants_picture = isinstance(picture, Copied | Encoded | Drawn)
    if (info.video is not None) != wants_picture or (info.audio is not None) != has_sound:
        raise EngineFailed(reason="the result does not have the tracks it should have")
    frames = picture.plan.frames if isinstance(picture, Encoded) else getattr(picture, "frames", None)
    if frames is not None and info.video is not None and info.video.frame_count != frames:
        raise EngineFailed(reason=f"{info.video.frame_count} frames came out instead of {frames}")


def _check_length(source: Source, duration_s: Fraction, frame_s: Fraction) -> None:
    if abs(source.info.duration_s - duration_s) > frame_s + SLACK_S:
        was, wanted = float(source.info.duration_s), float(duration_s)
        raise EngineFailed(reason=f"the result lasts {was:.3f} s instead of {wanted:.3f} s")
