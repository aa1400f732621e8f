"""The segments of a draft's text tracks."""

import msgspec

from saycut.timeline.clock import Seconds
from saycut.timeline.draft_checks import check_title, sized, wrong
from saycut.timeline.draft_objects import Part, as_text
from saycut.timeline.project import Title


class DrawnTitle(Title, frozen=True, kw_only=True):
    """A title with its place among all titles, where that is not the one it stands at."""

    order: int | None = None


def as_title(drawn: DrawnTitle) -> Title:
    """The title alone."""
    return Title(**{field.name: getattr(drawn, field.name) for field in msgspec.structs.fields(Title)})


def read_title(part: Part, line: int, end_s: Seconds) -> DrawnTitle:
    """The title of the text track number `line`; without a time it follows what ends at `end_s`."""
    text = part.m.get("text")
    if not isinstance(text, str):
        raise wrong(part.path + ".m.text", "it is no text", "不是文字")
    usual = {"by": "draft", "start_s": end_s, "end_s": end_s, "text": text, "line": line}
    title = part.exact(DrawnTitle, usual, elsewhere=("text", "line"))
    start_s = part.changed("at_ms", title.start_s if "start_s" in part.own else None)
    known_s = title.end_s - title.start_s if {"start_s", "end_s"} <= set(part.own) else None
    length_s = part.changed("d", known_s)
    if length_s is None and known_s is None:
        raise wrong(part.path + ".d", "it is missing", "缺少该字段")
    first_s = title.start_s if start_s is None else start_s
    last_s = sized(first_s + (title.end_s - title.start_s if length_s is None else length_s), part.path)
    read = msgspec.structs.replace(title, start_s=first_s, end_s=last_s, kept=as_text(part.kept()))
    check_title(read, part.path + ".m.text", part.own_path)
    return read
