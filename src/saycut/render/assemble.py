"""The picture made, and put together with its sound, under a limit of size where there is one."""

from pathlib import Path

import msgspec

from saycut.errors import Cancelled, DiskFull, EngineFailed, SaycutError
from saycut.media.copying import mux
from saycut.media.encoders import Encoder, chosen
from saycut.media.gif import encode_gif
from saycut.media.info import Source
from saycut.media.picture import PicturePlan
from saycut.media.picture_encode import encode_picture, join_parts
from saycut.media.probe import open_source
from saycut.media.splicing import splice_picture, splicing_of
from saycut.render.bench import Bench
from saycut.render.picture import Encoded
from saycut.render.size_limit import ATTEMPTS, fitted_size, lower, picture_kbps, too_long
from saycut.render.titles import with_titles
from saycut.timeline.project import Project
from saycut.watch import Watch
from saycut.words import Words

H264_SUFFIXES = (".mp4", ".mov", ".m4v", ".mkv")


class Assembled(msgspec.Struct, frozen=True, kw_only=True):
    """What to say about a picture that was made, how much of it was copied, and what encoded the rest."""

    notes: tuple[Words, ...] = ()
    frames_copied: int = 0
    encoder: str | None = None


class Silent(msgspec.Struct, frozen=True, kw_only=True):
    """An encoded picture without its sound; `path` is None when it is the result already."""

    path: Path | None
    assembled: Assembled


def encode(project: Project, picture: Encoded, out: Path, bench: Bench) -> Silent:
    """The picture of a result that may be as large as it comes out. It needs nothing of the sound.

    What was encoded in spans before is joined. Of a picture that is only cut, just what lies at the cuts is
    encoded.
    """
    if bench.parts:
        return _joined_parts(project, picture.plan, out, bench)
    return _spliced(project, picture.plan, out, bench) or _encoded(project, picture.plan, out, bench)


def joined(silent: Silent, sound: Source | None, out: Path, bench: Bench) -> Assembled:
    """`out` from both."""
    if silent.path is not None:
        mux(open_source(silent.path, bench.watch), sound, out, watch=bench.watch)
    return silent.assembled


def encode_within(
    project: Project, picture: Encoded, sound: Source | None, out: Path, bench: Bench
) -> Assembled:
    """`out` within the project's limit of size. Raises Impossible when it cannot be made as small as that."""
    limit = project.output.max_size_bytes
    assert limit is not None
    kbps = picture_kbps(limit, sound.info.byte_size if sound is not None else 0, picture.plan)
    for _ in range(ATTEMPTS):
        plan = fitted_size(picture.plan, kbps)
        made = joined(_encoded(project, plan, out, bench), sound, out, bench)
        size = out.stat().st_size
        if size <= limit:
            return msgspec.structs.replace(made, notes=(*made.notes, *_smaller(picture.plan, plan)))
        kbps = max(lower(kbps, limit, size), 1)
    raise too_long(limit, picture.plan.duration_s)


def is_cheaper_spliced(project: Project, plan: PicturePlan, out: Path, watch: Watch) -> bool:
    """Whether only what lies at the cuts would be encoded."""
    return _may_be_spliced(project, out) and splicing_of(plan, watch) is not None


def _may_be_spliced(project: Project, out: Path) -> bool:
    wanted_as_it_is = not project.titles and project.output.quality != "small"
    return wanted_as_it_is and out.suffix.lower() in H264_SUFFIXES


def _joined_parts(project: Project, plan: PicturePlan, out: Path, bench: Bench) -> Silent:
    _, notes = with_titles(project, plan, bench.folder)
    silent = bench.folder / f"picture{out.suffix}"
    join_parts(bench.parts, plan, silent, work=bench.folder, watch=bench.watch)
    return Silent(path=silent, assembled=Assembled(notes=notes, encoder="x264"))


def _spliced(project: Project, plan: PicturePlan, out: Path, bench: Bench) -> Silent | None:
    """None where everything has to be encoded: nothing long enough to copy, or the splice did not hold."""
    if not _may_be_spliced(project, out):
        return None
    silent = bench.folder / "spliced.mp4"
    try:
        made = splice_picture(plan, silent, work=bench.folder, watch=bench.watch)
    except (Cancelled, DiskFull):
        raise
    except SaycutError:
        return None
    if made is None:
        return None
    encoder = "x264" if made.joints else None
    return Silent(path=silent, assembled=Assembled(frames_copied=made.kept_frames, encoder=encoder))


def _encoded(project: Project, plan: PicturePlan, out: Path, bench: Bench) -> Silent:
    titled, notes = with_titles(project, plan, bench.folder)
    suffix = out.suffix.lower()
    if suffix == ".gif":
        encode_gif(titled, out, work=bench.folder, watch=bench.watch)
        return Silent(path=None, assembled=Assembled(notes=notes))
    silent = bench.folder / f"picture{out.suffix}"
    if suffix == ".webm":
        encode_picture(titled, silent, work=bench.folder, watch=bench.watch)
        return Silent(path=silent, assembled=Assembled(notes=notes, encoder="vp9"))
    encoder = _with_the_encoder_asked_for(titled, silent, bench)
    return Silent(path=silent, assembled=Assembled(notes=notes, encoder=encoder))


def _with_the_encoder_asked_for(plan: PicturePlan, out: Path, bench: Bench) -> Encoder:
    """Chips refuse sizes that libx264 takes: after "auto" it is asked then."""
    encoder: Encoder = "x264" if plan.bitrate_kbps is not None else chosen(bench.encoder)
    try:
        _encode(plan, encoder, out, bench)
    except EngineFailed:
        if encoder == "x264" or bench.encoder != "auto":
            raise
        encoder = "x264"
        _encode(plan, encoder, out, bench)
    return encoder


def _encode(plan: PicturePlan, encoder: Encoder, out: Path, bench: Bench) -> None:
    wanted = msgspec.structs.replace(plan, encoder=encoder)
    encode_picture(wanted, out, work=bench.folder, watch=bench.watch)


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
