"""Glances at a file, for whoever draws it: how loud it is along its length, and what it looks like."""

import tempfile
from pathlib import Path

import numpy as np

from saycut.errors import Impossible
from saycut.media.cover import extract_cover
from saycut.media.info import Source
from saycut.media.peaks import peaks
from saycut.media.sound import store_sound
from saycut.media.thumbnail import thumbnail
from saycut.studio.session import Session
from saycut.watch import Watch

_RATE_HZ = 16_000  # enough to draw by


def loudness_along(source: Source, count: int, watch: Watch) -> list[float]:
    """The RMS level of each of `count` equal stretches of the file, full scale 1.0. Raises Impossible without
    sound."""
    if source.info.audio is None:
        raise Impossible(
            reason=f"{source.path.name} has no sound.", reason_zh=f"{source.path.name} 没有声音。"
        )
    with tempfile.TemporaryDirectory(prefix="saycut-") as folder:
        length_s = source.info.duration_s  # of the file: its sound may end before
        stored, _ = store_sound(
            source, Path(folder), rate_hz=_RATE_HZ, channels=1, duration_s=length_s, watch=watch
        )
        with stored:
            levels: list[float] = np.round(peaks(stored, count).astype(np.float64), 5).tolist()
    return levels


def result_along(session: Session, count: int) -> list[float]:
    """The RMS level of each of `count` equal stretches of the session's mix, before its final level. Raises
    Impossible for an empty timeline."""
    from saycut.render.sound import mixed

    project, bench = session.project, session.bench
    if project.duration_s == 0:
        raise Impossible(reason="There is nothing on the timeline yet.", reason_zh="时间线上还没有内容。")
    with mixed(project, bench.bank, bench.folder, bench.watch) as sound:
        levels: list[float] = np.round(peaks(sound, count).astype(np.float64), 5).tolist()
    return levels


def picture_of(source: Source, percent: int, most_side: int, watch: Watch) -> bytes:
    """A JPEG of what is seen that far into it; of a sound its cover. Raises Impossible without a picture."""
    with tempfile.TemporaryDirectory(prefix="saycut-") as folder:
        seen = source if source.info.kind != "audio" else extract_cover(source, Path(folder), watch)
        if seen is None:
            raise Impossible(
                reason=f"{source.path.name} has no picture.", reason_zh=f"{source.path.name} 没有画面。"
            )
        return thumbnail(seen, seen.info.duration_s * percent / 100, most_side, watch)
