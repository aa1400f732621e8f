"""`preview`: a few seconds before and after an edit, and what was removed, without making the edit.

Only these seconds of the clips, and some context around them, are listened to (`window.WindowBank`), so a
preview takes as long in a film as in a short clip, unless two recordings have to be aligned.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec

from saycut.errors import Usage
from saycut.language.lexicon import lexicon
from saycut.media.copying import mux
from saycut.media.probe import open_source
from saycut.media.publish import check_place, publishing
from saycut.media.sound_encode import encode_sound
from saycut.operations.catalogue import as_data
from saycut.render.render import render
from saycut.studio import excerpt, naming
from saycut.studio.edit import steps_of
from saycut.studio.scene import (
    CONTEXT_S,
    LISTENING,
    Scene,
    Sounds,
    amplified,
    bank_of,
    listen_to,
    write_sound,
)
from saycut.studio.session import Session, Settings, Turn
from saycut.studio.window import WindowBank
from saycut.timeline.clock import Seconds, clock_text, on_grid, seconds
from saycut.timeline.project import Project
from saycut.timeline.value import but
from saycut.watch import Watch
from saycut.words import Words

LONGEST_S = 60
_PICTURE_SIDE = 540
_FILES = {"before": "before.wav", "after": "after.wav", "removed": "removed.wav", "picture": "after.mp4"}
_ENGINES = ("saycut.render.sound", "saycut.audio.loudness", "saycut.audio.denoise")


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
        listen_to(session, excerpt.shown_in(was, *window))
        understood = session.understood(look.say)
        turn = session.carry_out(steps_of(understood), look.say)
        scene = Scene(session, was, window)
        naming.made_folder(look.folder)
        heard, files = _written(scene, session, look)
        seen = Preview(
            folder=look.folder,
            at_s=float(window[0]),
            length_s=float(window[1] - window[0]),
            after_s=float(scene.after_s),
            files=files,
            lufs=heard.lufs,
            gain_before_db=heard.gain_before_db,
            gain_after_db=heard.gain_after_db,
            removed=heard.what,
            removed_s=heard.removed_s,
            on_window=tuple(dict.fromkeys(o.name for o in turn.plan if o.name in LISTENING)),
            heard_whole=tuple(sorted(bank_of(session).heard_whole)),
            turn=turn,
            warnings=tuple(dict.fromkeys([*session.notes, *turn.notes, *understood.unsupported])),
            language=look.language or understood.language,
        )
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


def _written(scene: Scene, session: Session, look: Look) -> tuple[Sounds, dict[str, Path]]:
    """What is heard, and the files that were written into the folder."""
    heard = scene.sounds()
    sounds = {
        "before": (heard.before, heard.gain_before_db),
        "after": (heard.after, heard.gain_after_db),
        "removed": (heard.removed, heard.gain_before_db),
    }
    files = {
        name: write_sound(pcm, gain_db, look.folder / _FILES[name], session.watch)
        for name, (pcm, gain_db) in sounds.items()
        if pcm is not None
    }
    seen = scene.after.has_picture and not excerpt.same_looks(scene.before, scene.after)
    if heard.after is not None and seen:
        files["picture"] = _picture(scene, session, heard, look.folder / _FILES["picture"])
    return heard, files


def _picture(scene: Scene, session: Session, heard: Sounds, out: Path) -> Path:
    """The seconds after the plan as they look, small, with the sound of after.wav."""
    bench = session.bench
    output = scene.after.output
    if (output.short_side, output.width, output.height) == (None, None, None):
        output = but(output, short_side=_PICTURE_SIDE)
    silent = but(excerpt.silent(scene.after), output=but(output, max_size_bytes=None))
    picture, sound = bench.folder / "seen.mp4", bench.folder / "heard.m4a"
    render(silent, bench, picture, steps=[])
    assert heard.after is not None
    encode_sound(amplified(heard.after, heard.gain_after_db), sound, watch=bench.watch)
    with publishing(out) as temporary:
        mux(
            open_source(picture, bench.watch),
            open_source(sound, bench.watch),
            temporary,
            watch=bench.watch,
        )
    return out


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
