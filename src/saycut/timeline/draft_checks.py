"""What may come in from a client's draft: its size and depth first, then every number of the project in it.

The draft is data of a stranger. Nothing of it is looked at more closely before `checked_json` has walked
through it without recursion and found plain, small, finite JSON.
"""

import math
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from saycut.errors import BadDraft
from saycut.timeline.clock import Seconds
from saycut.timeline.project import Asset, Fades, Look, LoudnessTarget, Output, Segment, Title, Track
from saycut.words import Words

MOST_DEPTH = 40
MOST_VALUES = 1_000_000
MOST_TEXT = 20_000  # characters of one text, all that a draft's own fields hold is far shorter
MOST_NAME = 200  # characters of a key or an id
MOST_TRACKS = 100
MOST_SEGMENTS = 20_000
MOST_TITLE = 500  # as the verb `text` has it
LONGEST_S = Seconds(1000 * 3600)
SHORTEST_S = Seconds(1, 1_000_000)
MOST_DIGITS = 1000  # of an exact time's numerator or denominator
MOST_SIDE = 16_384  # H.264's own limit
MOST_DB = 200.0
SLACK_S = Seconds(1, 10)  # by which a range may reach past its source: a probe's length is not exact

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_]{1,40}")
_PLAIN_VALUES = (str, bool, int, float, type(None))


def wrong(path: str, en: str, zh: str) -> BadDraft:
    """The error for the field at `path`."""
    return BadDraft(path=path or "the draft", path_zh=path or "开头", reason=en, reason_zh=zh)


def too_many(path: str, most: int, en: str, zh: str) -> BadDraft:
    """The error for a list that is too long."""
    return wrong(path, f"there are more than {most} {en}", f"{zh}超过 {most} 个")


OUT_OF_RANGE = Words("the number is out of range", "数值超出范围")


def out_of_range(path: str) -> BadDraft:
    """The error for a number that no edit could have."""
    return wrong(path, OUT_OF_RANGE.en, OUT_OF_RANGE.zh)


def below(path: str, key: object) -> str:
    """The path of one entry of the list or object at `path`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    name = key if isinstance(key, str) and _PLAIN_KEY.fullmatch(key) else "?"
    return f"{path}.{name}" if path else name


def checked_json(draft: object) -> None:
    """Raises BadDraft unless `draft` is JSON within the limits above."""
    waiting: list[tuple[object, str, int]] = [(draft, "", 0)]
    seen = 0
    while waiting:
        value, path, depth = waiting.pop()
        if isinstance(value, dict | list):
            seen += len(value)
            if depth >= MOST_DEPTH:
                raise wrong(path, "it is nested too deeply", "嵌套过深")
            if seen > MOST_VALUES:
                raise wrong(path, "the draft is too large", "草稿过大")
            waiting += [(one, below(path, key), depth + 1) for key, one in _entries(value, path)]
        else:
            _check_plain(value, path)


def _entries(value: dict[Any, Any] | list[Any], path: str) -> Iterable[tuple[object, object]]:
    if isinstance(value, list):
        return enumerate(value)
    for key in value:
        if not isinstance(key, str) or len(key) > MOST_NAME:
            raise wrong(path, "a name in it is too long", "其中有名称过长")
        _check_text(key, path)
    return value.items()


def _check_plain(value: object, path: str) -> None:
    if not isinstance(value, _PLAIN_VALUES):
        raise wrong(path, "it is not JSON", "不是 JSON")
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, float) and not math.isfinite(value):
        raise wrong(path, "it is not a number", "不是数字")
    elif isinstance(value, int) and abs(value) >= 1 << 63:
        raise out_of_range(path)


def _check_text(text: str, path: str) -> None:
    """Text that no database or file takes (NUL, half of a surrogate pair) is refused here already."""
    if len(text) > MOST_TEXT:
        raise wrong(path, "the text is too long", "文字过长")
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise wrong(path, "the text holds a character that is none", "文字中有无效字符")


def of_kind(value: object, kind: type, path: str) -> Any:
    """`value` when it is an object (dict) or a list. Raises BadDraft."""
    if isinstance(value, kind):
        return value
    if kind is dict:
        raise wrong(path, "it is not an object", "不是对象")
    raise wrong(path, "it is not a list", "不是列表")


def milliseconds(value: object, path: str) -> Seconds:
    """The exact time of a number of milliseconds, read to the microsecond."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(path, "it is not a number", "不是数字")
    time_s = Seconds(value, 1000) if isinstance(value, int) else Seconds(round(value * 1000), 1_000_000)
    if not 0 <= time_s <= LONGEST_S:
        raise out_of_range(path)
    return time_s


def within(values: Mapping[str, Fraction | float | None], low: float, high: float, path: str) -> None:
    """Raises BadDraft for the first of `values` that is not within [low, high]; None is left open."""
    for name, value in values.items():
        if value is not None and not low <= value <= high:
            raise out_of_range(below(path, name))


