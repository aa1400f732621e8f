"""`python -m benchmarks.service`: what the service costs, through the door of a real `saycut serve`.

Latencies are those of clients in one other process on the same machine; memory is resident, read from /proc.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from itertools import chain
from pathlib import Path
from typing import Any

import httpx

CLIENTS = 20
REQUESTS = 200
STREAMS = 200
UPLOAD_MB = 500
ATTRIBUTION = {"X-Skill-Source": "bench", "X-Skill-Version": "1", "X-Skill-Platform": "bench"}


def resident_mb(pid: int) -> float:
    """Resident memory of one process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def user(http: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a new user."""
    answer = await http.post("/api/auth/anonymous-token", headers={"X-Client-Id": str(uuid.uuid4())})
    return {"Authorization": f"Bearer {answer.json()['data']['token']}"}


async def session(http: httpx.AsyncClient, headers: dict[str, str]) -> str:
    """A new session."""
    answer = await http.post("/api/tasks/me/with-session/nemo_agent", json={}, headers=headers)
    return str(answer.json()["data"]["session_id"])


async def control_routes(address: str) -> str:
    """CLIENTS users at once, each asking for state and credits again as soon as it was answered.

    Over bare sockets: a client library takes as long as the service, and would be measured with it.
    """

    async def one() -> list[float]:
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            headers = await user(http)
            mine = await session(http, headers)
        host = address.removeprefix("http://")
        reader, writer = await asyncio.open_connection(*host.split(":"))
        took: list[float] = []
        for number in range(REQUESTS):
            path = (f"/api/state/nemo_agent/me/{mine}/latest", "/api/credits/balance/simple")[number % 2]
            fields = {"Host": host, **headers}
            head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            begun_s = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
            answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            await reader.readexactly(int(answer.partition("content-length: ")[2].partition("\r\n")[0]))
            took.append((time.perf_counter() - begun_s) * 1000)
            assert answer.startswith("http/1.1 200"), answer
        writer.close()
        return took

    took = sorted(chain.from_iterable(await asyncio.gather(*(one() for _ in range(CLIENTS)))))
    p99 = took[int(len(took) * 0.99)]
    return f"{statistics.median(took):.1f} ms median, {p99:.1f} ms p99 of {len(took)}"


def say(mine: str, text: str) -> dict[str, Any]:
    """The body of one turn."""
    return {"session_id": mine, "new_message": {"parts": [{"text": text}]}}


async def first_event(http: httpx.AsyncClient, clip: Path) -> str:
    """From the request to the first frame with data, of turns one after the other."""
    headers = await user(http)
    mine = await session(http, headers)
    await uploaded(http, headers, mine, clip)
    took: list[float] = []
    for _ in range(10):
        begun_s = time.perf_counter()
        first = None
        async with http.stream(
            "POST", "/run_sse", json=say(mine, "make it 1 dB louder"), headers=headers
        ) as s:
            async for line in s.aiter_lines():
                if line.startswith("data: ") and first is None:
                    first = (time.perf_counter() - begun_s) * 1000
        took.append(first or 0.0)
    return f"{statistics.median(took):.0f} ms median, {max(took):.0f} ms worst of {len(took)}"


async def job_start(http: httpx.AsyncClient, clip: Path) -> str:
    """From submitting a render to its being taken."""
    headers = await user(http)
    mine = await session(http, headers)
    await uploaded(http, headers, mine, clip)
    took: list[float] = []
    for number in range(10):
        body = {"id": f"render_{number}", "sessionId": mine, "draft": {}, "output": {"format": "mp4"}}
        begun_s = time.perf_counter()
        await http.post("/api/render/proxy/lambda", json=body, headers={**headers, **ATTRIBUTION})
        status = "pending"
        while status == "pending":
            status = (await http.get(f"/api/render/proxy/lambda/render_{number}", headers=headers)).json()[
                "status"
            ]
        took.append((time.perf_counter() - begun_s) * 1000)
        while status not in ("completed", "failed"):
            status = (await http.get(f"/api/render/proxy/lambda/render_{number}", headers=headers)).json()[
                "status"
            ]
    return f"{statistics.median(took):.0f} ms median, {max(took):.0f} ms worst of {len(took)}"


async def uploaded(http: httpx.AsyncClient, headers: dict[str, str], mine: str, clip: Path) -> httpx.Response:
    """One file into a session."""
    with clip.open("rb") as file:
        return await http.post(
            f"/api/upload-video/nemo_agent/me/{mine}", files={"files": file}, headers=headers
        )


async def large_upload(address: str, pid: int, folder: Path) -> str:
    """A film of UPLOAD_MB: its speed to the acknowledgement, and how much the server grew meanwhile."""
    clip = folder / "large.mov"
    code = "from tests.factory import make; print(make('cfr30'))"
    small = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    data = Path(small).read_bytes()
    filler = (UPLOAD_MB << 20) - len(data)
    free = filler.to_bytes(4, "big") + b"free"  # a box that players skip
    boundary = uuid.uuid4().hex
    before_mb, peak_mb = resident_mb(pid), resident_mb(pid)

    async def body() -> AsyncIterator[bytes]:
        disposition = f'form-data; name="files"; filename="{clip.name}"'
        yield f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
        yield data + free
        block = bytes(1 << 20)
        for _ in range((filler - 8) // len(block)):
            yield block
        yield bytes((filler - 8) % len(block)) + f"\r\n--{boundary}--\r\n".encode()

    async def watch() -> None:
        nonlocal peak_mb
        while True:
            peak_mb = max(peak_mb, resident_mb(pid))
            await asyncio.sleep(0.05)

    async with httpx.AsyncClient(base_url=address, timeout=600) as http:
        headers = await user(http)
        mine = await session(http, headers)
        watching = asyncio.create_task(watch())
        begun_s = time.perf_counter()
        answer = await http.post(
            f"/api/upload-video/nemo_agent/me/{mine}",
            content=body(),
            headers={**headers, "Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        took_s = time.perf_counter() - begun_s
        watching.cancel()
    assert answer.status_code == 200, answer.text
    return f"{UPLOAD_MB / took_s:.0f} MB/s, +{peak_mb - before_mb:.0f} MB"


async def idle_streams(address: str, pid: int) -> str:
    """STREAMS turns that wait in one queue, each with a client listening."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=600, limits=limits) as http:
        before_mb = resident_mb(pid)
        waiting = []
        for _ in range(STREAMS // 50):
            headers = await user(http)
            mine = await session(http, headers)
            waiting += [(headers, mine)] * 50
        tasks = [asyncio.create_task(_listen(http, headers, mine)) for headers, mine in waiting]
        await asyncio.sleep(3)
        grown = resident_mb(pid)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return f"{grown:.0f} MB resident ({before_mb:.0f} before)"


async def _listen(http: httpx.AsyncClient, headers: dict[str, str], mine: str) -> None:
    async with http.stream("POST", "/run_sse", json=say(mine, "hello"), headers=headers) as stream:
        async for _ in stream.aiter_lines():
            pass


async def measure(address: str, pid: int, folder: Path) -> None:
    """Print the table."""
    code = "from tests.factory import make; print(make('cfr30'))"
    clip = Path(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
    )
    async with httpx.AsyncClient(base_url=address, timeout=120) as http:
        while (await http.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.1)
        print("| what | measured | aim |\n|---|---|---|")
        print(
            f"| control routes, {CLIENTS} clients | {await control_routes(address)} | p99 ≤ 50 ms |",
            flush=True,
        )
        print(f"| first event of a turn | {await first_event(http, clip)} | ≤ 300 ms |", flush=True)
        print(
            f"| a render is taken after its submit | {await job_start(http, clip)} | ≤ 150 ms |", flush=True
        )
    told = await large_upload(address, pid, folder)
    print(f"| upload of {UPLOAD_MB} MB | {told} | ≥ 60 MB/s, ≤ 40 MB |", flush=True)
    print(f"| {STREAMS} streams | {await idle_streams(address, pid)} | ≤ 300 MB |", flush=True)


def main() -> None:
    """Start a service of its own and measure it."""
    with tempfile.TemporaryDirectory(prefix="saycut-bench-") as name:
        folder = Path(name)
        command = [sys.executable, "-m", "saycut", "serve", "--port", "0", "--data-dir", str(folder / "data")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout is not None
        try:
            asyncio.run(measure(process.stdout.readline().strip(), process.pid, folder))
        finally:
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    main()
