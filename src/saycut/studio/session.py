"""A session: files opened, sentences said, a history, results rendered. What every door holds.

Everything a session needs on disk lies in one private folder that is gone when it closes.
"""

import errno
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from saycut.audio.engines import USUAL
from saycut.errors import DiskFull, Impossible, NotFound
from saycut.language.understand import Context, FileRef, Step, Understanding
from saycut.media.encoders import Asked
from saycut.media.info import Source
from saycut.media.picture_parts import Part
from saycut.media.picture_spans import Span
from saycut.media.probe import open_source
from saycut.operations.base import NothingToDo, Operation
from saycut.operations.catalogue import as_data, build, in_working_order
from saycut.planner.plan import planned
from saycut.render.bank import SoundBank
from saycut.render.bench import Bench
from saycut.render.render import Rendered, render
from saycut.render.spans import encode_span, spans_of
from saycut.studio.facts import StudioFacts
from saycut.studio.music import bed_credit, file_credit, is_track, track_id, track_of
from saycut.studio.opening import asset_of, open_files
from saycut.timeline.history import History
from saycut.timeline.project import Asset, Project
from saycut.timeline.summary import summary_line
from saycut.timeline.value import but
from saycut.watch import Watch
from saycut.words import Words

OnStep = Callable[[int, dict[str, Any]], None]


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What one request did: its operations in the order they were said, with what each measured.

    `inferred` names, for each operation, the arguments that the words left to the files at hand.
    """

    plan: tuple[Operation, ...]
    inferred: tuple[tuple[str, ...], ...]
    steps: tuple[dict[str, Any], ...]
    notes: tuple[Words, ...]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a person may set for a whole session."""

    music_folder: Path | None = None
    separator: str = USUAL
    encoder: Asked = "x264"


