"""A few seconds of an open session before and after operations that nobody agreed to yet, as small files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from saycut.language.understand import Step
from saycut.pcm import PcmReader
from saycut.render.render import with_reports
from saycut.studio import excerpt
from saycut.studio.moments import LONGEST_S, check_within
from saycut.studio.scene import Scene, listen_to, write_sound
from saycut.studio.session import Session, Turn
from saycut.studio.telling import telling_s
from saycut.timeline.clock import Seconds, on_grid
from saycut.timeline.spans import total_s
from saycut.words import Words


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """MP3s at one loudness, and how to read them; see `scene.Sounds`. `steps` are what each operation
    measured, on these seconds alone where it listens."""

    at_s: float
    length_s: float
    after_s: float
    before: bytes
    after: bytes | None
    removed: bytes | None
    what: str
    removed_s: float
    lufs: float | None
    gain_before_db: float
    gain_after_db: float
    steps: tuple[dict[str, Any], ...]
    notes: tuple[Words, ...]


def listening(session: Session, steps: Sequence[Step], at_s: Seconds | None, length_s: Seconds) -> Listening:
    """What `steps` would do, heard for `length_s` (at most ten) from `at_s` on, or from a telling moment.

    The session works with a `WindowBank` and is of no use afterwards. Raises what an edit would, and
    Impossible for a place behind the end.
    """
    was = session.project
    check_within(was, at_s or Seconds(0))
    length_s = min(length_s, LONGEST_S)
    start_s = on_grid(at_s, was.grid_hz) if at_s is not None else telling_s(session, steps, length_s)
    window = (start_s, min(on_grid(start_s + length_s, was.grid_hz), was.duration_s))
    listen_to(session, excerpt.shown_in(was, *window))
    turn = session.carry_out(steps)
    scene = Scene(session, was, window)
    heard = scene.sounds()

    def mp3(name: str, pcm: PcmReader | None, gain_db: float) -> bytes | None:
        if pcm is None or pcm.samples == 0:
            return None
        out: Path = session.bench.folder / f"{name}.mp3"
        return write_sound(pcm, gain_db, out, session.watch).read_bytes()

    return Listening(
        at_s=float(window[0]),
        length_s=float(window[1] - window[0]),
        after_s=float(scene.after_s),
        before=mp3("before", heard.before, heard.gain_before_db) or b"",
        after=mp3("after", heard.after, heard.gain_after_db),
        removed=mp3("removed", heard.removed if heard.removed_s else None, heard.gain_before_db),
        what=heard.what,
        removed_s=heard.removed_s,
        lufs=heard.lufs,
        gain_before_db=heard.gain_before_db,
        gain_after_db=heard.gain_after_db,
        steps=_measured(session, turn, scene),
        notes=tuple(dict.fromkeys([*session.notes, *turn.notes])),
    )


def _measured(session: Session, turn: Turn, scene: Scene) -> tuple[dict[str, Any], ...]:
    """What each operation measured; of a trim alone what it takes out of these seconds, not around them."""
    told = [dict(with_reports(step, session.bench.bank)) for step in turn.steps]
    cutting = [step for step in told if "cuts" in step]
    if len(cutting) == 1 and "segments_removed" in cutting[0]:
        here = {"removed_s": round(float(total_s(scene.gone)), 3), "segments_removed": len(scene.gone)}
        cutting[0].update(here, cuts=[[float(a), float(b)] for a, b in scene.gone])
    return tuple(told)
