"""What a piece's own effects are called, and what is said when they come and go."""

from typing import Any

import pytest

from saycut.client.changes import changes
from saycut.client.tracks import VIDEO
from saycut.client.wire import State


@pytest.mark.parametrize(
    ("effect", "said", "said_zh"),
    [
        ({"type": "remove_music"}, "Music taken out", "已去除音乐"),
        ({"type": "remove_music", "keep": "ambience"}, "Music taken out, the ambience kept", "保留环境音"),
        ({"type": "remove_music", "keep": "ambience", "down_db": 10.0}, "turned down", "降低录音中的音乐"),
        ({"type": "remove_music", "track": "a1"}, "A known song taken out", "消除指定歌曲"),
        ({"type": "denoise", "kind": "hum"}, "Hum lowered", "已去除嗡声"),
    ],
)
def test_what_was_done_to_a_piece_is_said(effect: dict[str, Any], said: str, said_zh: str) -> None:
    before, after = state([]), state([effect])
    (line,) = changes(before, after, "en")
    assert said in line
    (line_zh,) = changes(before, after, "zh")
    assert said_zh in line_zh


def state(cleanups: list[dict[str, Any]]) -> State:
    """One clip, with that done to its sound."""
    own = {"saycut": {"cleanups": cleanups}, "name": "talk.mp4"}
    return State({"t": [{"tt": VIDEO, "sg": [{"d": 1000, "m": own}]}], "d": 1000}, {}, None)
