"""Makes the four skills out of what they share and what is their own.

    python skills/build.py           write every skill
    python skills/build.py --check   only say which files differ; 1 when one does

A skill is a folder that works when it alone is copied: SKILL.md, and references/service.md. Both are made
from `common/`: a page of each skill in `pages/`, and texts and values that go in where `{{name}}` stands.
"""

import re
import sys
import tomllib
from pathlib import Path

SKILLS = Path(__file__).resolve().parent
COMMON = SKILLS / "common"
_HOLE = re.compile(r"\{\{([a-z-]+)\}\}")


def skills() -> list[str]:
    """Their names, which are those of their folders."""
    return sorted(page.stem for page in (COMMON / "pages").glob("*.md"))


def made(skill: str) -> dict[Path, str]:
    """What the files of a skill hold. Raises KeyError for a hole that nothing fills."""
    words = _words(skill)
    page = (COMMON / "pages" / f"{skill}.md").read_text("utf-8")
    folder = SKILLS / skill
    return {
        folder / "SKILL.md": _filled(page, words),
        folder / "references" / "service.md": _filled(words["service"], words),
    }


def _words(skill: str) -> dict[str, str]:
    values = tomllib.loads((COMMON / "values.toml").read_text("utf-8"))
    texts = {part.stem: part.read_text("utf-8") for part in COMMON.glob("*.md")}
    numbers = (COMMON / "numbers" / f"{skill}.md").read_text("utf-8").rstrip("\n")
    return {**texts, **values[skill], "skill": skill, "version": values["version"], "numbers": numbers}


def _filled(text: str, words: dict[str, str]) -> str:
    """Texts may have holes themselves."""
    while _HOLE.search(text):
        text = _HOLE.sub(lambda hole: words[hole[1]], text)
    return text


def _written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def main(arguments: list[str]) -> int:
    """Write, or with `--check` compare."""
    files = {path: text for skill in skills() for path, text in made(skill).items()}
    differing = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    if arguments == ["--check"]:
        sys.stderr.writelines(
            f"{path.relative_to(SKILLS)} is not what build.py makes\n" for path in differing
        )
        return 1 if differing else 0
    for path in differing:
        _written(path, files[path])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