def sized(number: Fraction, path: str) -> Fraction:
    """`number` unless it has grown so long that arithmetic with it would take for ever."""
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_DIGITS * 4:
        raise out_of_range(path)
    return number


def check_segment(segment: Segment, asset: Asset, path: str) -> None:
    """Raises BadDraft for a range that is not in its source and for numbers that no edit makes."""
    longest, times = float(LONGEST_S), {"at_s": segment.at_s, "start_s": segment.start_s}
    within(times, 0, longest, path)
    within({"duration_s": segment.duration_s}, float(SHORTEST_S), longest, path)
    within({"gain_db": segment.gain_db}, -MOST_DB, MOST_DB, path)
    within({"drift_ppm": segment.drift_ppm}, -100_000, 100_000, path)
    within({"speed": segment.speed}, 0.01, 100, path)
    within({"clip": segment.clip}, 0, 1e9, path)
    _check_look(segment.look, below(path, "look"))
    check_fades(segment.fades, below(path, "fades"))
    if asset.kind != "image" and asset.bed is None:
        length_s = asset.duration_s * (1 + Fraction(segment.drift_ppm) / 1_000_000)
        if segment.source_end_s > length_s + SLACK_S:
            raise wrong(
                below(path, "duration_s"), "it is longer than what is left of its source", "超出素材的长度"
            )


def _check_look(look: Look, path: str) -> None:
    if not 0 <= look.left < look.right <= 1:
        raise out_of_range(below(path, "left"))
    if not 0 <= look.top < look.bottom <= 1:
        raise out_of_range(below(path, "top"))
    if look.turn_deg not in (0, 90, 180, 270):
        raise out_of_range(below(path, "turn_deg"))


def check_fades(fades: Fades, path: str) -> None:
    """Raises BadDraft for a fade that lasts less than nothing or for ever."""
    picture = {"picture_in_s": fades.picture_in_s, "picture_out_s": fades.picture_out_s}
    sound = {"sound_in_s": fades.sound_in_s, "sound_out_s": fades.sound_out_s}
    within(picture | sound, 0, float(LONGEST_S), path)


def check_track(track: Track, path: str) -> None:
    """Raises BadDraft for numbers that no edit makes."""
    levels = {"gain_db": track.gain_db, "under_voice_lu": track.under_voice_lu, "duck_db": track.duck_db}
    within(levels, -MOST_DB, MOST_DB, path)
    within({"fade_in_s": track.fade_in_s, "fade_out_s": track.fade_out_s}, 0, float(LONGEST_S), path)


def check_title(title: Title, text_path: str, path: str) -> None:
    """Raises BadDraft for words that do not fit, a colour that cannot be drawn, and times out of range."""
    from PIL import ImageColor  # a table of names, as the verb `text` reads it

    if not title.text.strip() or len(title.text) > MOST_TITLE:
        why = (f"a title holds 1 to {MOST_TITLE} characters", f"字幕须为 1 到 {MOST_TITLE} 个字符")
        raise wrong(text_path, *why)
    color = title.color.casefold()
    if not re.fullmatch(r"#[0-9a-f]{6}", color) and color not in ImageColor.colormap:
        raise wrong(below(path, "color"), "it is no colour", "不是颜色")
    within({"start_s": title.start_s, "end_s": title.end_s}, 0, float(LONGEST_S), path)
    if title.start_s >= title.end_s:
        raise out_of_range(below(path, "end_s"))


def check_target(target: LoudnessTarget, path: str) -> None:
    """Raises BadDraft for a loudness that nothing is brought to."""
    within({"lufs": target.lufs}, -70, 0, path)
    within({"ceiling_dbtp": target.ceiling_dbtp}, -70, 0, path)


def check_output(output: Output, path: str) -> None:
    """Raises BadDraft for a file that could not be made by any means."""
    sides = {"short_side": output.short_side, "width": output.width, "height": output.height}
    within(sides, 2, MOST_SIDE, path)
    within({"frame_rate": output.frame_rate}, 1, 240, path)
    within({"aspect": output.aspect}, 0.01, 100, path)
    if output.aspect is not None:
        shape = max(output.aspect, 1 / output.aspect)
        long_sides = {name: side * shape for name, side in sides.items() if side is not None}
        within(long_sides if len(long_sides) == 1 else {}, 2, MOST_SIDE, path)
    within({"max_size_bytes": output.max_size_bytes}, 1, 1e15, path)
    within({"channels": output.channels}, 1, 2, path)
    within({"audio_bitrate_kbps": output.audio_bitrate_kbps}, 8, 2000, path)
    if output.format is not None and not re.fullmatch("[a-z0-9]{1,5}", output.format):
        raise wrong(below(path, "format"), "it is no format", "不是文件格式")
