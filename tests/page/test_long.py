"""An hour in the page: its waveform is there within a second, and the tab stays small."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.http.server import Server
from tests.page.browser import PATIENCE_MS, visiting
from tests.soak.test_memory import looped

pytestmark = pytest.mark.soak

expect.set_options(timeout=PATIENCE_MS)
MOST_MB = 300
WAVEFORM_MS = 1000
LONG_MS = 600_000  # an hour is brought in, cut and played under whatever else runs
# When the first waveform has been drawn, from when the page asked for the levels of its file.
DRAWN = """
() => {
  const asked = performance.getEntriesByType('resource').find((each) => each.name.includes('/peaks'));
  const drawn = document.querySelector('.wave .drawn > div > div')?.shadowRoot?.querySelector('canvas');
  return asked && drawn ? performance.now() - asked.startTime : null;
}
"""


def tab_mb(running: Browser, page: Page) -> float:
    """The share of memory (PSS) of the process that shows the page: the largest of the renderers."""
    told = running.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    shares = []
    for process in told["processInfo"]:
        if process["type"] == "renderer":
            lines = Path(f"/proc/{process['id']}/smaps_rollup").read_text().splitlines()
            shares += [int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")]
    assert page.evaluate("document.readyState") == "complete"
    return max(shares)


def waveform_ms(page: Page) -> float:
    return float(page.wait_for_function(DRAWN, polling=10).json_value())


def test_an_hour(chromium: Browser, server: Server, material: Path, tmp_path: Path) -> None:
    hour = looped(material / "talk.mp4", 3600, tmp_path / "hour.mp4")
    with visiting(chromium, server.address) as visit:
        page = visit.open().page
        page.set_default_timeout(LONG_MS)
        visit.bring(hour)
        first_ms = waveform_ms(page)
        page.locator(".frame img").wait_for()
        visit.say("trim the silences")
        visit.apply()
        page.locator(".removed summary").click()
        assert page.locator(".removed li").count() > 500
        page.locator(".play").click()
        expect(page.locator(".time")).not_to_contain_text("0:00.0 /")
        page.locator(".frame video:not(.behind)").wait_for()
        worked_mb = tab_mb(chromium, page)
        page.reload()
        again_ms = waveform_ms(page)
        assert worked_mb <= MOST_MB
        assert first_ms <= WAVEFORM_MS
        assert again_ms <= WAVEFORM_MS
