"""What a person has begun goes on, whatever happens to the page, the connection or the service."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.factory import Clip, Picture, make
from tests.http.server import Server, serving
from tests.page.browser import Visit, visiting
from tests.page.test_path import saycut
from tests.waiting import until

LARGE_BYTES = 500 << 20
SLOW_BYTES_PER_S = 60 << 20  # so that there is time to break it
SOME_BYTES = 100 << 20
PATIENCE_MS = 300_000


def on_the_wire(visit: Visit) -> None:
    """What broken connections write on the console is what these tests are about."""
    visit.complaints[:] = [said for said in visit.complaints if "net::ERR_" not in said]


def rendering(visit: Visit) -> None:
    """A file that is being made, and takes a while."""
    page = visit.open().page
    visit.bring(make(Clip(picture=Picture(width=1280, height=720, frames=900))))
    visit.say("rotate it by 90")
    visit.apply()
    page.locator(".tools > .primary").click()
    page.locator("dialog[open] .primary").click()
    under_way(visit)


def under_way(visit: Visit) -> None:
    visit.page.locator(".jobs li[data-status=processing]", has_text=re.compile(r"[1-9]\d? %")).wait_for(
        timeout=PATIENCE_MS
    )


def measured(visit: Visit, folder: Path) -> tuple[int, int]:
    """Width and height of the file that came out, by our own probe."""
    done = visit.page.locator(".jobs li[data-status=completed]")
    done.wait_for(timeout=PATIENCE_MS)
    with visit.page.expect_download() as download:
        done.get_by_role("button", name=re.compile("Download")).click()
    download.value.save_as(folder / "out.mp4")
    video = saycut("probe", folder / "out.mp4")["videos"][0]
    return video["display_width"], video["display_height"]


@pytest.mark.soak
def test_a_render_goes_on_through_a_reload_and_a_service_that_is_killed(
    chromium: Browser, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serving(tmp_path / "data"))
        visit = stack.enter_context(visiting(chromium, server.address))
        rendering(visit)
        visit.page.reload()
        under_way(visit)
        assert visit.page.locator(".jobs li").count() == 1
        server.process.kill()
        visit.page.locator(".away:not([hidden])").wait_for(timeout=PATIENCE_MS)
        port = str(urlsplit(server.address).port)
        stack.enter_context(serving(tmp_path / "data", "--port", port))
        visit.page.locator(".away[hidden]").wait_for(state="attached", timeout=PATIENCE_MS)
        assert measured(visit, tmp_path) == (720, 1280)
        assert visit.page.locator(".jobs li").count() == 1
        on_the_wire(visit)


@pytest.fixture
def film(tmp_path: Path) -> Iterator[Path]:
    """Half a gigabyte: a short clip, and a box behind it that players skip."""
    path = tmp_path / "film <i>of 'half a gigabyte' 电影.mov"
    data = make("cfr30").read_bytes()
    filler = LARGE_BYTES - len(data)
    with path.open("wb") as file:
        file.write(data + filler.to_bytes(4, "big") + b"free")
        file.truncate(LARGE_BYTES)
    yield path
    path.unlink()


class Wire:
    """The requests of an upload, as they leave the browser."""

    def __init__(self, visit: Visit) -> None:
        self.created = 0
        self.offsets: list[int] = []
        visit.page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/v1/uploads"):
            self.created += 1
        if request.method == "PATCH":
            self.offsets.append(int(request.headers["upload-offset"]))


def kept_bytes(server: Server) -> int:
    """What the service has of an upload under way, on its disk."""
    return sum(path.stat().st_size for path in (server.data_dir / "resumable").iterdir())


def seen_on(page: Page) -> bool:
    """Let the browser's events be heard: they come only while something is asked of the page."""
    page.wait_for_timeout(20)
    return True


@pytest.mark.soak
@pytest.mark.parametrize("broken_by", ["the connection", "a reload"])
def test_half_a_gigabyte_goes_on_where_it_broke_off(
    chromium: Browser, server: Server, film: Path, broken_by: str
) -> None:
    with visiting(chromium, server.address) as visit:
        wire = Wire(visit)
        page = visit.open().page
        slow = page.context.new_cdp_session(page)
        slow.send("Network.enable")
        limits = {"offline": False, "latency": 0, "downloadThroughput": -1}
        slow.send("Network.emulateNetworkConditions", {**limits, "uploadThroughput": SLOW_BYTES_PER_S})
        page.locator("input[type=file]").set_input_files(str(film))
        until("some of it has come", lambda: seen_on(page) and kept_bytes(server) > SOME_BYTES)
        if broken_by == "a reload":
            page.reload()
            kept, before = kept_bytes(server), len(wire.offsets)
            page.locator("input[type=file]").set_input_files(str(film))
        else:
            slow.send("Network.emulateNetworkConditions", {**limits, "offline": True, "uploadThroughput": 0})
            page.wait_for_timeout(1500)
            kept, before = kept_bytes(server), len(wire.offsets)
            slow.send("Network.emulateNetworkConditions", {**limits, "uploadThroughput": -1})
        page.locator(".files .name", has_text="half a gigabyte").wait_for(timeout=PATIENCE_MS)
        page.locator(".files progress").wait_for(state="detached", timeout=PATIENCE_MS)
        assert page.locator(".files .name").inner_text() == film.name
        assert wire.created == 1  # never begun anew
        # What goes on lies behind what the service had, but for the piece that was cut in two.
        assert SOME_BYTES < kept < LARGE_BYTES
        later = wire.offsets[before:]
        assert later
        assert min(later) >= kept
        on_the_wire(visit)
