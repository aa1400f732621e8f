"""The skills are in form, made of one source, and offer only sentences that are understood."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.skills.pages import ROOT, SKILLS, names, wishes

FOUR = ["edit-audio", "remove-audio", "remove-music", "replace-video-audio"]
_SAID = re.compile(r"“([^”]+)”")


def script(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SKILLS / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def page(skill: str) -> str:
    return (SKILLS / skill / "SKILL.md").read_text("utf-8")


def test_there_are_four() -> None:
    assert names() == FOUR


def test_what_is_committed_is_what_the_script_makes() -> None:
    checked = script("build.py", "--check")
    assert checked.returncode == 0, checked.stderr


def test_all_are_valid() -> None:
    checked = script("validate.py")
    assert checked.returncode == 0, checked.stderr


def test_a_skill_is_whole_when_it_alone_is_copied(tmp_path: Path) -> None:
    for skill in FOUR:
        shutil.copytree(SKILLS / skill, tmp_path / skill)
        assert re.findall(r"(?<![\w/.])\.\./", page(skill)) == []
        assert script("validate.py", str(tmp_path / skill)).returncode == 0


WRONG = [
    ("name: remove-audio", "name: remove_audio", "lower-case words"),
    ("name: remove-audio", "name: remove-sound", "not that of the folder"),
    ("license:", "licence:", "no key of the format"),
    ("description: >-", "description: >-\n  " + 1024 * "x", "1 to 1024"),
    ('version: "1.0"', "version: 1.0", "in quotes"),
    ("references/service.md", "references/nothing.md", "does not lead"),
    ("references/service.md", "../edit-audio/references/service.md", "does not lead"),
    ("saycut edit 'talk.mp4'", "saycut alter 'talk.mp4'", "no command saycut alter"),
    ("--recipe-out 'silent.json'", "--recipe 'silent.json'", "has no --recipe"),
    ("`POST /run_sse`", "`POST /run_see`", "no route POST /run_see"),
    ("`GET /api/v1/jobs/{id}/receipt`", "`GET /api/v1/jobs/{id}/bill`", "no route GET"),
    ("```bash\ncommand", "```python\ncommand", "only bash"),
    ("## When", "\n" * 300 + "## When", "are allowed"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG, ids=[f"{row[2]}-{row[1][-12:]}" for row in WRONG])
def test_a_wrong_page_is_found_and_named(right: str, wrong: str, told: str, tmp_path: Path) -> None:
    copy = tmp_path / "remove-audio"
    shutil.copytree(SKILLS / "remove-audio", copy)
    text = page("remove-audio")
    assert right in text
    (copy / "SKILL.md").write_text(text.replace(right, wrong), "utf-8")
    checked = script("validate.py", str(copy))
    assert checked.returncode == 1
    assert told in checked.stderr


def test_a_request_that_does_not_exist_is_found(tmp_path: Path) -> None:
    copy = tmp_path / "remove-audio"
    shutil.copytree(SKILLS / "remove-audio", copy)
    service = copy / "references" / "service.md"
    service.write_text(service.read_text("utf-8").replace("/undo", "/redo-not"), "utf-8")
    checked = script("validate.py", str(copy))
    assert "no route POST /api/v1/sessions/{}/redo-not" in checked.stderr


def understood(sentences: list[str], folder: Path) -> list[tuple[str, list[str]]]:
    """(kind, operations) of each."""
    rows = folder / "rows.jsonl"
    asked = [{"id": str(n), "text": text, "context": None} for n, text in enumerate(sentences)]
    rows.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in asked), "utf-8")
    command = [sys.executable, "-m", "saycut", "understand", "--jsonl", str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [(answer["kind"], [step["op"] for step in answer["ops"]]) for answer in answers]


def test_every_sentence_that_is_offered_is_understood_as_its_row_says(tmp_path: Path) -> None:
    rows = [row for skill in FOUR for row in wishes(skill).items()]
    assert len(rows) >= 20
    found = understood([text for text, _ in rows], tmp_path)
    assert [(text, ops) for (text, _), (_, ops) in zip(rows, found, strict=True)] == rows


def test_what_is_said_at_first_contact_and_what_comes_next_are_edits(tmp_path: Path) -> None:
    offered = []
    for skill in FOUR:
        first = page(skill).split("## First contact")[1].split("## Which way")[0]
        later = page(skill).split("## Next steps to offer")[1].split("## What it cannot do")[0]
        assert 2 <= len(_SAID.findall(first)) <= 3
        assert len(_SAID.findall(later)) >= 3
        offered += _SAID.findall(first + later)
    kinds = [(text, kind) for text, (kind, _) in zip(offered, understood(offered, tmp_path), strict=True)]
    assert [row for row in kinds if row[1] not in ("edit", "export")] == []


def codes(path: Path, row: str) -> set[str]:
    return set(re.findall(row, path.read_text("utf-8"), re.MULTILINE))


def test_every_exit_status_and_every_code_has_its_row() -> None:
    reference = ROOT / "docs" / "reference"
    statuses = codes(reference / "commands.md", r"^\| (\d+) \|")
    wire = codes(reference / "http.md", r"^\| (\d+) \| \d+ \|") | {"0"}
    for skill in FOUR:
        assert codes(SKILLS / skill / "SKILL.md", r"^\| (\d+) \|") == statuses
        assert codes(SKILLS / skill / "references" / "service.md", r"^\| (\d+) \| \d+ \|") == wire
