"""What a recipe records of the result that was made with it, so that `replay` can prove it."""

import hashlib
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from saycut.audio.engines import brought
from saycut.media.encoders import Asked
from saycut.operations.base import Operation
from saycut.operations.catalogue import as_data
from saycut.timeline.project import Project

if TYPE_CHECKING:
    from saycut.studio.session import Session


class RecipeStep(msgspec.Struct, frozen=True, kw_only=True):
    """One operation."""

    op: str
    args: dict[str, Any] = {}


class RecordedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file by its name and its content; never where it lay."""

    name: str
    sha256: str
    size_bytes: int


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A range of one input (counted from 0) on the finished timeline, in seconds."""

    input: int
    start_s: float
    end_s: float


class Made(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The inputs, the exact plan (what was inferred included), and the output.

    `brought` are files of the music folder. `kept` says which ranges of the inputs the clips of the result
    are, in order, and `music` where added music plays, in seconds of the result; `kept` is None where a clip
    plays at another speed or backwards. `target_lufs` is the loudness that the plan aimed at, None without
    one. An encoder divides its work by `processors`, and its bytes with it; `encoder` is the one asked for.
    `turns` says how many operations of the plan were carried out together, turn by turn; empty: all at once.
    """

    inputs: tuple[RecordedFile, ...]
    brought: tuple[RecordedFile, ...] = ()
    plan: tuple[RecipeStep, ...]
    separator: str
    processors: int
    machine: str
    output: RecordedFile
    kept: tuple[Stretch, ...] | None = None
    music: tuple[tuple[float, float], ...] = ()
    target_lufs: float | None = None
    encoder: Asked = "x264"
    turns: tuple[int, ...] = ()


def recorded(path: Path) -> RecordedFile:
    """`path` by content, read once in blocks."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return RecordedFile(name=path.name, sha256=digest.hexdigest(), size_bytes=file.tell())


def made(session: "Session", paths: Sequence[Path], plan: Iterable[Operation], out: Path) -> Made:
    """The record of `out`, which `session` has just made of `paths`."""
    later = [source.path for source in list(session.sources.values())[len(paths) :]]
    return record(
        session,
        inputs=tuple(recorded(path) for path in paths),
        brought_files=tuple(recorded(path) for path in later),
        plan=tuple(msgspec.convert(as_data(operation), RecipeStep) for operation in plan),
        output=recorded(out),
    )


def record(
    session: "Session",
    *,
    inputs: tuple[RecordedFile, ...],
    plan: tuple[RecipeStep, ...],
    output: RecordedFile,
    brought_files: tuple[RecordedFile, ...] = (),
    turns: tuple[int, ...] = (),
) -> Made:
    """The record of `output`, which `session` has just made on this machine."""
    separator = session.settings.separator
    kind = brought(separator)
    if kind is not None:  # a path says where a person keeps things
        separator = kind + Path(separator.removeprefix(kind)).name
    return Made(
        inputs=inputs,
        brought=brought_files,
        plan=plan,
        turns=turns,
        separator=separator,
        encoder=session.settings.encoder,
        processors=processors(),
        machine=platform.machine(),
        output=output,
        kept=_kept(session.project, list(session.sources)),
        music=_music(session.project),
        target_lufs=session.project.target.lufs if session.project.target is not None else None,
    )


def processors() -> int:
    """How many this process may use; x264 and VP9 take as many threads by it."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _kept(project: Project, ids: Sequence[str]) -> tuple[Stretch, ...] | None:
    segments = project.main.segments if project.main is not None else ()
    if any(s.speed != 1 or s.reverse or s.blend is not None for s in segments):
        return None
    rows = [(ids.index(s.asset_id), s.start_s, s.source_end_s) for s in segments]
    return tuple(Stretch(input=at, start_s=_micro(a), end_s=_micro(b)) for at, a, b in rows)


def _music(project: Project) -> tuple[tuple[float, float], ...]:
    music = [track for track in project.tracks if track.role == "music"]
    return tuple((_micro(s.at_s), _micro(s.end_s)) for track in music for s in track.segments)


def _micro(time_s: Any) -> float:
    return round(float(time_s), 6)
