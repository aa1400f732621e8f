"""The service under load: nothing grows with the number of jobs, the size of a file, or a wait."""

import asyncio
import hashlib
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from saycut.service.operator import TOKEN_FILE
from tests.factory import Clip, Sound, make
from tests.http.server import Client, Server, serving
from tests.soak.processes import children, descriptors, forget_peak, peak_mb, private_mb, resident_mb, tell
from tests.waiting import until

pytestmark = pytest.mark.soak

BEEP = Clip("wav", None, (Sound("pcm_s16le"),))
JOBS = 1000
WARM = JOBS // 10
AT_ONCE = 2
JOBS_OF_A_SESSION = 20
# The database grows with the jobs, and with it what SQLite keeps of it: up to 2 MB for each of a dozen
# connections (its default cache_size). What grows more keeps 27 kB of every job: about ten of its events.
GROWTH_MB = 24.0
POOLED = 6  # connections to the database that a pool opens when two happen to ask at once

STREAMS = 200
STREAMS_OF_A_SESSION = 50
GB = 1 << 30
FIVE_GB = 5 * GB


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """With a folder of its own for what is temporary."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    with serving(tmp_path / "data", "--workers", str(AT_ONCE)) as running:
        until("a worker", lambda: running.http().get("/readyz").status_code == 200)
        yield running
    shutil.rmtree(tmp_path)  # gigabytes that nobody looks at


def operator(server: Server, data_dir: Path) -> Client:
    """Who is not metered."""
    client = server.client()
    client.http.headers["Authorization"] = f"Bearer {(data_dir / TOKEN_FILE).read_text().strip()}"
    return client


def test_a_thousand_jobs_leave_nothing_behind(server: Server, tmp_path: Path) -> None:
    clients = [operator(server, tmp_path / "data") for _ in range(AT_ONCE)]
    (worker,) = children(server.process.pid)
    watched = (server.process.pid, worker)

    def taken() -> list[tuple[float, int]]:
        return [(private_mb(pid), descriptors(pid)) for pid in watched]

    begun_s = time.monotonic()
    done(clients, 0, WARM)
    before, files_before = taken(), leftovers(tmp_path)
    for first in range(WARM, JOBS, WARM):
        done(clients, first, first + WARM)
        took_s = (time.monotonic() - begun_s) / (first + WARM)
        tell(f"{first + WARM} jobs, {took_s:.2f} s each; (MB, descriptors): {before} -> {taken()}")
    until("the tasks to be gone", lambda: children(worker) == [])
    for (mb_before, open_before), (mb_after, open_after) in zip(before, taken(), strict=True):
        assert mb_after - mb_before <= GROWTH_MB
        assert open_after - open_before <= POOLED
    assert leftovers(tmp_path) == files_before
    assert [path for path in files_before if "fetched" not in path] == []


def done(clients: list[Client], first: int, end: int) -> None:
    """Jobs number `first` to `end` - 1, by all clients at once: turns and renders of a second of sound."""

    def share(which: int) -> None:
        session = ""
        for number in range(first + which, end, len(clients)):
            if number // len(clients) % JOBS_OF_A_SESSION == 0 or not session:
                session = clients[which].session()
                assert clients[which].upload(session, make(BEEP)).status_code == 200
            if number // len(clients) % 2:
                words = str(clients[which].say(session, "make it 1 dB louder"))
                assert "✅" in words, words
            else:
                name = f"render_{number}"
                assert clients[which].submit(session, name, output={"format": "wav"}).status_code == 200
                told = clients[which].finished(name)
                assert told["status"] == "completed", told

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(share, range(len(clients))))


def leftovers(folder: Path) -> list[str]:
    """Files and folders that only work in progress needs, and one for every file that was worked with (a link
    to it, which is kept for a day)."""
    places = [folder / "temporary", *(folder / "data" / name for name in ("inbox", "fetched", "work"))]
    return sorted(str(path) for place in places for path in place.glob("*"))


def test_five_gigabytes_in_flat_memory(server: Server, tmp_path: Path) -> None:
    if shutil.disk_usage(tmp_path).free < 3 * FIVE_GB:
        pytest.skip("LITTLE DISK: 15 GB free are needed to upload five")
    client = operator(server, tmp_path / "data")
    session, clip = client.session(), make("cfr30").read_bytes()
    free_bytes = FIVE_GB - len(clip)
    digest = hashlib.sha256()

    def body() -> Iterator[bytes]:
        yield b'--xx\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'
        head = clip + (1).to_bytes(4, "big") + b"free" + free_bytes.to_bytes(8, "big")
        left, block = FIVE_GB - len(head), bytes(1 << 20)
        digest.update(head)
        yield head
        while left:
            part = block[: min(left, len(block))]
            digest.update(part)
            yield part
            left -= len(part)
        yield b"\r\n--xx--\r\n"

    pid = server.process.pid
    before_mb = resident_mb(pid)
    forget_peak(pid)
    begun_s = time.monotonic()
    answer = client.http.post(
        f"/api/upload-video/nemo_agent/me/{session}",
        content=body(),
        headers={"Content-Type": "multipart/form-data; boundary=xx"},
        timeout=1200,
    )
    grown_mb, took_s = peak_mb(pid) - before_mb, time.monotonic() - begun_s
    tell(f"5 GB in {took_s:.0f} s ({5120 / took_s:.0f} MB/s): +{grown_mb:.0f} MB over {before_mb:.0f}")
    assert answer.status_code == 200, answer.text
    sha256 = digest.hexdigest()
    assert (tmp_path / "data/store/objects" / sha256[:2] / sha256).stat().st_size == FIVE_GB
    assert grown_mb <= 40


def test_two_hundred_streams_that_wait(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "0") as server:
        clients = [server.client() for _ in range(STREAMS // STREAMS_OF_A_SESSION)]
        asked = [(client, client.session()) for client in clients]
        resident, lines = asyncio.run(listening(server, asked))
    tell(f"{STREAMS} streams that wait: {resident:.0f} MB")
    assert lines == [": heartbeat"] * STREAMS
    assert resident <= 300


async def listening(server: Server, asked: list[tuple[Client, str]]) -> tuple[float, list[str]]:
    """What serve takes when every stream has had its first heartbeat, and what each of them heard."""
    limits = httpx.Limits(max_connections=None)
    all_there = asyncio.Barrier(STREAMS + 1)
    async with httpx.AsyncClient(base_url=server.address, timeout=60, limits=limits) as http:

        async def one(client: Client, session: str) -> str:
            bearer = {"Authorization": client.http.headers["Authorization"]}
            said = Client.request(session, "mute it")
            async with http.stream("POST", "/run_sse", json=said, headers=bearer) as answer:
                line = await anext(answer.aiter_lines())
                await all_there.wait()
                await all_there.wait()
            return line

        streams = [asyncio.create_task(one(*who)) for who in asked for _ in range(STREAMS_OF_A_SESSION)]
        await all_there.wait()
        resident = resident_mb(server.process.pid)
        await all_there.wait()
        return resident, list(await asyncio.gather(*streams))
