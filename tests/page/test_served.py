"""What the service answers at `/`: the page under a strict policy, or how to come by it."""

import ast
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from saycut.http import page
from saycut.service.operator import TOKEN_FILE
from tests.http.server import Server, serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page, as a build leaves it."""
    (tmp_path / "index.html").write_text(
        '<meta name="csp-nonce" content="{{nonce}}"><script src="/page/index-abc.js">'
    )
    (tmp_path / "index-abc.js").write_text("export {};" * 100)
    (tmp_path / "notes.txt").write_text("nobody's")
    return tmp_path


def answering(folder: Path) -> TestClient:
    app = FastAPI()
    app.state.page = page.Page(folder)
    app.include_router(page.router)
    return TestClient(app)


def test_the_entry_is_asked_for_every_time_and_allows_nothing_from_elsewhere(folder: Path) -> None:
    client = answering(folder)
    answers = [client.get("/") for _ in range(2)]
    policies = [answer.headers["content-security-policy"] for answer in answers]
    assert answers[0].headers["cache-control"] == "no-cache"
    assert "microphone=(self)" in answers[0].headers["permissions-policy"]
    assert policies[0] != policies[1]  # a nonce is used once
    for answer, policy in zip(answers, policies, strict=True):
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy
        nonce = re.search(r"'nonce-([\w-]{24})'", policy)
        assert nonce is not None
        assert f'content="{nonce[1]}"' in answer.text


def test_files_are_kept_for_ever_and_come_packed(folder: Path) -> None:
    client = answering(folder)
    packed = client.get("/page/index-abc.js")
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in packed.headers["cache-control"]
    assert packed.headers["content-type"].startswith("text/javascript")
    plain = client.get("/page/index-abc.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content == (folder / "index-abc.js").read_bytes()


@pytest.mark.parametrize("name", ["notes.txt", "index.html", "..%2Fpage.py", "missing.js"])
def test_nothing_else_of_the_folder_is_served(folder: Path, name: str) -> None:
    assert answering(folder).get(f"/page/{name}").status_code == 404


@pytest.mark.parametrize(
    ("spoken", "first"), [("en", "The page is not built"), ("zh-CN", "此安装未包含页面")]
)
def test_without_a_page_it_says_how_to_build_one(tmp_path: Path, spoken: str, first: str) -> None:
    answer = answering(tmp_path).get("/", headers={"accept-language": spoken})
    assert answer.status_code == 200
    assert first in answer.text.partition("</section>")[0]
    assert "make web" in answer.text


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("service"), "--workers", "0") as running:
        yield running


def test_the_service_answers_at_its_root_with_its_usual_headers(server: Server) -> None:
    answer = httpx.get(server.address + "/", timeout=60)
    assert answer.status_code == 200
    assert "<title>Saycut</title>" in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_only_a_terminal_is_told_the_operators_token(tmp_path: Path) -> None:
    """The other end of a terminal is read here; logs are files and pipes, which hear nothing of it."""
    reading, terminal = pty.openpty()
    command = [sys.executable, "-m", "saycut", "serve", "--port", "0", "--workers", "0"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(tmp_path)], stdout=subprocess.PIPE, stderr=terminal, text=True
    )
    os.close(terminal)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    with os.fdopen(reading, "rb", buffering=0) as told:
        while "#token=" not in (said := told.readline().decode().strip()):
            assert process.poll() is None
        token = (tmp_path / TOKEN_FILE).read_text("ascii").strip()
        process.kill()  # it may be waiting for somebody to read its terminal
        process.wait(30)
    process.stdout.close()
    assert said.endswith(f"{address}/#token={token}")
    assert token not in address


@pytest.mark.parametrize("part", ["", "player."])
def test_both_catalogues_have_the_same_words(part: str) -> None:
    """The compiler sees to it, too; this needs no Node."""
    words = ROOT / "web" / "src" / "words"
    catalogues = [
        dict(re.findall(r'^ {2}"([\w.]+)":\s+"(.+)",$', (words / name).read_text("utf-8"), re.MULTILINE))
        for name in (f"{part}en.ts", f"{part}zh.ts")
    ]
    assert len(catalogues[0]) > 80
    assert catalogues[0].keys() == catalogues[1].keys()
    for key, said in catalogues[0].items():
        blanks = [sorted(re.findall(r"\{\w+\}", text)) for text in (said, catalogues[1][key])]
        assert blanks[0] == blanks[1], key


def stages() -> set[str]:
    """Every stage that some source file tells a watch of by name."""
    tellers = {"report", "watched_blocks", "envelope", "_told"}
    told: set[str] = set()
    for path in (ROOT / "src" / "saycut").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            said = [
                *(node.args if name in tellers else []),
                *(k.value for k in node.keywords if k.arg == "stage"),
            ]
            told |= {s.value for s in said if isinstance(s, ast.Constant) and isinstance(s.value, str)}
    return told


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_stage_has_words(language: str) -> None:
    words = (ROOT / "web" / "src" / "words" / f"{language}.ts").read_text("utf-8")
    assert len(stages()) > 15
    assert {stage for stage in stages() if f'"stage.{stage.replace(" ", "_")}":' not in words} == set()


def test_the_lock_file_names_no_download_address() -> None:
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text("utf-8")
