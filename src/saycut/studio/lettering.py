"""Words on the picture: whether they can be read where they lie."""

import msgspec

from saycut.media.fonts import best_face
from saycut.timeline.project import Project, Title
from saycut.words import Words

# What apps that show upright video lay over it: the name and the text below, the buttons on the right.
_COVERED = frozenset({"bottom", "bottom_left", "bottom_right", "right"})
_SHOWN = 24  # characters of a text that are quoted


class Lettering(msgspec.Struct, frozen=True):
    """What may be wrong with the words on a picture; nothing when all is well."""

    trouble: tuple[Words, ...]


def lettering(project: Project, *, upright: bool) -> Lettering:
    """Of every title: what no font here has, and, where the result is shown `upright` in an app, what lies
    under the app's own buttons. Titles always keep inside the margins of the picture itself."""
    return Lettering(tuple(found for title in project.titles for found in _trouble(title, upright=upright)))


def _trouble(title: Title, *, upright: bool) -> list[Words]:
    text = title.text if len(title.text) <= _SHOWN else f"{title.text[:_SHOWN]}…"
    found: list[Words] = []
    _, lacking = best_face(title.text)
    if lacking:
        missing = "".join(dict.fromkeys(char for char in title.text if char in lacking))
        found.append(
            Words(f"No font here has {missing} of “{text}”.", f"没有字体包含“{text}”中的 {missing}。")
        )
    if upright and (title.position in _COVERED or title.style == "lower_third"):
        found.append(
            Words(
                f"“{text}” lies where the app shows its own buttons; higher up it is read.",
                f"“{text}”会被应用自身的按钮遮挡，建议放高一些。",
            )
        )
    return found
