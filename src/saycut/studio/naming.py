"""Where a result goes when nobody said, and which suffixes decide what it is."""

from collections.abc import Sequence
from pathlib import Path

from saycut.errors import Usage
from saycut.media.publish import check_place
from saycut.operations.exporting import PICTURE_FORMATS, SOUND_FORMATS
from saycut.timeline.project import Project
from saycut.words import Words

SUFFIXES = tuple(f".{name}" for name in (*PICTURE_FORMATS, *SOUND_FORMATS))


def suffix_for(project: Project) -> str:
    """The suffix that the request asks for; MP4 when it left that open."""
    return f".{project.output.format or 'mp4'}"


def contradiction(project: Project, out: Path | None) -> list[Words]:
    """What to say when the words ask for one format and the name of the result for another."""
    if out is None or project.output.format is None or out.suffix.lower() == suffix_for(project):
        return []
    asked, made = project.output.format.upper(), out.suffix[1:].upper()
    return [
        Words(
            f"The words ask for {asked}; the name {out.name} makes it {made}.",
            f"文字要求 {asked}，但文件名 {out.name} 决定了格式为 {made}。",
        )
    ]


def fresh(first: Path, suffix: str, folder: Path | None) -> Path:
    """A new name in `folder`, else beside the first input: talk.mp4 → talk-saycut.mp4, talk-saycut-2.mp4 …"""
    place = folder if folder is not None else first.parent
    for number in range(1, 10_000):
        tail = "" if number == 1 else f"-{number}"
        out = place / f"{first.stem}-saycut{tail}{suffix}"
        if not out.exists():
            return out
    raise Usage(
        reason=f"There are too many results beside {first.name}; name one with -o.",
        reason_zh=f"{first.name} 旁边的结果太多，请用 -o 指定文件名。",
    )


def checked(out: Path, inputs: Sequence[Path]) -> Path:
    """`out` when its suffix is one that is made here and it can lie there. Raises Usage."""
    if out.suffix.lower() not in SUFFIXES:
        names = " ".join(SUFFIXES)
        raise Usage(
            reason=f"The suffix of -o decides the format; {out.name} ends in none of: {names}.",
            reason_zh=f"-o 的扩展名决定格式；{out.name} 的扩展名不在其中：{names}。",
        )
    check_place(out, inputs)
    return out


def made_folder(folder: Path) -> None:
    """Make `folder` and those above it unless they are there. Raises Usage."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Usage(
            reason=f"{folder} is a file; name a folder.", reason_zh=f"{folder} 是文件，请给出文件夹。"
        ) from None
    except PermissionError:
        raise Usage(
            reason=f"The folder {folder} may not be made.", reason_zh=f"没有创建文件夹 {folder} 的权限。"
        ) from None
