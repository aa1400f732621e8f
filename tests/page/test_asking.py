"""What the conversation offers: what is understood while typing, what may come next, Adjust."""

from pathlib import Path

import pytest
from playwright.sync_api import Request, expect

from tests.page.browser import PATIENCE_MS, Visit
from tests.page.test_keeping import Told

expect.set_options(timeout=PATIENCE_MS)
pytestmark = pytest.mark.soak


def test_what_is_typed_is_understood_before_it_is_sent(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    asked: list[str] = []

    def count(request: Request) -> None:
        if request.url.endswith("/plan"):
            asked.append(str(request.post_data))

    page.on("request", count)
    understood = page.locator(".understood")
    page.locator("#sentence").press_sequentially("remove the noise and trim the silences", delay=10)
    expect(understood).to_contain_text("Lower background noise")
    expect(understood).to_contain_text("Trim pauses")
    before = len(asked)
    assert before < 10  # not for every letter
    page.locator("#sentence").press("Enter")
    expect(page.locator(".card[data-outcome=open] .plan > li")).to_have_count(2)
    assert len(asked) == before  # the plan was known
    expect(understood).to_have_text("")
    page.locator("#sentence").fill("make it better")
    expect(understood).to_contain_text("?")
    assert page.locator(".log .said").count() == 1


def test_what_was_done_is_adjusted_in_its_place(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say("remove the background noise and make it 3 dB louder")
    visit.apply()
    adjust = page.get_by_role("button", name="Adjust")
    adjust.click()
    card = page.locator(".card[data-outcome=open]")
    card.locator(".gear").nth(1).click()
    gain = card.get_by_role("spinbutton", name="Gain")
    gain.fill("6")
    gain.press("Tab")
    expect(card.locator(".line").nth(1)).to_contain_text("+6.0 dB")
    card.get_by_role("button", name="Listen").click()
    expect(card.locator(".plan .receipt")).to_have_count(2)  # tried on the state before the change
    visit.apply()
    expect(page.locator(".work .answer")).to_have_count(2)
    expect(page.locator(".work").last).to_contain_text("+6.0 dB")
    told = Told(visit)
    states = told.get(f"/api/v1/sessions/{told.session}/history")["states"]
    assert [state["place"] for state in states if state["on_line"]] == [0, 1, 3]  # beside the change before
    expect(adjust).to_have_count(1)
    page.reload()
    expect(adjust).to_have_count(1)


def test_an_earlier_change_is_adjusted_and_what_came_after_it_is_done_again(
    visit: Visit, material: Path
) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    for words in ("make it 3 dB louder", "trim the silences"):
        visit.say(words)
        visit.apply()
    adjust = page.get_by_role("button", name="Adjust")
    expect(adjust).to_have_count(2)
    adjust.first.click()
    card = page.locator(".card[data-outcome=open]")
    expect(card.locator(".line")).to_have_count(2)
    card.locator(".gear").first.click()
    gain = card.get_by_role("spinbutton", name="Gain")
    gain.fill("5")
    gain.press("Tab")
    expect(card.locator(".line").first).to_contain_text("+5.0 dB")
    visit.apply()
    told = Told(visit)
    states = told.get(f"/api/v1/sessions/{told.session}/history")["states"]
    assert [state["place"] for state in states if state["on_line"]] == [0, 1, 4]
    assert told.length_s() < 18  # trimmed again
    expect(page.locator(".tracks .gain").first).to_have_text("+5.0 dB")


def test_what_was_done_is_not_suggested_again(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    wishes = page.locator(".suggestions")
    expect(wishes).to_contain_text("Remove the background noise")
    visit.say("remove the background noise")
    visit.apply()
    expect(wishes).not_to_contain_text("Remove the background noise")
    expect(wishes).to_contain_text("Trim the silences")
    page.locator(".past .decision > button").first.click()
    expect(wishes).to_contain_text("Remove the background noise")
    visit.bring(material / "voiceover.wav")
    expect(wishes.locator("button").first).to_have_text("Replace the sound with the voiceover")
