"""A moment of a project as it stands: what is seen there, and what is heard from there on.

Only the seconds that are asked for are worked on, so a moment costs the same in a film as in a clip.
"""

import tempfile
from fractions import Fraction
from pathlib import Path

from saycut.errors import Impossible
from saycut.media.probe import open_source
from saycut.media.sound_encode import encode_sound
from saycut.media.thumbnail import thumbnail
from saycut.pcm import RATE_HZ, blocks_of
from saycut.render.render import render
from saycut.studio import excerpt
from saycut.studio.preview import CONTEXT_S
from saycut.studio.session import Session
from saycut.studio.window import WindowBank
from saycut.timeline.clock import Seconds, clock_text, on_grid
from saycut.timeline.project import Project
from saycut.timeline.value import but

LONGEST_S = Seconds(10)
_SEEN_S = Seconds(1, 5)  # encoded around a picture: one frame alone is no film


def picture_at(session: Session, at_s: Seconds, most_side: int) -> bytes:
    """A JPEG of what is seen at `at_s`, at most `most_side` pixels a side. Raises Impossible."""
    project = session.project
    _check_within(project, at_s)
    if not project.has_picture:
        raise Impossible(reason="There is nothing to see here.", reason_zh="这里没有画面。")
    latest_s = max(project.duration_s - _SEEN_S, Seconds(0))
    start_s = on_grid(min(at_s, latest_s), project.grid_hz)
    seen = excerpt.excerpt(project, ((start_s, min(start_s + _SEEN_S, project.duration_s)),))
    tracks = tuple(
        but(track, segments=tuple(but(s, audible=False) for s in track.segments))
        for track in seen.tracks
        if track.role != "music"
    )
    output = but(seen.output, short_side=None, width=None, height=None, max_size_bytes=None, format=None)
    silent = but(seen, tracks=tracks, target=None, output=but(output, short_side=most_side))
    with tempfile.TemporaryDirectory(prefix="saycut-") as folder:
        film = Path(folder) / "seen.mp4"
        render(silent, session.bench, film, steps=[])
        return thumbnail(open_source(film, session.watch), at_s - start_s, most_side, session.watch)


def sound_from(session: Session, at_s: Seconds, length_s: Seconds) -> bytes:
    """An MP3 of what is heard from `at_s` on, at most ten seconds; before the loudness of the whole is set.

    The session must work with a `WindowBank`. Raises Impossible.
    """
    from saycut.render.sound import mixed

    project, bench = session.project, session.bench
    _check_within(project, at_s)
    start_s = on_grid(at_s, project.grid_hz)
    end_s = min(on_grid(start_s + min(length_s, LONGEST_S), project.grid_hz), project.duration_s)
    heard = excerpt.excerpt(project, ((start_s, end_s),))
    if not isinstance(bench.bank, WindowBank):
        raise TypeError("a moment works with a bank of windows")
    for segment in (s for track in heard.tracks if track.role != "music" for s in track.segments):
        asset = heard.asset(segment.asset_id)
        if asset.bed is None and asset.has_sound:
            bench.bank.look_at(asset, segment.start_s, segment.source_end_s, CONTEXT_S)
    pcm = mixed(heard, bench.bank, bench.folder, session.watch)
    with tempfile.TemporaryDirectory(prefix="saycut-") as folder:
        out = Path(folder) / "heard.mp3"
        expected_s = Fraction(pcm.samples, RATE_HZ)
        encode_sound(blocks_of(pcm), out, expected_s=expected_s, watch=session.watch)
        return out.read_bytes()


def _check_within(project: Project, at_s: Seconds) -> None:
    if project.main is None or not project.main.segments:
        raise Impossible(reason="There is nothing on the timeline yet.", reason_zh="时间线上还没有内容。")
    if not 0 <= at_s < project.duration_s:
        end = clock_text(project.duration_s)
        raise Impossible(
            reason=f"{clock_text(at_s)} lies behind the end ({end}).",
            reason_zh=f"{clock_text(at_s)} 已超过结尾（{end}）。",
        )
