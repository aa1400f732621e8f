"""What a page of a skill tells its reader to do: blocks, and what to keep from each answer."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SKILLS = ROOT / "skills"
_BLOCK = re.compile(r"^```bash\n(.*?)^```$(.*?)(?=^```bash$|\Z)", re.MULTILINE | re.DOTALL)
_KEPT = re.compile(r"`([A-Z_]+)` = (?:`([\w.]+)`|the (line that it prints)|the number of the (last `id:`))")
_PRINTS = re.compile(r"It prints `(\w+)`")
_WISH = re.compile(r"^\| [^|]+ \| ([^|]+) \| ((?:`[a-z_]+` ?)+)\|$", re.MULTILINE)
_SAID = re.compile(r"--say '([^']+)'|\"text\":\"([^\"]+)\"")
_OUT = re.compile(r"-(?:o|-recipe-out) '([^']+)'")


@dataclass(frozen=True)
class Step:
    """One block, and the words below it."""

    block: str
    told: str

    @property
    def kept(self) -> dict[str, str]:
        """What is to be kept under which name: where it stands in the answer, `line` or `id`."""
        found = _KEPT.findall(self.told)
        return {name: path or ("line" if line else "id") for name, path, line, _ in found}

    @property
    def prints(self) -> str | None:
        """A word that the answer has to hold."""
        word = _PRINTS.search(self.told)
        return None if word is None else word[1]

    @property
    def results(self) -> list[str]:
        """The files that it makes."""
        return _OUT.findall(self.block)

    @property
    def sentence(self) -> str | None:
        """What it says to the editor."""
        said = _SAID.search(self.block)
        return None if said is None else said[1] or said[2]

    @property
    def is_repeated(self) -> bool:
        """Until the render is over."""
        return "Repeat until `status` is `completed`" in self.told


def wishes(skill: str) -> dict[str, list[str]]:
    """Every sentence of the skill's table of wishes, and the operations that its row says it becomes."""
    rows = _WISH.findall((SKILLS / skill / "SKILL.md").read_text("utf-8"))
    return {sentence: re.findall(r"`(\w+)`", plan) for sentence, plan in rows if sentence != "say"}


def steps(page: Path) -> list[Step]:
    """In the order of the page."""
    return [Step(block, told) for block, told in _BLOCK.findall(page.read_text("utf-8"))]


def names() -> list[str]:
    """Of all skills."""
    return sorted(page.parent.name for page in SKILLS.glob("*/SKILL.md"))


def events(answer: str) -> list[dict[str, Any]]:
    """Of a stream."""
    return [json.loads(line[6:]) for line in answer.splitlines() if line.startswith("data: ")]


def operations(answer: str) -> list[str]:
    """What was done, by the program's answer or by a stream."""
    if answer.startswith("{"):
        return [step["op"] for step in json.JSONDecoder().raw_decode(answer)[0]["plan"]]
    parts = [part for event in events(answer) for part in event.get("content", {}).get("parts", [])]
    return [part["functionCall"]["name"] for part in parts if "functionCall" in part]


def last_id(answer: str) -> str:
    """The number that a reader comes back with."""
    return str(re.findall(r"^id: (\d+)$", answer, re.MULTILINE)[-1])


def at(answer: Any, path: str) -> Any:
    """What stands at `a.b.c`. Raises KeyError."""
    for name in path.split("."):
        answer = answer[name]
    return answer
