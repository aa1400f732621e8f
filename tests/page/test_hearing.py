"""The player, the history, and coming back: what is heard, where it lies, and what a reload leaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.http.server import Client, Server
from tests.page.browser import PATIENCE_MS, Visit, visiting

expect.set_options(timeout=PATIENCE_MS)
# What is heard goes through gains, whose values no page shows.
KEEP_GAINS = """
const made = AudioContext.prototype.createGain;
AudioContext.prototype.createGain = function () {
  window.gain = made.call(this);
  return window.gain;
};
"""


@pytest.fixture
def listener(chromium: Browser, server: Server) -> Iterator[Visit]:
    with visiting(chromium, server.address) as person:
        person.page.add_init_script(KEEP_GAINS)
        yield person


def seconds(text: str) -> float:
    minutes, rest = text.strip().split(":")
    return int(minutes) * 60 + float(rest)


def times(page: Page) -> tuple[float, float]:
    """Where the player is, and how long what it plays is."""
    at, whole = page.locator(".time").inner_text().split("/")
    return seconds(at), seconds(whole)


def test_both_sides_are_heard_at_the_same_moment_and_loudness(listener: Visit, material: Path) -> None:
    page = listener.open().page
    listener.bring(material / "talk.mp4")
    listener.say("trim the silences and make it 12 dB quieter")
    listener.apply()
    page.locator(".picture img").wait_for()
    removed = page.locator(".removed li")
    assert page.locator(".steps .receipt").first.inner_text().startswith(f"{removed.count()} pauses")

    page.locator(".play").click()
    expect(page.locator(".time")).not_to_have_text("0:00.0", use_inner_text=True)
    page.locator(".seek").fill("6")
    expect(page.locator(".time")).to_contain_text("0:06.")
    page.locator(".play").click()  # pause
    after_s, whole_after_s = times(page)
    page.locator(".sides button").first.click()
    before_s, whole_before_s = times(page)
    assert whole_before_s == 22.0
    assert whole_after_s < 18
    assert 0.5 < before_s - after_s <= whole_before_s - whole_after_s  # the pauses before it are there again

    page.locator(".play").click()
    expect(page.locator(".time")).not_to_contain_text(f"0:0{before_s:.1f} /")
    assert abs(float(page.evaluate("window.gain.gain.value")) - 10 ** (-12 / 20)) < 0.02
    page.locator(".play").press("b")
    expect(page.locator(".sides button").nth(1)).to_have_attribute("aria-pressed", "true")

    first_end_s = seconds(str(removed.first.locator(".piece").text_content()).split("–")[1])
    page.locator(".removed summary").click()
    removed.first.locator(".piece").click()
    expect(page.locator(".removed > button")).to_have_attribute("aria-pressed", "false")
    assert times(page)[0] == pytest.approx(first_end_s, abs=0.15)  # it stopped where the pause ended


def test_everything_can_be_taken_back_and_is_there_again_after_a_reload(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say("trim the silences")
    visit.apply()
    states = page.locator(".states button")
    expect(states).to_have_count(2)
    short = page.locator(".past > p").inner_text()

    page.locator(".past .decision > button").first.click()
    expect(states.first).to_have_attribute("aria-current", "step")
    assert "0-22s" in page.locator(".past > p").inner_text()
    states.nth(1).click()
    expect(page.locator(".past > p")).to_have_text(short)
    page.locator(".naming input").fill("short <b>one</b>")
    page.locator(".naming button").click()
    expect(states.nth(1)).to_have_text("2. ★ short <b>one</b>")  # as text

    page.reload()
    expect(states.nth(1)).to_have_text("2. ★ short <b>one</b>")
    expect(page.locator(".log .said")).to_have_count(1)
    assert "pauses" in page.locator(".work .answer").inner_text()


def test_earlier_states_are_previewed_by_their_place(server: Server, material: Path) -> None:
    client = Client(server.http())
    session = client.session()
    client.upload(session, material / "talk.mp4")
    client.say(session, "remove all sound")
    path = f"/api/v1/sessions/{session}/preview"
    seconds_of = {"what": "sound", "at_s": 2, "seconds": 2}
    heard = client.http.post(path, json={**seconds_of, "place": 1})
    silent = client.http.post(path, json=seconds_of)
    assert heard.headers["content-type"] == "audio/mpeg"
    assert len(set(heard.content)) > 200  # sound, where MP3 of silence repeats itself
    assert silent.content != heard.content
    beyond = client.http.post(path, json={**seconds_of, "place": 3})
    assert (beyond.status_code, "place" in beyond.json()["detail"]) == (422, True)
