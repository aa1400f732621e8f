"""How the page looks and is read: no serious fault for axe, nothing cut off at 360 px, both languages."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.http.server import Server
from tests.page.browser import Visit, visiting

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# Style sheets inside of shadow trees are not loaded anew: that would be an inline style of axe's own.
RUN = "async () => (await axe.run({ preload: false })).violations"
FAULTS = ("serious", "critical")
NARROW = {"width": 360, "height": 740}


def faults(visit: Visit) -> list[str]:
    """What axe calls serious or worse."""
    if not AXE.exists():
        pytest.skip("AXE ABSENT: accessibility was not checked (make web)")
    visit.page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = visit.page.evaluate(RUN)
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in FAULTS]


def test_every_state_can_be_read_in_both_themes_and_languages(
    chromium: Browser, server: Server, material: Path
) -> None:
    with visiting(chromium, server.address, color_scheme="dark") as visit:
        page = visit.open().page
        page.locator("#sentence").wait_for()
        assert faults(visit) == []
        visit.bring(material / "talk.mp4")
        visit.say("trim the silences")
        page.locator(".card[data-outcome=open]").wait_for()
        assert faults(visit) == []
        visit.apply()
        page.locator(".removed summary").click()
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert faults(visit) == []
        page.locator(".tools button").nth(1).click()
        assert page.locator("html").get_attribute("data-theme") == "light"
        page.locator(".tools button").first.click()
        assert page.locator("html").get_attribute("lang") == "zh"
        assert "剪短超过" in page.locator(".steps li").first.inner_text()
        page.set_viewport_size(NARROW)
        assert faults(visit) == []
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
        small = page.locator(
            "button:visible, input:not([type=file]):visible, select:visible, summary:visible"
        )
        sizes = [box["height"] for each in small.all() if (box := each.bounding_box()) is not None]
        assert min(sizes) >= 24
        assert len(sizes) > 15


def test_nothing_is_loaded_from_elsewhere(visit: Visit) -> None:
    page = visit.open().page
    page.locator("#sentence").wait_for()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert len(loaded) >= 2
    assert all(str(name).startswith(visit.address) for name in loaded)


def test_a_name_that_is_markup_is_shown_as_text(visit: Visit, material: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "<img src=x onerror=alert(1)>.wav"
    hostile.write_bytes((material / "voiceover.wav").read_bytes())
    page = visit.open("/#token=nobody's").page
    assert page.evaluate("location.hash") == ""  # taken out of the address, good or not
    visit.bring(hostile)
    assert page.locator(".files .name").inner_text() == hostile.name
    visit.say("<script>alert(1)</script>")
    assert page.locator(".log .said").inner_text() == "<script>alert(1)</script>"
    page.locator(".work .answer").wait_for()
    assert page.locator(".log script, .files img").count() == 0
