"""Where a result goes when nobody said, and which suffixes decide what it is."""

from pathlib import Path

from saycut.errors import Usage
from saycut.operations.exporting import PICTURE_FORMATS, SOUND_FORMATS
from saycut.timeline.project import Project

SUFFIXES = tuple(f".{name}" for name in (*PICTURE_FORMATS, *SOUND_FORMATS))


def suffix_for(project: Project) -> str:
    """The suffix that the request asks for; MP4 when it left that open."""
    return f".{project.output.format or 'mp4'}"


def fresh(first: Path, suffix: str, folder: Path | None) -> Path:
    """A new name in `folder`, else beside the first input: talk.mp4 → talk-saycut.mp4, talk-saycut-2.mp4 …"""
    place = folder if folder is not None else first.parent
    for number in range(1, 10_000):
        tail = "" if number == 1 else f"-{number}"
        out = place / f"{first.stem}-saycut{tail}{suffix}"
        if not out.exists():
            return out
    raise Usage(reason=f"There are too many results beside {first.name}; name one with -o.")


def checked(out: Path) -> Path:
    """`out` when its suffix is one that is made here. Raises Usage."""
    if out.suffix.lower() not in SUFFIXES:
        names = " ".join(SUFFIXES)
        raise Usage(reason=f"The suffix of -o decides the format; {out.name} ends in none of: {names}.")
    return out
