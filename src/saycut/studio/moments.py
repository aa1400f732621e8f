"""A moment of a project as it stands: what is seen there, and what is heard from there on.

Only the seconds that are asked for are worked on, so a moment costs the same in a film as in a clip.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from saycut.errors import Impossible
from saycut.media.probe import open_source
from saycut.media.sound_encode import encode_sound
from saycut.media.thumbnail import thumbnail
from saycut.pcm import RATE_HZ, blocks_of
from saycut.render.canvas import canvas, even
from saycut.render.render import render
from saycut.studio import excerpt
from saycut.studio.scene import CONTEXT_S, bank_of
from saycut.studio.session import Session
from saycut.timeline.clock import Seconds, clock_text, on_grid
from saycut.timeline.project import Output, Project
from saycut.timeline.value import but

LONGEST_S = Seconds(10)
_SEEN_S = Seconds(1, 5)  # encoded around a picture: one frame alone is no film


def picture_at(session: Session, at_s: Seconds, most_side: int) -> bytes:
    """A JPEG of what is seen at `at_s`, at most `most_side` pixels a side. Raises Impossible."""
    project = _seen(session.project, at_s)
    start_s = on_grid(min(at_s, max(project.duration_s - _SEEN_S, Seconds(0))), project.grid_hz)
    with _film(session, (start_s, min(start_s + _SEEN_S, project.duration_s)), most_side) as film:
        return thumbnail(open_source(film, session.watch), at_s - start_s, most_side, session.watch)


def film_from(session: Session, at_s: Seconds, length_s: Seconds, most_side: int) -> bytes:
    """An MP4 without sound of what is seen from `at_s` on, every frame of it, at most ten seconds and
    `most_side` pixels a side. Raises Impossible."""
    project = _seen(session.project, at_s)
    with _film(session, _stretch(project, at_s, length_s), most_side) as film:
        return film.read_bytes()


@contextmanager
def _film(session: Session, span: tuple[Seconds, Seconds], most_side: int) -> Iterator[Path]:
    """That span of the timeline as a small film without sound, in the shape of the result."""
    seen = excerpt.excerpt(session.project, (span,))
    wide, high = canvas(seen)
    scale = min(Fraction(most_side, max(wide, high)), Fraction(1))
    output = Output(
        width=even(wide * scale),
        height=even(high * scale),
        fit=seen.output.fit,
        frame_rate=seen.output.frame_rate,
    )
    with tempfile.TemporaryDirectory(prefix="saycut-") as folder:
        film = Path(folder) / "seen.mp4"
        render(but(excerpt.silent(seen), output=output), session.bench, film, steps=[])
        yield film


def _stretch(project: Project, at_s: Seconds, length_s: Seconds) -> tuple[Seconds, Seconds]:
    """At most ten seconds from `at_s` on, on the grid of the timeline."""
    start_s = on_grid(at_s, project.grid_hz)
    return start_s, min(on_grid(start_s + min(length_s, LONGEST_S), project.grid_hz), project.duration_s)


class Heard(NamedTuple):
    """An MP3, and how loud it is; None for silence."""

    data: bytes
    lufs: float | None


def sound_from(
    session: Session, at_s: Seconds, length_s: Seconds, solo: frozenset[str] | None = None
) -> Heard:
    """What is heard from `at_s` on, at most ten seconds; before the loudness of the whole is set. With
    `solo` only the tracks of those ids.

    The session must work with a `WindowBank`. Raises Impossible.
    """
    from saycut.audio.loudness import measure
    from saycut.render.sound import mixed

    project, bench = session.project, session.bench
    check_within(project, at_s)
    heard = excerpt.excerpt(project, (_stretch(project, at_s, length_s),))
    bank_of(session).look_at_clips(heard, CONTEXT_S)
    pcm = mixed(heard, bench.bank, bench.folder, session.watch, solo)
    with tempfile.TemporaryDirectory(prefix="saycut-") as folder:
        out = Path(folder) / "heard.mp3"
        expected_s = Fraction(pcm.samples, RATE_HZ)
        encode_sound(blocks_of(pcm), out, expected_s=expected_s, watch=session.watch)
        level = measure(blocks_of(pcm), RATE_HZ, pcm.channels)
        return Heard(out.read_bytes(), level.integrated_lufs)


def _seen(project: Project, at_s: Seconds) -> Project:
    """`project`, when there is something to see at `at_s`. Raises Impossible."""
    check_within(project, at_s)
    if not project.has_picture:
        raise Impossible(reason="There is nothing to see here.", reason_zh="这里没有画面。")
    return project


def check_within(project: Project, at_s: Seconds) -> None:
    """Raises Impossible where nothing is on the timeline, or it ends before `at_s`."""
    if project.main is None or not project.main.segments:
        raise Impossible(reason="There is nothing on the timeline yet.", reason_zh="时间线上还没有内容。")
    if not 0 <= at_s < project.duration_s:
        end = clock_text(project.duration_s)
        raise Impossible(
            reason=f"{clock_text(at_s)} lies behind the end ({end}).",
            reason_zh=f"{clock_text(at_s)} 已超过结尾（{end}）。",
        )
