"""Resumable uploads by tus-js-client, the client that browsers use: whole, and cut off and gone on with."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factory import make
from tests.http.padded import padded
from tests.http.server import Client, Server, serving

PROGRAM = Path(__file__).parent / "tus_client"
MB = 1 << 20
# What npm says when it reaches nobody, or is given nothing there.
UNREACHED = (
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "EAI_AGAIN",
    "ENETUNREACH",
    "ERR_SOCKET_TIMEOUT",
    "E403",
    "E503",
)
INSTALL_S = 120


@pytest.fixture(scope="module")
def program() -> Path:
    """The program beside the packages that its lock file names: installed once, kept in the temp folder."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("NODE ABSENT: node and npm are not on the PATH, tus-js-client was not tried")
    content = b"".join(path.read_bytes() for path in sorted(PROGRAM.iterdir()))
    root = Path(tempfile.gettempdir()) / f"saycut-node-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    folder = root / hashlib.sha256(content).hexdigest()[:16]
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=root) as name:
            made = Path(name) / "made"
            shutil.copytree(PROGRAM, made)
            installed(made)
            made.rename(folder)
    return folder / "upload.mjs"


def installed(folder: Path) -> None:
    """`npm ci`; skips, loudly, when the registry cannot be reached."""
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries", "0"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=INSTALL_S
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"NPM REGISTRY SILENT for {INSTALL_S} s: tus-js-client was not tried")
    unreached = [code for code in UNREACHED if code in done.stderr]
    if done.returncode != 0 and unreached:
        pytest.skip(f"NPM REGISTRY UNREACHED ({unreached[0]}): tus-js-client was not tried")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "data") as running:
        yield running


def command(program: Path, client: Client, session: str, path: Path, **more: int) -> list[str]:
    asked = {
        "endpoint": str(client.http.base_url.join("/api/v1/uploads")),
        "token": client.user["token"],
        "sessionId": session,
        "path": str(path),
        "addresses": str(path.with_suffix(".addresses")),
        **more,
    }
    return ["node", str(program), json.dumps(asked)]


def uploaded(program: Path, client: Client, session: str, path: Path, **more: int) -> dict[str, Any]:
    run = command(program, client, session, path, **more)
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def cut_off(program: Path, client: Client, session: str, path: Path, **more: int) -> None:
    done = subprocess.run(command(program, client, session, path, **more), check=False)
    assert done.returncode == -signal.SIGKILL


def is_here_once(client: Client, session: str, path: Path, data_dir: Path) -> bool:
    """Whether `path` is the one asset of the session, bit for bit."""
    (asset,) = client.state(session)["state"]["video_infos"]
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with (data_dir / "store" / "objects" / sha256[:2] / sha256).open("rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    return same and (asset["name"], asset["size"]) == (path.name, path.stat().st_size)


def test_a_file_in_chunks(program: Path, server: Server, tmp_path: Path) -> None:
    client = server.client()
    session = client.session()
    film = padded(make("cfr30"), 3 * MB + 1, tmp_path / "été 电影.mp4")
    told = uploaded(program, client, session, film, chunkBytes=MB)
    assert (told["chunks"], told["resumedFrom"]) == (4, 0)
    assert is_here_once(client, session, film, tmp_path / "data")


@pytest.mark.soak
def test_a_client_that_dies_in_the_middle_of_a_chunk_is_gone_on_with(
    program: Path, server: Server, tmp_path: Path
) -> None:
    film = padded(make("cfr30"), 6 * MB, tmp_path / "film.mp4")
    assert cut_and_resumed(program, server, film, tmp_path / "data", 3 * MB + 1, chunkBytes=MB) >= 3 * MB


@pytest.mark.soak
def test_500_mb_in_one_piece_cut_off_and_gone_on_with(program: Path, server: Server, tmp_path: Path) -> None:
    film = padded(make("cfr30"), 500 * MB, tmp_path / "film.mp4")
    assert cut_and_resumed(program, server, film, tmp_path / "data", 200 * MB) > 0


def cut_and_resumed(
    program: Path, server: Server, film: Path, data_dir: Path, die_at_bytes: int, **chunks: int
) -> int:
    """The byte that the second process went on from."""
    client = server.client()
    session = client.session()
    cut_off(program, client, session, film, dieAtBytes=die_at_bytes, **chunks)
    assert client.state(session)["state"]["video_infos"] == []
    told = uploaded(program, client, session, film, **chunks)
    assert is_here_once(client, session, film, data_dir)
    resumed_from: int = told["resumedFrom"]
    return resumed_from