class Session:
    """Open files being edited. Use it as a context manager; closing removes its work files."""

    def __init__(
        self,
        paths: Sequence[Path],
        watch: Watch,
        settings: Settings | None = None,
        bank: type[SoundBank] = SoundBank,
    ) -> None:
        _check_folder(settings)
        opened = open_files(paths, watch)
        self._begin(opened.sources, History.begin(opened.project), watch, settings, bank)
        self.notes = list(opened.notes)

    @classmethod
    def resumed(
        cls,
        sources: Mapping[str, Source],
        history: History,
        watch: Watch,
        settings: Settings | None = None,
        bank: type[SoundBank] = SoundBank,
    ) -> "Session":
        """A session that goes on where `history` is; `sources` are the files behind all of its assets but
        those of the music folder. Raises Impossible when one of these is gone that is heard now."""
        _check_folder(settings)
        session = cls.__new__(cls)
        session._begin({**sources, **_tracks(history, settings, watch)}, history, watch, settings, bank)
        session.notes = []
        session._turns = len(history.entries)  # what a step is called by must be new
        return session

    def _begin(
        self,
        sources: dict[str, Source],
        history: History,
        watch: Watch,
        settings: Settings | None,
        bank: type[SoundBank],
    ) -> None:
        self._settings = settings or Settings()
        self._work = tempfile.TemporaryDirectory(prefix="saycut-", ignore_cleanup_errors=True)
        self.watch = watch
        self.sources = sources
        self.history = history
        folder = Path(self._work.name)
        self._bench = Bench(
            sources=self.sources,
            bank=bank(self.sources, folder, watch, self._settings.separator),
            folder=folder,
            watch=watch,
            encoder=self._settings.encoder,
        )
        self._facts = StudioFacts(self._bench.bank, self._settings.music_folder, self._bring)
        self._turns = 0

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the work files."""
        self._bench.bank.close()
        self._work.cleanup()

    @property
    def project(self) -> Project:
        """The present state."""
        return self.history.project

    @property
    def settings(self) -> Settings:
        """What was set for the whole session."""
        return self._settings

    @property
    def bench(self) -> Bench:
        """What a render of this session works with."""
        return self._bench

    def summary(self) -> str:
        """What is on the timeline, in one line."""
        return summary_line(self.project)

    def understood(self, text: str) -> Understanding:
        """What `text` asks for, given what is on the timeline."""
        project = self.project
        files = tuple(FileRef(name=a.name, kind=a.kind) for a in project.assets if a.bed is None)
        context = Context(
            files=files,
            has_picture=project.has_picture,
            duration_s=float(project.duration_s),
            tracks=tuple(track.role for track in project.tracks if track.role != "main"),
        )
        return planned(text, context)

    def carry_out(self, steps: Sequence[Step], said: str = "", told: OnStep | None = None) -> Turn:
        """Apply one turn. `told` hears of every operation when it is done: its place in the plan, and what it
        measured. What had nothing to act on or could not be done beside other things becomes a
        note; raises (Impossible, NeedsAnswer …) when nothing at all could be done. The history gains
        one entry, or, for undo and redo, moves."""
        notes: list[Words] = []
        refusals: list[Impossible] = []
        operations: list[Operation] = []
        inferred: list[tuple[str, ...]] = []
        for step in steps:
            if step.op in ("undo", "redo"):
                if not self._moved(step):
                    refusals.append(_nowhere_to_move(step.op))
                continue
            if step.op == "unsupported":  # answered in words by the parser, never shown as an operation
                continue
            try:
                operations.append(build(step.op, step.args))
            except Impossible as refusal:
                refusals.append(refusal)
            else:
                inferred.append(step.inferred)
        done, project = self._applied(operations, notes, refusals, told)
        if refusals and all("refused" in step for step in done.values()):
            raise refusals[0]
        notes += [Words(r.sentence("en"), r.sentence("zh")) for r in refusals]
        if operations:
            # What must not change is said for one turn.
            self.history = self.history.then(but(project, protected=frozenset()), said)
        measured = tuple(done[place] for place in range(len(operations)))
        return Turn(plan=tuple(operations), inferred=tuple(inferred), steps=measured, notes=tuple(notes))

    def _moved(self, step: Step) -> bool:
        """Step back or forward in the history; False when there is nowhere to go."""
        place = self.history.place
        self.history = self.history.walked(step.op, step.args.get("steps", 1))
        return self.history.place != place

    def _applied(
        self,
        operations: list[Operation],
        notes: list[Words],
        refusals: list[Impossible],
        told: OnStep | None,
    ) -> tuple[dict[int, dict[str, Any]], Project]:
        """What each operation measured, by its place in the plan, and the project after them all."""
        self._turns += 1
        project = self.project
        done: dict[int, dict[str, Any]] = {}
        places = {id(operation): place for place, operation in enumerate(operations)}
        for operation in in_working_order(operations):
            place = places[id(operation)]
            name = f"{self._turns}.{place}"
            self.watch.report(operation.name, 0.0)
            try:
                outcome = operation.apply(project, self._facts, name)
            except NothingToDo as nothing:
                notes.append(nothing.words)
                done[place] = {**as_data(operation), "done": False}
            except Impossible as refusal:
                refusals.append(refusal)
                done[place] = {**as_data(operation), "done": False, "refused": refusal.sentence("en")}
            else:
                project = outcome.project
                notes += outcome.notes
                done[place] = {**as_data(operation), "done": True, "step": name, **outcome.measured}
            if told is not None:
                told(place, done[place])
        return done, project

    def render(self, out: Path, turn: Turn) -> Rendered:
        """Make the file of the present state, which `turn` led to."""
        return self.render_present(out, list(turn.steps))

    def render_present(self, out: Path, steps: list[dict[str, Any]], parts: Sequence[Part] = ()) -> Rendered:
        """Make the file of the present state; `steps` (with what they measured) come back in the receipt.

        `parts` are its picture in spans, encoded before (`render_span`).
        """
        with _disk_watched(out):
            return render(self.project, but(self._bench, parts=tuple(parts)), out, steps=steps)

    def spans(self, out: Path) -> list[Span]:
        """The frames of the present state in spans that may be encoded apart; none where that is not worth
        it."""
        return spans_of(self.project, self._bench, out)

    def render_span(self, out: Path, span: Span) -> None:
        """Encode one of the `spans` into `out`, an MP4 without sound."""
        with _disk_watched(out):
            encode_span(self.project, self._bench, out, span)

    def credits(self) -> list[dict[str, Any]]:
        """A manifest entry for every piece of music that was added."""
        entries: list[dict[str, Any]] = []
        for track in self.project.tracks:
            if track.role != "music" or not track.segments:
                continue
            segment = track.segments[0]
            asset = self.project.asset(segment.asset_id)
            if asset.bed is not None:
                sound = self._bench.bank.bed(asset, segment.duration_s)
                entries.append(bed_credit(asset, float(segment.duration_s), sound))
            else:
                entries.append(file_credit(asset, self.sources[asset.id].path))
        return entries

    def _bring(self, path: Path) -> Asset:
        """One more file, beside those that were opened."""
        for known_id, source in self.sources.items():
            if source.path == path:
                return asset_of(source, known_id)
        source = open_source(path, self.watch)
        asset = asset_of(source, track_id(path))
        self.sources[asset.id] = source
        return asset


@contextmanager
def _disk_watched(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(folder=str(out.parent)) from error
        raise


def _tracks(history: History, settings: Settings | None, watch: Watch) -> dict[str, Source]:
    """What of the music folder is in any state of `history`, as far as it is still there."""
    folder = settings.music_folder if settings is not None else None
    brought = {
        asset.id: asset for entry in history.entries for asset in entry.project.assets if is_track(asset)
    }
    found = {}
    for asset in brought.values():
        track = track_of(folder, asset) if folder is not None else None
        if track is not None:
            found[asset.id] = open_source(track, watch)
        elif asset.id in history.project.on_timeline:
            raise Impossible(
                reason=f"The music “{asset.name}” is no longer in the music folder.",
                reason_zh=f"音乐文件夹中已没有“{asset.name}”。",
            )
    return found


def _check_folder(settings: Settings | None) -> None:
    folder = settings.music_folder if settings is not None else None
    if folder is not None and not folder.is_dir():
        raise NotFound(name=str(folder))


def _nowhere_to_move(op: str) -> Impossible:
    if op == "undo":
        return Impossible(reason="There is nothing to undo.", reason_zh="没有可以撤销的操作。")
    return Impossible(reason="There is nothing to redo.", reason_zh="没有可以重做的操作。")
