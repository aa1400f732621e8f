"""Everything that the skills tell their readers to type is typed: with the program; with a service alone."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from saycut.media.probe import probe
from saycut.operations.catalogue import OPERATIONS
from tests.http.server import Server, serving
from tests.skills.pages import SKILLS, events, names, steps, wishes
from tests.skills.reader import Reader, json_values

FIRST, *MORE = names()
FIRST_AND_MORE = [FIRST, *(pytest.param(name, marks=pytest.mark.soak) for name in MORE)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def folder(material: Path, tmp_path: Path) -> Path:
    """A folder of the reader's own, with the example's clips."""
    here = tmp_path / "it's here"
    shutil.copytree(material, here)
    return here


def keys(value: Any) -> set[str]:
    """Every name anywhere in an answer."""
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in keys(inner)}
    return {name for inner in value for name in keys(inner)} if isinstance(value, list) else set()


def measured(skill: str) -> set[str]:
    """The fields that the skill's table of numbers names."""
    page = (SKILLS / skill / "SKILL.md").read_text("utf-8")
    table = page.split("| say | from `receipt` |\n")[1].split("\n\n")[0]
    second = "".join(row.split("|")[2] for row in table.splitlines())
    fields = {code.split(".")[-1] for code in second.split("`")[1::2]}
    return {field for field in fields if "_" in field} - set(OPERATIONS)


@pytest.mark.parametrize("skill", names())
@pytest.mark.soak
def test_with_the_program(skill: str, folder: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path, folder, installed=True)
    page = steps(SKILLS / skill / "SKILL.md")
    assert sum("saycut edit" in step.block for step in page) >= 1
    reader.follow(page)
    assert reader.done
    assert {said: wishes(skill).get(said) for said in reader.done} == reader.done
    printed = [value for text in reader.answers if text.startswith("{") for value in json_values(text)]
    assert measured(skill) <= keys(printed)
    if skill == "remove-audio":
        assert probe(folder / "talk-silent.mp4").audio is None


@pytest.mark.parametrize("skill", FIRST_AND_MORE)
def test_with_a_service_alone(skill: str, server: Server, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "a home"
    home.mkdir()
    before = set(folder.rglob("*"))
    reader = Reader(home, folder, installed=False, SAYCUT_URL=server.address + "/")

    reader.follow(steps(SKILLS / skill / "references" / "service.md"))

    assert len(reader.done) == 1
    assert {said: wishes(skill).get(said) for said in reader.done} == reader.done
    (result,) = set(folder.rglob("*")) - before
    made = probe(result)
    assert made.video is not None
    assert (made.audio is None) == (skill == "remove-audio")
    assert any(
        "text" in part
        for answer in reader.answers
        for event in events(answer)
        for part in event.get("content", {}).get("parts", [])
    )
    nothing_secret(home, reader.answers)
    for page in (f"/workspace/claim?ct={reader.known['CLAIM']}", f"/register?bind={reader.known['USER_ID']}"):
        assert httpx.get(server.address + page).status_code == 200
    receipts = [json.loads(answer) for answer in reader.answers if answer.startswith('{"receipt"')]
    last = [events(answer)[-1] for answer in reader.answers if events(answer)]
    assert measured(skill) <= keys(receipts) | keys(last)


def nothing_secret(home: Path, answers: list[str]) -> None:
    """The token was used and never shown, and only its owner may read it."""
    kept = [path for path in (home / ".config" / "saycut" / "skills").iterdir() if not path.suffix]
    assert [path.stat().st_mode & 0o077 for path in kept] == [0]
    token = kept[0].read_text("utf-8").split()[-1]
    assert len(token) > 20
    assert not any(token in answer for answer in answers)


def test_a_token_of_the_environment_is_used_and_asked_for_no_more(server: Server, tmp_path: Path) -> None:
    token = server.client().user["token"]
    setup = steps(SKILLS / names()[0] / "references" / "service.md")[:3]
    reader = Reader(tmp_path, tmp_path, installed=False, SAYCUT_URL=server.address, SAYCUT_TOKEN=token)
    reader.follow(setup)
    assert reader.known["SESSION_ID"]
    nothing_secret(tmp_path, reader.answers)


def test_the_next_conversation_uses_the_same_token(server: Server, tmp_path: Path) -> None:
    setup = steps(SKILLS / names()[0] / "references" / "service.md")[:3]
    users = []
    for _ in range(2):
        reader = Reader(tmp_path, tmp_path, installed=False, SAYCUT_URL=server.address)
        reader.follow(setup)
        users.append(reader.known["USER_ID"])
    assert users[0] == users[1]


def test_a_token_goes_only_to_the_address_that_it_belongs_to(server: Server, tmp_path: Path) -> None:
    setup = steps(SKILLS / names()[0] / "references" / "service.md")[:2]
    given = {
        "SAYCUT_URL": server.address,
        "NEMO_API_URL": "http://[::1]:9",
        "NEMO_TOKEN": "somebody-elses",
    }
    Reader(tmp_path, tmp_path, installed=False, **given).follow(setup)
    kept = (tmp_path / ".config" / "saycut" / "skills").iterdir()
    assert not any("somebody-elses" in path.read_text("utf-8") for path in kept)
