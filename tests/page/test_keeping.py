"""Pauses that were taken out and are left in after all, by the list or the waveform, where that can be."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.page.browser import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)
ROUNDED_S = 0.002  # lengths are told in milliseconds
Cut = tuple[float, float]


class Told:
    """What the service says of the session that the page has open."""

    def __init__(self, visit: Visit) -> None:
        kept = "['saycut.token', 'saycut.session'].map((key) => localStorage.getItem(key))"
        token, self.session = visit.page.evaluate(kept)
        self.address, self.headers = visit.address, {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        return httpx.get(self.address + path, headers=self.headers, timeout=60).json()

    def length_s(self) -> float:
        answer = self.get(f"/api/state/nemo_agent/me/{self.session}/latest")
        return float(answer["data"]["state"]["draft"]["d"]) / 1000

    def cuts(self) -> list[Cut]:
        """What the newest trim took out."""
        events = self.get(f"/apps/nemo_agent/users/me/sessions/{self.session}")["events"]
        parts = [part for event in events for part in event.get("content", {}).get("parts", [])]
        answers = [part["functionResponse"]["response"] for part in parts if "functionResponse" in part]
        newest = [answer["cuts"] for answer in answers if "cuts" in answer][-1]
        return [(start_s, end_s) for start_s, end_s in newest]


@pytest.mark.soak
def test_a_pause_that_is_kept_makes_the_result_longer_by_just_that(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say("trim the silences and make it 6 dB quieter")
    visit.apply()
    told = Told(visit)
    cuts, short_s = told.cuts(), told.length_s()
    page.locator(".removed summary").click()
    keeps = page.locator(".removed .keep")
    expect(keeps).to_have_count(len(cuts))
    assert len(cuts) >= 3

    keeps.nth(1).click()
    expect(keeps).to_have_count(len(cuts) - 1)
    kept_s = cuts[1][1] - cuts[1][0]
    assert abs(told.length_s() - short_s - kept_s) < ROUNDED_S
    assert told.cuts() == [cuts[0], *cuts[2:]]
    expect(page.locator(".past > .states button")).to_have_count(2)  # in the place of the change before
    beside = page.locator(".beside .states button")
    expect(beside).to_have_count(1)  # which is not lost, and what is there instead is named by what it does
    assert "Undo" not in page.locator(".past > .states button").nth(1).inner_text()
    assert told.get("/api/credits/balance/simple")["data"]["available"] == 90  # two changes, each its price
    page.reload()

    page.locator(".removed summary").click()
    expect(keeps).to_have_count(len(cuts) - 1)
    page.locator(".waves .keepable").first.click()
    expect(keeps).to_have_count(len(cuts) - 2)
    kept_s += cuts[0][1] - cuts[0][0]
    assert abs(told.length_s() - short_s - kept_s) < ROUNDED_S
    assert told.cuts() == cuts[2:]

    visit.say("undo")
    expect(page.locator(".states button").first).to_have_attribute("aria-current", "step")
    assert told.length_s() == 22.0


@pytest.mark.soak
def test_after_another_change_it_is_said_why_nothing_can_be_kept(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say("trim the silences")
    visit.apply()
    page.locator(".removed summary").click()
    expect(page.locator(".removed .keep").first).to_be_visible()
    visit.say("remove all sound")
    visit.apply()
    expect(page.locator(".removed .keep")).to_have_count(0)
    expect(page.locator(".removed")).to_contain_text("first take back what came after")
    page.locator(".past .decision > button").first.click()
    expect(page.locator(".removed .keep").first).to_be_visible()
