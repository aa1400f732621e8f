"""`preview`: a few seconds before and after an edit, and what was removed, without making the edit.

Only these seconds of the clips, and some context around them, are listened to (`window.WindowBank`), so a
preview takes as long in a film as in a short clip, unless two recordings have to be aligned.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import msgspec

from saycut.errors import Usage
from saycut.language.lexicon import lexicon
from saycut.media.copying import mux
from saycut.media.probe import open_source
from saycut.media.publish import check_place, publishing
from saycut.media.sound_encode import encode_sound
from saycut.operations.catalogue import as_data
from saycut.pcm import RATE_HZ, Blocks, Pcm, PcmReader, blocks_of
from saycut.render.render import render
from saycut.studio import excerpt, naming
from saycut.studio.edit import steps_of
from saycut.studio.session import Session, Settings, Turn
from saycut.studio.window import WindowBank
from saycut.timeline.clock import Seconds, clock_text, on_grid, seconds
from saycut.timeline.project import Project
from saycut.timeline.spans import total_s
from saycut.timeline.value import but
from saycut.watch import Watch
from saycut.words import Words

if TYPE_CHECKING:
    from saycut.audio.loudness import Level
    from saycut.media.pcm_file import PcmFile

CONTEXT_S = Seconds(2)  # heard on either side, so that noise and pauses are known at the edges
LONGEST_S = 60
LOUDNESS_LUFS = -16.0  # both sounds are brought here, or as near as their peaks allow
_CEILING_DBTP = -1.0
_MOST_GAIN_DB = 20.0
_PICTURE_SIDE = 540
_FILES = {"before": "before.wav", "after": "after.wav", "removed": "removed.wav", "picture": "after.mp4"}
_ENGINES = ("saycut.render.sound", "saycut.audio.loudness", "saycut.audio.denoise")
# Verbs that listen to a sound: here they hear the window only.
_LISTENING = frozenset(
    {
        "trim_silence",
        "denoise",
        "remove_music",
        "isolate_music",
        "isolate_voice",
        "enhance_audio",
        "add_music",
    }
)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What to preview: the words, from which second on (None: the middle), how long, and where to put it."""

    say: str
    folder: Path
    at_s: Seconds | None = None
    length_s: Seconds = Seconds(10)
    language: str | None = None
    settings: Settings = Settings()


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What was written and how to read it. Gains are what was added to each for equal loudness."""

    folder: Path
    at_s: float
    length_s: float
    after_s: float
    files: dict[str, Path]
    lufs: float | None
    gain_before_db: float
    gain_after_db: float
    removed: str  # "difference", "cut" or "nothing"
    removed_s: float
    on_window: tuple[str, ...]
    heard_whole: tuple[str, ...]
    turn: Turn
    warnings: tuple[Words, ...]
    language: str

    def as_data(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "folder": str(self.folder),
            "at_s": self.at_s,
            "seconds": self.length_s,
            "after_s": self.after_s,
            "files": {name: str(path) for name, path in self.files.items()},
            "lufs": self.lufs,
            "gain_before_db": self.gain_before_db,
            "gain_after_db": self.gain_after_db,
            "removed": {"what": self.removed, "seconds": self.removed_s},
            "computed_on_window": list(self.on_window),
            "heard_whole": list(self.heard_whole),
            "plan": [as_data(operation) for operation in self.turn.plan],
            "warnings": [warning.said(self.language) for warning in self.warnings],
        }

    def lines(self) -> list[str]:
        """What a person should know, a line each."""
        return [words.said(self.language) for words in self._told()]

    def _told(self) -> list[Words]:
        told = [operation.describe() for operation in self.turn.plan]
        told.append(_place_told(self.at_s, self.length_s, self.after_s))
        if self.lufs is not None:
            gains = (f"{self.gain_before_db:+.1f} dB", f"{self.gain_after_db:+.1f} dB")
            told.append(
                Words(
                    f"both at {self.lufs:.1f} LUFS: before {gains[0]}, after {gains[1]}",
                    f"两者均为 {self.lufs:.1f} LUFS：处理前 {gains[0]}，处理后 {gains[1]}",
                )
            )
        told.append(_removed_told(self.removed, self.removed_s))
        if self.on_window:
            names = ", ".join(self.on_window)
            told.append(
                Words(
                    f"computed on these seconds and {CONTEXT_S} s around them alone: {names}",
                    f"仅根据这几秒及前后各 {CONTEXT_S} 秒计算：{names}",
                )
            )
        if self.heard_whole:
            names = ", ".join(self.heard_whole)
            told.append(Words(f"listened to whole: {names}", f"完整分析：{names}"))
        return told


def time_of(text: str) -> Seconds:
    """A time as people type it: 75, 75.5, 1:15, 1:02:03.5. Raises Usage."""
    if not re.fullmatch(r"(\d+:){0,2}\d+(\.\d+)?", text):
        raise Usage(
            reason=f"“{text}” is no time; write 75 or 1:15.", reason_zh=f"“{text}”不是时间，请写 75 或 1:15。"
        )
    total = Seconds(0)
    for part in text.split(":"):
        total = total * 60 + seconds(part)
    return total


def preview(paths: Sequence[Path], look: Look, watch: Watch) -> Preview:
    """Write before.wav, after.wav and removed.wav (and after.mp4 when the picture changes) into a folder.

    Raises the error tree: Usage for a place behind the end, and what an edit would raise.
    """
    for name in _FILES.values() if look.folder.is_dir() else ():
        check_place(look.folder / name, paths)
    with _made_ready(), Session(paths, watch, look.settings, WindowBank) as session:
        was = session.project
        window = _window(was, look)
        _listen_to(session, excerpt.shown_in(was, *window))
        understood = session.understood(look.say)
        turn = session.carry_out(steps_of(understood), look.say)
        scene = _Scene(session, was, window)
        naming.made_folder(look.folder)
        seen = scene.written(turn, look, look.language or understood.language, understood.unsupported)
    for name in _FILES.keys() - seen.files.keys():  # of an earlier preview, which this one is not
        (look.folder / _FILES[name]).unlink(missing_ok=True)
    return seen


@contextmanager
def _made_ready() -> Iterator[None]:
    """Words and engines are loaded on a thread while a child process reads the files: half a second less."""

    def load() -> None:
        lexicon()
        for engine in _ENGINES:
            import_module(engine)

    thread = Thread(target=load, name="made-ready")
    thread.start()
    try:
        yield
    finally:
        thread.join()


class _Scene:
    """The window of one project before and after a turn, with its sounds."""

    def __init__(self, session: Session, was: Project, window: tuple[Seconds, Seconds]) -> None:
        self._session = session
        self._window = window
        self._was = was
        now = session.project
        self._before = excerpt.excerpt(was, (window,))
        self._spans = excerpt.where_shown(now, excerpt.shown_in(was, *window))
        self._after = excerpt.excerpt(now, self._spans)
        self._gone = excerpt.cut_out(was, now, window)
        for segment in (s for track in self._after.tracks if track.role != "music" for s in track.segments):
            asset = self._after.asset(segment.asset_id)
            if asset.bed is None and asset.has_sound:
                _bank(session).look_at(asset, segment.start_s, segment.source_end_s, CONTEXT_S)

    def written(self, turn: Turn, look: Look, language: str, unsupported: tuple[Words, ...]) -> Preview:
        """Everything into the folder."""
        before, after = self._mixed(self._before), self._mixed(self._after) if self._spans else None
        levels = [_level(before), _level(after) if after is not None else None]
        lufs, gains = _equal(levels)
        files = {"before": self._sound(before, gains[0], look.folder / _FILES["before"])}
        if after is not None:
            files["after"] = self._sound(after, gains[1], look.folder / _FILES["after"])
        removed, what = self._removed(before, after)
        if removed is not None:
            files["removed"] = self._sound(removed, gains[0], look.folder / _FILES["removed"])
        if (
            after is not None
            and self._after.has_picture
            and not excerpt.same_looks(self._before, self._after)
        ):
            files["picture"] = self._picture(after, gains[1], look.folder / _FILES["picture"])
        return Preview(
            folder=look.folder,
            at_s=float(self._window[0]),
            length_s=float(self._window[1] - self._window[0]),
            after_s=float(total_s(self._spans)),
            files=files,
            lufs=lufs,
            gain_before_db=gains[0],
            gain_after_db=gains[1],
            removed=what,
            removed_s=0.0 if removed is None or what == "nothing" else removed.samples / RATE_HZ,
            on_window=tuple(dict.fromkeys(o.name for o in turn.plan if o.name in _LISTENING)),
            heard_whole=tuple(sorted(_bank(self._session).heard_whole)),
            turn=turn,
            warnings=tuple(dict.fromkeys([*self._session.notes, *turn.notes, *unsupported])),
            language=language,
        )

    def _mixed(self, project: Project) -> "PcmFile":
        from saycut.render.sound import mixed

        bench = self._session.bench
        return mixed(project, bench.bank, bench.folder, bench.watch)

    def _removed(self, before: PcmReader, after: PcmReader | None) -> tuple[PcmReader | None, str]:
        """What is gone, as a sound: the cuts joined, else the difference; None where neither makes sense."""
        if self._gone:
            return self._mixed(excerpt.excerpt(self._was, self._gone)), "cut"
        if after is None or not excerpt.same_times(self._before, self._after):
            return None, "nothing"
        clips = tuple(track for track in self._after.tracks if track.role == "main")
        alone = len(clips) == len(self._after.tracks)
        kept = after if alone else self._mixed(but(self._after, tracks=clips))
        difference = Difference(before, kept)
        loudest = max((float(abs(block).max(initial=0.0)) for block in blocks_of(difference)), default=0.0)
        return difference, "difference" if loudest > 10 ** (-90 / 20) else "nothing"

    def _sound(self, pcm: PcmReader, gain_db: float, out: Path) -> Path:
        with publishing(out) as temporary:
            encode_sound(
                _amplified(pcm, gain_db),
                temporary,
                expected_s=Fraction(pcm.samples, RATE_HZ),
                watch=self._session.watch,
            )
        return out

    def _picture(self, pcm: PcmReader, gain_db: float, out: Path) -> Path:
        """The seconds after the plan as they look, small, with the sound of after.wav."""
        bench = self._session.bench
        tracks = tuple(
            but(track, segments=tuple(but(s, audible=False) for s in track.segments))
            for track in self._after.tracks
        )
        output = self._after.output
        if (output.short_side, output.width, output.height) == (None, None, None):
            output = but(output, short_side=_PICTURE_SIDE)
        silent = but(self._after, tracks=tracks, target=None, output=but(output, max_size_bytes=None))
        picture, sound = bench.folder / "seen.mp4", bench.folder / "heard.m4a"
        render(silent, bench, picture, steps=[])
        encode_sound(_amplified(pcm, gain_db), sound, watch=bench.watch)
        with publishing(out) as temporary:
            mux(
                open_source(picture, bench.watch),
                open_source(sound, bench.watch),
                temporary,
                watch=bench.watch,
            )
        return out


class Difference:
    """One sound less another, sample by sample."""

    def __init__(self, one: PcmReader, other: PcmReader) -> None:
        self._one = one
        self._other = other
        self.rate_hz = one.rate_hz
        self.channels = one.channels
        self.samples = one.samples

    def read(self, start: int, count: int) -> Pcm:
        """`count` samples from `start`, zeros outside."""
        rest: Pcm = self._one.read(start, count) - self._other.read(start, count)
        return rest


def _bank(session: Session) -> WindowBank:
    bank = session.bench.bank
    if not isinstance(bank, WindowBank):
        raise TypeError("a preview works with a bank of windows")
    return bank


def _window(project: Project, look: Look) -> tuple[Seconds, Seconds]:
    """The seconds to look at, on the grid of the timeline. Raises Usage."""
    if not 0 < look.length_s <= LONGEST_S:
        raise Usage(reason=f"A preview lasts up to {LONGEST_S} s.", reason_zh=f"预览最长 {LONGEST_S} 秒。")
    whole_s = project.duration_s
    if look.at_s is not None and look.at_s >= whole_s:
        at, end = clock_text(look.at_s), clock_text(whole_s)
        raise Usage(reason=f"{at} lies behind the end ({end}).", reason_zh=f"{at} 已超过结尾（{end}）。")
    middle_s = max((whole_s - look.length_s) / 2, Seconds(0))
    start_s = on_grid(look.at_s if look.at_s is not None else middle_s, project.grid_hz)
    return start_s, min(on_grid(start_s + look.length_s, project.grid_hz), whole_s)


def _listen_to(session: Session, moments: Sequence[excerpt.Shown]) -> None:
    """Let the bank hear these moments, and of the other clips nothing."""
    project, bank = session.project, _bank(session)
    for moment in moments:
        bank.look_at(project.asset(moment.asset_id), moment.start_s, moment.end_s, CONTEXT_S)
    on_timeline = {segment.asset_id for track in project.tracks for segment in track.segments}
    bank.unheard |= on_timeline - {moment.asset_id for moment in moments}


def _level(pcm: PcmReader) -> "Level":
    from saycut.audio.loudness import measure

    return measure(blocks_of(pcm), RATE_HZ, pcm.channels)


def _equal(levels: Sequence["Level | None"]) -> tuple[float | None, tuple[float, float]]:
    """One loudness for both, under the ceiling without a limiter, and the gains that give it."""
    known = [level for level in levels if level is not None and level.integrated_lufs is not None]
    if not known:
        return None, (0.0, 0.0)
    reach = [(level.integrated_lufs or 0.0) + _CEILING_DBTP - level.true_peak_dbtp for level in known]
    least = min(level.integrated_lufs or 0.0 for level in known)
    lufs = min(LOUDNESS_LUFS, least + _MOST_GAIN_DB, *reach)
    first, second = (
        lufs - level.integrated_lufs if level is not None and level.integrated_lufs is not None else 0.0
        for level in levels
    )
    return round(lufs, 2), (round(first, 2), round(second, 2))


def _amplified(pcm: PcmReader, gain_db: float) -> Blocks:
    factor = 10 ** (gain_db / 20)
    for block in blocks_of(pcm):
        yield (block * factor).astype("float32")


def _place_told(at_s: float, length_s: float, after_s: float) -> Words:
    at, long, left = clock_text(at_s), clock_text(length_s), clock_text(after_s)
    return Words(
        f"{long} from {at} on" + (f", {left} of them left" if abs(after_s - length_s) > 0.01 else ""),
        f"从 {at} 起的 {long}" + (f"，其中剩下 {left}" if abs(after_s - length_s) > 0.01 else ""),
    )


def _removed_told(what: str, removed_s: float) -> Words:
    if what == "cut":
        return Words(
            f"removed.wav: the {removed_s:.1f} s that were cut out, joined, at the level of before.wav",
            f"removed.wav：剪去的 {removed_s:.1f} 秒，首尾相接，音量与 before.wav 相同",
        )
    if what == "difference":
        return Words(
            "removed.wav: before less after, sample by sample, at the level of before.wav",
            "removed.wav：处理前减处理后的逐样本差，音量与 before.wav 相同",
        )
    return Words("nothing was removed from the recorded sound here", "此处的原声没有去掉任何内容")
