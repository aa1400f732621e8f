"""Who we are, and to whom that is told."""

import json
import os
import uuid
from pathlib import Path

import pytest

from saycut.client import Address, BadAddress, Skill, address_of, config_folder, skill_of
from saycut.client.address import same_origin
from saycut.client.identity import Identity
from saycut.client.memory import Memory, OpenRender

HERE, THERE = "http://127.0.0.1:1", "https://example.org"


def test_an_id_is_made_once_and_kept(tmp_path: Path) -> None:
    first = Identity(tmp_path / "a" / "saycut", HERE).client_id()
    assert uuid.UUID(first).version == 4
    assert Identity(tmp_path / "a" / "saycut", HERE).client_id() == first
    assert Identity(tmp_path / "a" / "saycut", THERE).client_id() != first
    assert Identity(tmp_path / "a" / "saycut", HERE, "given").client_id() == "given"


def test_a_token_is_kept_for_its_service_alone(tmp_path: Path) -> None:
    here, there = Identity(tmp_path, HERE), Identity(tmp_path, THERE)
    here.keep_token("t1", None)
    assert (here.token(), there.token()) == ("t1", None)
    there.keep_token("t2", "2099-01-01T00:00:00Z")
    assert (here.token(), there.token()) == ("t1", "t2")
    here.forget_token()
    assert (here.token(), there.token()) == (None, "t2")


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        Identity(tmp_path / "saycut", HERE).keep_token("t", None)
    finally:
        os.umask(umask)
    (path,) = (tmp_path / "saycut").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"http://127.0.0.1:1": 5}', '{"http://127.0.0.1:1": {"token": 3}}']
)
def test_a_broken_file_is_as_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "client.json").write_text(text)
    identity = Identity(tmp_path, HERE)
    assert identity.token() is None
    assert identity.client_id() == Identity(tmp_path, HERE).client_id()
    json.loads((tmp_path / "client.json").read_text())


def test_where_it_lies() -> None:
    assert config_folder({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}) == Path("/x/saycut")
    assert config_folder({"HOME": "/h"}).parts[:2] == ("/", "h")


@pytest.mark.parametrize(
    ("environ", "server", "expected"),
    [
        ({}, None, None),
        ({"SAYCUT_URL": HERE + "/", "SAYCUT_TOKEN": "s"}, None, (HERE, "s")),
        ({"NEMO_API_URL": THERE, "NEMO_TOKEN": "n"}, None, (THERE, "n")),
        ({"SAYCUT_URL": HERE, "NEMO_API_URL": THERE, "NEMO_TOKEN": "n"}, None, (HERE, None)),
        ({"SAYCUT_URL": HERE, "SAYCUT_TOKEN": "s", "NEMO_API_URL": THERE}, THERE, (THERE, None)),
        ({"NEMO_API_URL": THERE, "NEMO_TOKEN": "n", "SAYCUT_TOKEN": "s"}, None, (THERE, "n")),
        ({"NEMO_API_URL": THERE, "NEMO_TOKEN": "n"}, HERE, (HERE, None)),
        ({"SAYCUT_TOKEN": "s"}, HERE, (HERE, "s")),
        ({"SAYCUT_URL": HERE, "SAYCUT_TOKEN": "s"}, THERE, (THERE, None)),
        ({"SAYCUT_URL": HERE, "SAYCUT_TOKEN": ""}, None, (HERE, None)),
    ],
)
def test_a_token_goes_only_where_it_belongs(
    environ: dict[str, str], server: str | None, expected: tuple[str, str | None] | None
) -> None:
    found = address_of(environ, server)
    assert (None if found is None else (found.url, found.token)) == expected


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://x", "http://", "http://u:p@x", "http://x?a=b", "file:///etc"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(BadAddress):
        address_of({}, url)


def test_addresses_of_the_environment() -> None:
    found = address_of({"NEMO_API_URL": THERE, "NEMO_WEB_URL": "https://web.example", "NEMO_CLIENT_ID": "c"})
    assert found is not None
    assert (found.web_url, found.client_id, found.is_on_this_machine) == ("https://web.example", "c", False)
    assert Address(HERE, HERE, "secret-token").is_on_this_machine
    assert "secret" not in repr(Address(HERE, HERE, "secret-token", "secret-id"))


def test_skills_and_their_platforms() -> None:
    assert skill_of({}, "s", "2", Path("/home/u/.clawhub/s")) == Skill("s", "2", "clawhub")
    assert skill_of({}, "s", "2", Path("/home/u/.cursor/skills/s")).platform == "cursor"
    assert skill_of({}, "s", "2", Path("/opt/s")).platform == "unknown"
    assert skill_of({"SKILL_SOURCE": "shop"}, "s", "2", Path("/home/u/.clawhub/s")).platform == "shop"


def test_origins() -> None:
    assert same_origin("http://a/x", "http://a:80/y")
    assert not same_origin("http://a", "https://a")
    assert not same_origin("http://a", "http://a:81")


def test_unfinished_work_is_one_file_each_and_holds_no_token(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    later = OpenRender(HERE, "render_2", "ses", None, "talk", "mp4", "/out", 2.0)
    earlier = OpenRender(HERE, "render_1", "ses", "task", "谈话", "mp3", "/out", 1.0)
    for one in (later, earlier, OpenRender(THERE, "render_1", "ses", None, "x", "mp4", "/out", 0.0)):
        memory.keep(one)
    (tmp_path / "unfinished" / "render-broken.json").write_text("{")
    (tmp_path / "unfinished" / "render-other.json").write_text('{"service": 3}')
    assert memory.renders(HERE) == [earlier, later]
    memory.forget(earlier)
    memory.forget(earlier)
    assert memory.renders(HERE) == [later]
