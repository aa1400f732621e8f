"""Two or three things to say next: what is on the timeline decides, and what was said already is left out."""

import re
from dataclasses import dataclass

from saycut.client import tracks
from saycut.client.said import Said
from saycut.client.tracks import AUDIO, TEXT
from saycut.client.wire import State

_MOST = 3


@dataclass(frozen=True, slots=True)
class _Idea:
    """A sentence, and the words by which one sees that it was said before."""

    said: Said
    known_by: str
    needs_sound: bool = True


_IDEAS = (
    _Idea(Said("remove the background noise", "去掉背景噪音"), r"noise|hiss|hum|denoise|噪|杂音"),
    _Idea(Said("trim the silences", "剪掉停顿"), r"silence|pause|gap|停顿|静音段|空白"),
    _Idea(Said("bring the loudness to -14 LUFS", "把响度调到 -14 LUFS"), r"lufs|loud|normali[sz]e|响度"),
    _Idea(
        Said("add calm music under the voice", "在人声下加一段舒缓的音乐"),
        r"music|bgm|音乐|配乐",
        needs_sound=False,
    ),
    _Idea(
        Said("add a title “My video” for 3 seconds", "加一个 3 秒的标题“我的视频”"),
        r"title|text|标题|文字|字幕",
        needs_sound=False,
    ),
)
_EXPORT = Said("export", "导出")


def next_steps(state: State, said_before: str, language: str) -> tuple[str, ...]:
    """What may come next, "export" last; nothing when there is nothing on the timeline."""
    rows = [row for row in tracks.rows(state.draft) if row.pieces]
    if not rows:
        return ()
    heard = any(piece.heard for row in rows if row.kind != TEXT for piece in row.pieces)
    seen = any(row.kind != AUDIO for row in rows)
    fitting = [
        idea.said.said(language)
        for idea in _IDEAS
        if (heard or not idea.needs_sound)
        and (seen or not re.search("title", idea.known_by))
        and not re.search(idea.known_by, said_before, re.IGNORECASE)
    ]
    return (*fitting[: _MOST - 1], _EXPORT.said(language))
