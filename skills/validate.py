"""Checks skills: their form, their links, and that what they tell somebody to type exists.

    python skills/validate.py [FOLDER…]     every skill beside this file when none is named; 1 if one is wrong

The form is that of the open Agent Skills format (agentskills.io). Commands, flags and routes are compared
with docs/reference/, which the tests hold true. Needs the standard library alone.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

SKILLS = Path(__file__).resolve().parent
REFERENCE = SKILLS.parent / "docs" / "reference"
MOST_LINES = 299
_KEYS = {"name": 64, "description": 1024, "license": 200, "compatibility": 500, "allowed-tools": 1024}
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NO_TEXT = re.compile(r"[-+]?[\d.]+|true|false|null|yes|no|on|off|~", re.IGNORECASE)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
_CODE = re.compile(r"`([^`\n]+)`")
_ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD) (\S+)")
_PAGES = ("/register", "/workspace/claim")  # for people's browsers: not part of the API and its reference
Meta = dict[str, str | dict[str, str]]


def faults(folder: Path) -> list[str]:
    """What is wrong with a skill, in sentences; nothing when it is fine."""
    page = folder / "SKILL.md"
    if not page.is_file():
        return ["there is no SKILL.md"]
    found = list(_faults_of_front(page.read_text("utf-8"), folder.name))
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text("utf-8")
        inner = (*_faults_of_text(text), *_faults_of_links(text, path, folder), *_faults_of_code(text))
        found += [f"{path.relative_to(folder)}: {fault}" for fault in inner]
    return found


def front_matter(text: str) -> Meta:
    """The YAML between the two `---` lines, as far as skills need it: texts, folded texts, names below one.

    Raises ValueError.
    """
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        raise ValueError("it does not begin with a block between two --- lines")
    meta: Meta = {}
    key = ""
    for line in lines[1 : lines.index("---", 1)]:
        if not line.startswith(" "):
            key, colon, value = line.partition(":")
            if not colon or key in meta:
                raise ValueError(f"this line is not understood: {line}")
            meta[key] = value.strip()
        else:
            _continue(meta, key, line.strip())
    return {key: _plain(value) for key, value in meta.items()}


def _continue(meta: Meta, key: str, line: str) -> None:
    """A line that belongs to the key above it."""
    said = meta.get(key, "")
    if isinstance(said, str) and said.startswith(">"):
        meta[key] = f"{said} {line}"
        return
    inner, colon, value = line.partition(":")
    if not colon or (said and isinstance(said, str)):
        raise ValueError(f"this line is not understood: {line}")
    below = said if isinstance(said, dict) else {}
    meta[key] = {**below, inner: value.strip()}


def _plain(value: str | dict[str, str]) -> str | dict[str, str]:
    """What YAML would read there. Raises ValueError for what it would not read as a text."""
    if isinstance(value, dict):
        return {name: str(_plain(said)) for name, said in value.items()}
    if value.startswith(">"):
        return value.lstrip(">-").strip()
    if re.fullmatch(r"\"[^\"]*\"|'[^']*'", value):
        return value[1:-1]
    if ": " in value or value[:1] in tuple("[]{}&*#!|%@`\"'") or _NO_TEXT.fullmatch(value):
        raise ValueError(f"this has to stand in quotes: {value}")
    return value


def _faults_of_front(text: str, folder: str) -> Iterator[str]:
    try:
        meta = front_matter(text)
    except ValueError as error:
        yield f"front matter: {error}"
        return
    for key, value in meta.items():
        if key == "metadata":
            if not isinstance(value, dict):
                yield "front matter: `metadata` has to hold names and texts"
        elif key not in _KEYS:
            yield f"front matter: `{key}` is no key of the format"
        elif not isinstance(value, str) or not 1 <= len(value) <= _KEYS[key]:
            yield f"front matter: `{key}` has to be a text of 1 to {_KEYS[key]} characters"
    name = meta.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield "front matter: `name` has to be lower-case words with single hyphens"
    elif name != folder:
        yield f"front matter: the name {name} is not that of the folder, {folder}"
    if "description" not in meta:
        yield "front matter: `description` is missing"


def _faults_of_text(text: str) -> Iterator[str]:
    if (lines := text.count("\n")) > MOST_LINES:
        yield f"{lines} lines; fewer than {MOST_LINES + 1} are allowed"
    if text.count("\n```") % 2:
        yield "a block of code is not closed"
    for language, _ in _FENCE.findall(text):
        if language != "bash":
            yield f"a block is marked “{language}”; only bash, which the tests carry out"
    if "{{" in text:
        yield "a hole was not filled"


def _faults_of_links(text: str, page: Path, folder: Path) -> Iterator[str]:
    for target in _LINK.findall(text):
        aim = (page.parent / target).resolve()
        if "://" in target or not aim.is_relative_to(folder.resolve()) or not aim.exists():
            yield f"the link {target} does not lead to a file of the skill"


def _faults_of_code(text: str) -> Iterator[str]:
    blocks = [block for _, block in _FENCE.findall(text)]
    inline = _CODE.findall(_FENCE.sub("", text))
    commands, routes = known_commands(), known_routes()
    for line in (*(line for block in blocks for line in block.replace("\\\n", " ").splitlines()), *inline):
        yield from _faults_of_command(line, commands)
    for method, path in (*(call for block in blocks for call in _requests(block)), *_inline_routes(inline)):
        if path not in _PAGES and not _is_known(method, path, routes):
            yield f"no route {method} {path}".replace("  ", " ")


def _faults_of_command(line: str, known: dict[str, set[str]]) -> Iterator[str]:
    words = re.sub(r"'[^']*'", "''", line).split()
    if words[:1] != ["saycut"] or len(words) == 1:
        return
    verb = words[1]
    if verb not in known:
        yield f"no command saycut {verb}"
        return
    for flag in words[2:]:
        if flag.startswith("-") and flag not in known[verb]:
            yield f"saycut {verb} has no {flag}"


def known_commands() -> dict[str, set[str]]:
    """Every verb with its flags, from the reference."""
    page = (REFERENCE / "commands.md").read_text("utf-8")
    known: dict[str, set[str]] = {}
    for usage in re.findall(r"^\| (`saycut .*?) \|", page, re.MULTILINE):
        for verb, rest in re.findall(r"`saycut (\w+)([^`]*)`", usage):
            known[verb] = {"--json", "--lang", "--quiet", *re.findall(r"(?<!\w)--?[a-z-]+", rest)}
    return known


def known_routes() -> set[tuple[str, str]]:
    """Every (method, path) of the reference, {} for what varies; `…/undo` is any of ours that ends so."""
    page = (REFERENCE / "http.md").read_text("utf-8")
    ours = page.index("## `/api/v1/`")
    known = set()
    for place, code in ((match.start(), match[1]) for match in _CODE.finditer(page)):
        methods, _, path = re.sub(r"` and `|, ", " ", code).rpartition(" ")
        before = re.findall(r"`(GET|POST)` and $", page[:place][-20:])
        if path.startswith(("/", "…")) and methods:
            prefix = "/api/v1" if place > ours and not path.startswith("…") else ""
            known |= {(method, prefix + _shape(path)) for method in (*methods.split(), *before)}
    return known


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}|\b[A-Z]+_ID\b", "{}", path.partition("?")[0])


def _is_known(method: str, path: str, routes: set[tuple[str, str]]) -> bool:
    """Whether there is such a route; one that is told without its method may have any."""
    shortened = f"…/{path.rpartition('/')[2]}" if path.startswith("/api/v1/") else path
    return any(known in (path, shortened) and method in ("", asked) for asked, known in routes)


def _requests(block: str) -> Iterator[tuple[str, str]]:
    """What the `curl` commands of a block ask for."""
    for command in re.findall(r"curl (.*?\"\$SERVICE[^\"]*\"|.*)", block.replace("\\\n", " ")):
        aim = re.search(r"\$SERVICE([^\"]*)", command)
        if aim is None:
            yield "?", command.strip()
            continue
        told = re.search(r"-X ([A-Z]+)", command)
        sends = re.search(r"(?<!\S)(--data\S*|-d|-F)(?!\S)", command)
        yield told[1] if told else "POST" if sends else "GET", _shape(aim[1])


def _inline_routes(inline: list[str]) -> Iterator[tuple[str, str]]:
    for code in inline:
        if route := _ROUTE.fullmatch(code):
            yield route[1], _shape(route[2])
        elif re.match(r"/[a-z]", code):
            yield "", _shape(code)


def main(arguments: list[str]) -> int:
    """Check, and say what is wrong on standard error."""
    folders = [Path(one) for one in arguments] or sorted(page.parent for page in SKILLS.glob("*/SKILL.md"))
    wrong = [f"{folder.name}: {fault}\n" for folder in folders for fault in faults(folder.resolve())]
    sys.stderr.writelines(wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
