"""The history as a tree: what was undone stays, is gone to, and is compared with what was done instead."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.page.browser import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)


def chips(place: Locator) -> list[str]:
    return place.locator("button").all_inner_texts()


@pytest.mark.soak
def test_what_was_undone_stays_beside_and_any_two_states_are_compared(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say("trim the silences")
    visit.apply()
    undo, redo = page.locator(".past .decision > button").all()[:2]
    undo.click()
    visit.say("make it 12 dB quieter")
    visit.apply()
    line, beside = page.locator(".past > .states"), page.locator(".beside li .states")
    expect(beside).to_have_count(1)
    assert chips(line) == ["1. file added", "3. Change all sound by -12.0 dB"]
    assert [chip.split(" longer")[0] for chip in chips(beside)] == ["2. Trim pauses"]
    expect(page.locator(".beside .from")).to_contain_text("from 1")
    expect(redo).to_be_disabled()

    beside.locator("button").press("Enter")  # gone to: it is the line now
    expect(beside.locator("button")).to_contain_text("3. ")
    expect(line.locator("button").nth(1)).to_contain_text("2. Trim pauses")
    expect(line.locator("button").nth(1)).to_have_attribute("aria-current", "step")
    assert chips(beside) == ["3. Change all sound by -12.0 dB"]
    whole_s = float(page.locator(".time").inner_text().split(":")[-1])
    assert whole_s < 18

    page.locator("select[name=after]").select_option("3")
    expect(page.locator(".time")).to_contain_text("/ 0:22.0")
    page.locator("select[name=before]").select_option("2")
    page.locator(".sides button").first.click()
    expect(page.locator(".time")).to_contain_text(f"/ 0:{whole_s:.1f}")
    expect(page.locator(".waves .wave")).to_have_count(0)  # they are of the originals and of what is there
    undo.click()
    expect(page.locator("select[name=after]")).to_have_value("")
    redo.click()
    expect(line.locator("button").nth(1)).to_have_attribute("aria-current", "step")
