"""Picture and sound put together in one file, under a limit of size where there is one."""

from pathlib import Path

import msgspec

from saycut.errors import Cancelled, DiskFull, SaycutError
from saycut.media.copying import mux
from saycut.media.gif import encode_gif
from saycut.media.info import Source
from saycut.media.picture import PicturePlan
from saycut.media.picture_encode import encode_picture
from saycut.media.probe import open_source
from saycut.media.splicing import splice_picture
from saycut.render.picture import Encoded
from saycut.render.size_limit import ATTEMPTS, fitted_size, lower, picture_kbps, too_long
from saycut.render.titles import with_titles
from saycut.timeline.project import Project
from saycut.watch import Watch
from saycut.words import Words

_SPLICED_SUFFIXES = (".mp4", ".mov", ".m4v", ".mkv")


class Assembled(msgspec.Struct, frozen=True, kw_only=True):
    """What should be said about a file that was put together, and how much of its picture was copied."""

    notes: tuple[Words, ...] = ()
    frames_copied: int = 0


def encode_and_mux(
    project: Project, picture: Encoded, sound: Source | None, out: Path, *, folder: Path, watch: Watch
) -> Assembled:
    """Encode the plan into `out` beside `sound`; of a picture that is only cut, just what lies at the cuts.

    Raises Impossible when it cannot be made as small as was asked.
    """
    limit = project.output.max_size_bytes
    if limit is None:
        spliced = _spliced(project, picture.plan, sound, out, folder=folder, watch=watch)
        if spliced is not None:
            return spliced
        return _made(project, picture.plan, sound, out, folder=folder, watch=watch)
    kbps = picture_kbps(limit, sound.info.byte_size if sound is not None else 0, picture.plan)
    for _ in range(ATTEMPTS):
        plan = fitted_size(picture.plan, kbps)
        made = _made(project, plan, sound, out, folder=folder, watch=watch)
        size = out.stat().st_size
        if size <= limit:
            return Assembled(notes=(*made.notes, *_smaller(picture.plan, plan)))
        kbps = max(lower(kbps, limit, size), 1)
    raise too_long(limit, picture.plan.duration_s)


def _spliced(
    project: Project, plan: PicturePlan, sound: Source | None, out: Path, *, folder: Path, watch: Watch
) -> Assembled | None:
    """None where everything has to be encoded: nothing long enough to copy, or the splice did not hold."""
    if project.titles or project.output.quality == "small" or out.suffix.lower() not in _SPLICED_SUFFIXES:
        return None
    silent = folder / "spliced.mp4"
    try:
        made = splice_picture(plan, silent, work=folder, watch=watch)
    except (Cancelled, DiskFull):
        raise
    except SaycutError:
        return None
    if made is None:
        return None
    mux(open_source(silent, watch), sound, out, watch=watch)
    return Assembled(frames_copied=made.kept_frames)


def _made(
    project: Project, plan: PicturePlan, sound: Source | None, out: Path, *, folder: Path, watch: Watch
) -> Assembled:
    titled, notes = with_titles(project, plan, folder)
    if out.suffix.lower() == ".gif":
        encode_gif(titled, out, work=folder, watch=watch)
        return Assembled(notes=notes)
    silent = folder / f"picture{out.suffix}"
    encode_picture(titled, silent, work=folder, watch=watch)
    mux(open_source(silent, watch), sound, out, watch=watch)
    return Assembled(notes=notes)


def _smaller(asked: PicturePlan, made: PicturePlan) -> tuple[Words, ...]:
    if (asked.width, asked.height) == (made.width, made.height):
        return ()
    size = f"{made.width}×{made.height}"
    return (
        Words(
            f"The picture is {size}: more would look worse at that size of file.",
            f"画面为 {size}：在该文件大小下，更大的画面只会更差。",
        ),
    )
