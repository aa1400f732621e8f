"""Two tabs of one person, and one that is opened again in mid-turn: each shows what is there, once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.page.browser import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)
pytestmark = pytest.mark.soak


@pytest.fixture
def other(visit: Visit, material: Path) -> Iterator[Visit]:
    """A second tab of the same browser, with the same film."""
    visit.open()
    visit.bring(material / "talk.mp4")
    second = Visit(visit.page.context.new_page(), visit.address).open()
    expect(second.page.locator(".states button")).to_have_count(1)
    yield second
    assert second.complaints == []


def pieces_told(page: Page) -> int:
    """How often it is said what was removed."""
    return page.locator(".steps .receipt", has_text="pauses").count() + len(
        re.findall("pauses", " ".join(page.locator(".work .answer").all_inner_texts()))
    )


def test_what_is_done_in_one_tab_is_seen_and_followed_in_the_other(visit: Visit, other: Visit) -> None:
    other.say("remove all sound")
    old_plan = other.page.locator(".card")
    expect(old_plan).to_have_attribute("data-outcome", "open")
    visit.say("trim the silences and make it -14 LUFS")
    visit.page.locator(".card[data-outcome=open] .primary").click()
    other.page.locator(".work .far").wait_for()  # it is followed while it runs
    expect(other.page.locator(".steps li")).to_have_count(2)
    expect(other.page.locator(".work .answer")).to_be_visible()
    expect(old_plan).to_have_attribute("data-outcome", "stale")
    expect(old_plan).to_contain_text("The project has changed")
    expect(other.page.locator(".states button")).to_have_count(2)
    for tab in (visit, other):
        assert pieces_told(tab.page) == 1
    expect(other.page.locator(".past > p")).to_have_text(visit.page.locator(".past > p").inner_text())

    other.page.locator(".past .decision > button").first.click()
    expect(visit.page.locator(".states button").first).to_have_attribute("aria-current", "step")
    other.page.locator(".naming input").fill("as it came")
    other.page.locator(".naming button").click()
    expect(visit.page.locator(".states button").first).to_have_text("1. ★ as it came")


def test_the_other_tab_may_begin_a_turn_itself_afterwards(visit: Visit, other: Visit) -> None:
    visit.say("trim the silences")
    visit.apply()
    expect(other.page.locator(".work .answer")).to_be_visible()
    other.say("make it 3 dB quieter")
    other.apply()
    expect(visit.page.locator(".work .answer")).to_have_count(2)
    expect(visit.page.locator(".states button")).to_have_count(3)
    assert visit.page.locator(".log .said").count() == 2  # each sentence once
    assert other.page.locator(".log .said").count() == 2


def test_a_tab_that_is_opened_again_in_mid_turn_goes_on_listening(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say("remove the noise, trim the silences and make it -14 LUFS")
    page.locator(".card[data-outcome=open] .primary").click()
    page.locator(".far").wait_for()
    page.reload()
    page.locator(".far").wait_for()  # still under way
    expect(page.locator(".work .answer")).to_be_visible()
    expect(page.locator(".far")).to_have_count(0)
    expect(page.locator(".steps li[data-done=true]")).to_have_count(3)
    assert pieces_told(page) == 1
    assert page.locator(".log .said").count() == 1
    expect(page.locator(".states button")).to_have_count(2)
