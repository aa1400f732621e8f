"""A plan is heard before it is agreed to: both sides and what goes, at one loudness; anew when it changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.http.server import Server
from tests.page.browser import PATIENCE_MS, Visit, visiting

expect.set_options(timeout=PATIENCE_MS)
# No page shows what it plays: seconds and level of every sound that is begun.
KEEP_SOUNDS = """
window.heard = [];
const begin = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (when, offset, length) {
  const samples = this.buffer.getChannelData(0);
  const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
  window.heard.push({ seconds: this.buffer.duration, offset, db: 10 * Math.log10(power) });
  return length === undefined ? begin.call(this, when, offset) : begin.call(this, when, offset, length);
};
"""


@pytest.fixture
def listener(chromium: Browser, server: Server) -> Iterator[Visit]:
    with visiting(chromium, server.address) as person:
        person.page.add_init_script(KEEP_SOUNDS)
        yield person


def heard(visit: Visit) -> dict[str, Any]:
    """What was begun last."""
    last: dict[str, Any] = visit.page.evaluate("window.heard.at(-1)")
    return last


@pytest.mark.soak
def test_a_plan_is_heard_on_both_sides_and_changes_nothing(listener: Visit, material: Path) -> None:
    page = listener.open().page
    listener.bring(material / "talk.mp4")
    listener.say("remove the background noise and trim the silences")
    card = page.locator(".card[data-outcome=open]")
    card.get_by_role("button", name="Listen").click()
    sides = card.locator(".heard button")
    expect(sides.nth(1)).to_have_attribute("aria-pressed", "true")  # what it would be is heard at once
    after = heard(listener)
    receipts = card.locator(".plan .receipt")
    expect(receipts).to_have_count(2)
    assert "dBFS" in receipts.first.inner_text()
    sides.first.click()
    expect(sides.nth(1)).to_have_attribute("aria-pressed", "false")
    before = heard(listener)
    assert before["seconds"] == pytest.approx(10, abs=0.06)
    assert after["seconds"] < 9.5
    sides.nth(2).click()
    gone_s = heard(listener)["seconds"]
    assert gone_s == pytest.approx(before["seconds"] - after["seconds"], abs=0.1)
    assert f"{gone_s:.1f} s removed" in receipts.nth(1).inner_text()

    card.locator(".line input").nth(1).uncheck()  # made anew, with the noise alone
    expect(receipts).to_have_count(1)
    expect(sides.nth(2)).to_have_text("Removed")
    levels = []
    for side in (sides.first, sides.nth(1)):
        side.click()
        levels.append(heard(listener)["db"])
    assert abs(levels[0] - levels[1]) < 1.5
    page.locator(".play").click()  # the player and the ten seconds are never heard together
    expect(sides.nth(1)).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".states button")).to_have_count(1)
