"""Typed slots: what quantities are, and what they mean together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .reading import slot_of, slots_of


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("cut the first ten seconds", 0, 10),
        ("cut the last half minute", -30, "end"),
        ("cut 1:02:03 to 1:03:00", 3723, 3780),
        ("cut from one minute ten to two minutes", 70, 120),
        ("cut between 10 and 20 seconds", 10, 20),
        ("cut 5 to 9 seconds", 5, 9),
        ("cut everything after three minutes", 180, "end"),
        ("cut everything before the playhead", 0, "playhead"),
        ("mute the second half", "50%", "end"),
        ("cut from the start to 0:40", 0, 40),
        ("cut 9:16 to 9:30", 556, 570),
        ("take 5 seconds off the end", -5, "end"),
        ("剪掉前十秒", 0, 10),
        ("剪掉最后半分钟", -30, "end"),
        ("剪掉两分零三秒到三分钟", 123, 180),
        ("剪掉1分20到2分50", 80, 170),
        ("剪掉第10秒到第20秒", 10, 20),
        ("剪掉三分钟之后的内容", 180, "end"),
        ("后半段静音", "50%", "end"),
    ],
)
def test_ranges(text: str, start: float | str, end: float | str) -> None:
    found = slot_of(text, "range")

    assert isinstance(found, dict)
    assert (found["start"], found["end"]) == (start, end)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("silences longer than 1.5 seconds", "longer", 1.5),
        ("超过两秒的停顿", "longer", 2),
        ("trim it to 60 seconds", "limit", 60),
        ("split it at 1:30", "point", 90),
        ("fade out over 3 seconds", "lasting", 3),
        ("split it every 30 seconds", "every", 30),
        ("the sound is 300 ms late", "offset", -0.3),
        ("声音比画面慢了0.5秒", "offset", -0.5),
        ("set it to 15%", "percent_to", 15),
        ("lower it by 20%", "percent_by", 20),
        ("音量调到七成", "percent_to", 70),
        ("by half", "percent_by", 50),
        ("降低一半", "percent_by", 50),
        ("twice as loud", "percent_to", 200),
        ("at half speed", "factor", 0.5),
        ("2.5x", "factor", 2.5),
        ("1.5倍速", "factor", 1.5),
        ("turn it up 6 dB", "db", 6),
        ("提高6分贝", "db", 6),
        ("-14 LUFS", "lufs", -14),
        ("at 9:16 please".replace("at ", ""), "aspect", "9:16"),
        ("16比9", "aspect", "16:9"),
        ("1080x1080", "dims", (1080, 1080)),
        ("24 fps", "fps", 24),
        ("192kbps", "kbps", 192),
        ("under 25 MB", "megabytes", 25),
        ("90 degrees", "degrees", 90),
        ("the second clip", "clip", 2),
        ("the last clip", "clip", -1),
        ("第三个片段", "clip", 3),
        ("倒数第二段", "clip", -2),
        ("the second audio track", "audio_track", 2),
        ("clips 2 and 3", "swap", [2, 3]),
        ("undo the last three changes", "steps", 3),
    ],
)
def test_typed_values(text: str, kind: str, value: object) -> None:
    assert slot_of(text, kind) == value


@given(st.integers(0, 59), st.integers(0, 59))
def test_every_clock_time_is_read(minutes: int, seconds: int) -> None:
    found = slot_of(f"split it at {minutes}:{seconds:02d}", "point")

    assert found == 60 * minutes + seconds


@given(st.integers(1, 59), st.integers(1, 59))
def test_every_chinese_time_is_read(minutes: int, seconds: int) -> None:
    found = slot_of(f"在{minutes}分{seconds}秒处分割", "point")

    assert found == 60 * minutes + seconds


def test_more_slots_of_a_kind_than_there_is_room_for_are_left_as_text() -> None:
    assert len(slots_of(" and ".join(f'"{number}"' for number in range(200)))) <= 200
