"""The work itself, in a process of its own: `python -m saycut.service.task` with a request on stdin.

The processes that talk to people and to the database never decode, listen or encode. The answer is lines of
JSON on stdout: {"progress": [stage, fraction]}, {"step": [place, measured]}, and last {"done": …} or
{"error": …}. It ends when its stdin is closed, when it is told to stop, and with the one who started it.
"""

import json
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from saycut.errors import Cancelled, DiskFull, Internal, SaycutError
from saycut.language.understand import Step
from saycut.media.info import Source, info_from_json
from saycut.media.picture_parts import Part
from saycut.render.bank import SoundBank
from saycut.service.room import NoRoom, is_full
from saycut.studio.forecast import Size, Sound, music_of, size_of, sound_of
from saycut.studio.glancing import loudness_along, picture_of, result_along
from saycut.studio.listening import listening
from saycut.studio.made import RecipeStep, RecordedFile, record, recorded
from saycut.studio.moments import film_from, picture_at, sound_from
from saycut.studio.preflight import Choice, as_chosen, checks
from saycut.studio.recipe import Recipe
from saycut.studio.session import Session, Settings
from saycut.studio.window import WindowBank
from saycut.timeline.clock import seconds
from saycut.timeline.history import Entry, History
from saycut.timeline.stored import from_text, to_text
from saycut.timeline.value import but
from saycut.watch import Watch

_PROGRESS_EVERY_S = 0.2


def main() -> None:
    """Do what is asked and say how it went; the exit status is 0 whenever something was said."""
    request = json.loads(sys.stdin.readline())
    watch = Watch(_reporter())
    signal.signal(signal.SIGTERM, lambda *_: watch.cancel())
    threading.Thread(target=_until_left_alone, args=(watch,), daemon=True).start()
    try:
        _say({"done": _KINDS[request["kind"]](request, watch)})
    except SaycutError as error:
        _say({"error": _told(error)})
    except Exception as error:  # said as what it is: a full disk, or a fault of ours
        if is_full(error):
            _say({"error": _told(NoRoom())})
            return
        _say({"error": _told(Internal(reason=type(error).__name__))})
        raise


