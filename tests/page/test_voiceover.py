"""A voiceover from the microphone (Chromium's own, which beeps): recorded, brought in whole, and proposed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.http.server import Server, serving
from tests.page.browser import PATIENCE_MS, browser, visiting
from tests.page.test_keeping import Told
from tests.waiting import until

expect.set_options(timeout=PATIENCE_MS)
pytestmark = pytest.mark.soak
LOUD_DB = -50
SLOW = """() => {
  const { mediaDevices } = navigator, ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (what) => {
    await new Promise((resolve) => (window.allow = resolve));
    return (window.given = await ask(what));
  };
}"""
BEEPING = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Playwright runs one browser at a time: not the one that the other files share."""
    with serving(tmp_path) as running:
        yield running


def test_what_was_recorded_is_used_in_its_whole_length(server: Server, material: Path) -> None:
    with browser(*BEEPING) as running, visiting(running, server.address) as visit:
        page = visit.open().page
        visit.bring(material / "talk.mp4")
        page.get_by_role("button", name="Record a voiceover").click()
        expect(page.locator(".recorder .time")).to_contain_text("0:02")
        level = page.locator(".recorder meter")
        until("a beep", lambda: float(level.evaluate("(meter) => meter.value")) > LOUD_DB, 30)
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Use it").click()
        sentence = page.locator("#sentence")
        expect(sentence).to_have_value("Replace the sound with voiceover-1.webm")
        told = Told(visit)
        (voiceover,) = told.get(f"/api/v1/sessions/{told.session}/assets")["assets"][1:]
        assert (voiceover["kind"], 2000 <= voiceover["duration_ms"] < 20_000) == ("audio", True)

        page.locator(".composer .primary").click()
        visit.apply()
        expect(page.locator(".past > p")).to_contain_text("voiceover-1.webm")


def test_why_nothing_can_be_recorded_is_said(server: Server, material: Path) -> None:
    with browser() as running, visiting(running, server.address) as visit:
        page = visit.open().page
        visit.bring(material / "talk.mp4")
        page.get_by_role("button", name="Record a voiceover").click()
        expect(page.locator(".recorder [role=alert]")).to_contain_text("microphone")
        expect(page.get_by_role("button", name="Record a voiceover")).to_be_enabled()


def test_a_recording_that_is_discarded_was_never_there(server: Server, material: Path) -> None:
    with browser(*BEEPING) as running, visiting(running, server.address) as visit:
        page = visit.open().page
        visit.bring(material / "talk.mp4")
        page.get_by_role("button", name="Record a voiceover").click()
        expect(page.locator(".recorder .time")).to_contain_text("0:01")
        page.get_by_role("button", name="Stop").press("Enter")
        expect(page.locator(".recorder audio")).to_be_focused()  # and not the beginning of the page
        page.get_by_role("button", name="Discard").press("Enter")
        expect(page.locator(".recorder audio")).to_have_count(0)
        expect(page.get_by_role("button", name="Record a voiceover")).to_be_focused()
        expect(page.locator(".files .name")).to_have_count(1)


def test_whoever_goes_elsewhere_is_not_recorded_and_loses_nothing(server: Server, material: Path) -> None:
    with browser(*BEEPING) as running, visiting(running, server.address) as visit:
        page = visit.open().page
        visit.bring(material / "talk.mp4")
        record = page.get_by_role("button", name="Record a voiceover")
        anew = page.get_by_role("button", name="New project")
        record.click()
        expect(page.locator(".recorder .time")).to_contain_text("0:01")
        anew.click()
        expect(page.locator(".files .name")).to_have_count(0)
        expect(page.locator(".recorder audio")).to_have_count(1)
        page.get_by_role("button", name="Discard").click()

        visit.bring(material / "talk.mp4")
        page.evaluate(SLOW)
        record.click()
        expect(page.locator(".recorder")).to_contain_text("Waiting for the microphone")
        anew.click()
        page.evaluate("allow()")
        page.wait_for_function("() => window.given?.getTracks().every((each) => each.readyState === 'ended')")
        expect(page.locator(".recorder")).to_have_count(0)