def turn(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Carry out `steps` on the history that is given; what it gains, and where it then is."""
    history = history_of(request["history"])
    steps = [Step(each["op"], each["args"], tuple(each.get("inferred", ()))) for each in request["steps"]]
    with _session(request, history, watch) as session:
        made = session.carry_out(
            steps, request["said"], lambda place, measured: _say({"step": [place, measured]})
        )
        began = len(history.entries)
        unchanged = (history.project, history.entries[request["stood"]].project)
        return {
            "began": began,
            "history": history_data(but(session.history, entries=session.history.entries[began:])),
            "changed": session.project not in unchanged,
            "steps": list(made.steps),
            "notes": [[note.en, note.zh] for note in made.notes],
            "described": [[line.en, line.zh] for line in (op.describe() for op in made.plan)],
            "moved": 0 if made.plan else session.history.undo_steps - history.undo_steps,
            "summary": session.summary(),
        }


def render(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Make the file of a project at `out`."""
    history = History.begin(from_text(request["project"]))
    with _session(request, history, watch) as session:
        parts = [Part(Path(path), frames) for path, frames in request["parts"]]
        out = Path(request["out"])
        rendered = session.render_present(out, request["steps"], parts)
        return {
            "recipe": _recipe(request, session, out),
            "receipt": msgspec.to_builtins(rendered.receipt),
            "notes": [[note.en, note.zh] for note in rendered.notes],
            "credits": session.credits(),
        }


def _recipe(request: dict[str, Any], session: Session, out: Path) -> Any:
    """The recipe of what was made, where a plan led to it; with the record of the result, where the same plan
    makes the same file again: of files that were all there before it, and in one go."""
    asked = request.get("recipe")
    if asked is None:
        return None
    plan = msgspec.convert(asked["plan"], tuple[RecipeStep, ...])
    made = None
    if asked["inputs"] is not None and not request["parts"]:
        made = record(
            session,
            inputs=msgspec.convert(asked["inputs"], tuple[RecordedFile, ...]),
            plan=plan,
            turns=tuple(asked["turns"]),
            output=msgspec.structs.replace(recorded(out), name=asked["name"]),
        )
    return msgspec.to_builtins(Recipe(said=asked["said"], plan=plan, made=made))


def divide(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """The spans in which the picture for `out` may be encoded; none when it is better made in one go."""
    with _session(request, History.begin(from_text(request["project"])), watch) as session:
        return {"spans": session.spans(Path(request["out"]))}


def span(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Encode the frames `span` of a project's picture into `out`."""
    first, end = request["span"]
    with _session(request, History.begin(from_text(request["project"])), watch) as session:
        session.render_span(Path(request["out"]), (first, end))
    return {}


def glance(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Write peaks or a thumbnail of the file at `path` to `out`."""
    source = Source(Path(request["path"]), info_from_json(request["info"].encode()))
    if request["glance"] == "peaks":
        data = json.dumps(loudness_along(source, request["count"], watch)).encode()
    else:
        data = picture_of(source, request["percent"], request["most_side"], watch)
    Path(request["out"]).write_bytes(data)
    return {}


def levels(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Write how loud a project is along its length to `out`."""
    with _session(request, History.begin(from_text(request["project"])), watch) as session:
        Path(request["out"]).write_text(json.dumps(result_along(session, request["count"])))
    return {}


def moment(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Write what is seen at `at_s` of a project, or seen or heard from there on, to `out`; how loud it is."""
    history = History.begin(from_text(request["project"]))
    at_s, length_s, lufs = seconds(request["at_s"]), seconds(request["length_s"]), None
    with _session(request, history, watch, WindowBank) as session:
        if request["moment"] == "picture":
            data = picture_at(session, at_s, request["most_side"])
        elif request["moment"] == "film":
            data = film_from(session, at_s, length_s, request["most_side"])
        else:
            solo = request["solo"]
            data, lufs = sound_from(session, at_s, length_s, None if solo is None else frozenset(solo))
    Path(request["out"]).write_bytes(data)
    return {"lufs": lufs}


def listen(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """A few seconds of a project before and after `steps`; sounds in base64."""
    history = History.begin(from_text(request["project"]))
    steps = [Step(each["op"], each["args"]) for each in request["steps"]]
    at_s = None if request["at_s"] is None else seconds(request["at_s"])
    with _session(request, history, watch, WindowBank) as session:
        heard = listening(session, steps, at_s, seconds(request["length_s"]))
        told: dict[str, Any] = msgspec.to_builtins(heard)  # bytes as base64
    return told


def preflight(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """What is to be known before a project becomes a file of that `choice`; what was measured of its sound
    before comes along."""
    choice = msgspec.convert(request["choice"], Choice)
    with _session(request, History.begin(from_text(request["project"])), watch) as session:
        known = request["sound"]
        sound = sound_of(session) if known is None else msgspec.convert(known["of"], Sound | None)
        chosen, _ = as_chosen(session.project, choice)
        size = (
            size_of(session, chosen, choice.format)
            if request["size"] is None
            else msgspec.convert(request["size"], Size)
        )
        found = checks(
            session.project,
            choice,
            sound=sound,
            size=size,
            music=music_of(session),
            free_bytes=min(request["free_bytes"], shutil.disk_usage(session.bench.folder).free),
        )
    measured = {"sound": {"of": msgspec.to_builtins(sound)}, "size": msgspec.to_builtins(size)}
    return {"checks": msgspec.to_builtins(found), **measured}


_KINDS = {
    "turn": turn,
    "render": render,
    "divide": divide,
    "span": span,
    "glance": glance,
    "moment": moment,
    "levels": levels,
    "listen": listen,
    "preflight": preflight,
}


def history_data(history: History) -> dict[str, Any]:
    """A history as plain data."""
    entries = [
        {
            "project": to_text(entry.project),
            "said": entry.said,
            "version": entry.version,
            "after": entry.after,
        }
        for entry in history.entries
    ]
    return {"entries": entries, "place": history.place, "tip": history.tip}


def history_of(data: dict[str, Any]) -> History:
    """The inverse of `history_data`; what was written when a history was a line is read as one."""
    entries = tuple(
        Entry(
            project=from_text(e["project"]),
            said=e["said"],
            version=e["version"],
            after=e.get("after", at - 1 if at else None),
        )
        for at, e in enumerate(data["entries"])
    )
    return History(entries=entries, place=data["place"], tip=data.get("tip", len(entries) - 1))


def _session(
    request: dict[str, Any], history: History, watch: Watch, bank: type[SoundBank] = SoundBank
) -> Session:
    sources = {
        asset["id"]: Source(Path(asset["path"]), info_from_json(asset["info"].encode()))
        for asset in request["assets"]
    }
    folder = request.get("music_folder")
    settings = Settings(music_folder=None if folder is None else Path(folder))
    return Session.resumed(sources, history, watch, settings, bank)


def _reporter() -> Callable[[str, float], None]:
    last: dict[str, float] = {"at_s": 0.0}

    def report(stage: str, fraction: float) -> None:
        now_s = time.monotonic()
        if now_s - last["at_s"] >= _PROGRESS_EVERY_S or fraction >= 1:
            last["at_s"] = now_s
            _say({"progress": [stage, round(fraction, 4)]})

    return report


def _until_left_alone(watch: Watch) -> None:
    """Whoever started us holds the other end of stdin: when it is closed, nobody waits for the result."""
    sys.stdin.read()
    watch.cancel()


def _say(line: dict[str, Any]) -> None:
    try:
        sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise Cancelled() from None


def _told(error: SaycutError) -> dict[str, Any]:
    """What a person may read; which folder of this machine is full is not for them."""
    if isinstance(error, DiskFull):
        error = NoRoom()
    return {
        "code": error.code,
        "http_status": error.http_status,
        "en": error.sentence("en"),
        "zh": error.sentence("zh"),
        "hint_en": error.hint("en"),
        "hint_zh": error.hint("zh"),
    }


if __name__ == "__main__":
    main()
