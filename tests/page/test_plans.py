"""Plans before they are agreed to: settings behind the gear, unticked lines, questions, stale plans; keys."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.http.server import Client, Server
from tests.page.browser import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)
DURATION = """(sound) => sound.readyState > 0
  ? sound.duration
  : new Promise((tell, fail) => {
      sound.onloadedmetadata = () => tell(sound.duration);
      sound.onerror = () => fail(sound.error);
    })"""


def test_a_plan_is_adjusted_and_carried_out_as_it_then_stands(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say("remove the background noise, trim the silences and remove the music")
    lines = page.locator(".card .plan > li")
    expect(lines).to_have_count(3)
    lines.first.locator(".gear").click()
    lines.first.get_by_label("Strength").select_option("light")
    expect(lines.first.locator(".line")).to_contain_text("Lower background noise (light)")
    lines.nth(1).locator(".gear").click()
    expect(lines.first.locator(".settings")).to_have_count(0)  # one at a time
    longer = lines.nth(1).get_by_role("spinbutton", name="Pauses longer than")
    longer.fill("1.2")
    longer.press("Tab")
    expect(lines.nth(1).locator(".line")).to_contain_text("longer than 1.2 s")
    lines.nth(2).locator(".line input").uncheck()
    page.keyboard.press("Control+Enter")
    visit_over(visit)
    steps = page.locator(".steps li")
    expect(steps).to_have_count(2)
    expect(steps.first).to_contain_text("(light)")
    expect(steps.nth(1)).to_contain_text("1.2 s")

    page.locator(".log").press("Control+z")
    expect(page.locator(".states button").first).to_have_attribute("aria-current", "step")
    page.locator(".log").press("Control+Shift+z")
    expect(page.locator(".states button").nth(1)).to_have_attribute("aria-current", "step")


def visit_over(visit: Visit) -> None:
    visit.page.locator(".work .answer").last.wait_for()
    visit.page.locator(".far").wait_for(state="detached")


@pytest.mark.soak
def test_a_question_is_answered_by_a_click_and_then_planned(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say("make it better")
    choices = page.locator(".choices button")
    choices.first.wait_for()
    assert choices.count() >= 2
    chosen = choices.first.inner_text()
    choices.first.click()
    page.locator(".card[data-outcome=open]").wait_for()
    assert page.locator(".log .said").last.inner_text() == chosen
    expect(choices).to_have_count(0)


@pytest.mark.soak
def test_a_plan_for_an_earlier_state_is_refused_and_made_again(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    for text in ("remove all sound", "trim the silences"):
        visit.say(text)
        page.locator(".card[data-outcome=open]").last.wait_for()
    cards = page.locator(".card")
    cards.first.locator(".primary").click()
    visit_over(visit)
    expect(cards.nth(1)).to_have_attribute("data-outcome", "stale")  # without being tried
    expect(cards.nth(1).locator(".primary")).to_have_count(0)
    cards.nth(1).locator(".decision button").click()
    expect(cards.nth(2)).to_have_attribute("data-outcome", "open")


def test_every_operation_tells_what_it_takes(server: Server) -> None:
    client = Client(server.http())
    told = client.http.get("/api/v1/operations").json()["operations"]
    arguments = {each["op"]: {a["name"]: a for a in each["arguments"]} for each in told}
    strength = arguments["denoise"]["strength"]
    assert (strength["kind"], strength["default"]) == ("choice", "medium")
    assert set(strength["choices"]) == {"light", "medium", "strong"}
    bitrate = arguments["export"]["audio_bitrate_kbps"]
    assert (bitrate["kind"], bitrate["whole"], bitrate["least"], bitrate["most"]) == ("number", True, 16, 512)
    assert arguments["denoise"]["start"]["kind"] == "mixed"
    assert arguments["reorder"]["order"]["optional"]


def test_a_changed_plan_is_said_in_words_and_checked(server: Server, material: Path) -> None:
    client = Client(server.http())
    session = client.session()
    client.upload(session, material / "voiceover.wav")
    path = f"/api/v1/sessions/{session}/plan/operations"
    plan = client.http.post(path, json={"operations": [{"op": "normalize", "args": {"lufs": -18}}]}).json()
    assert "-18" in plan["operations"][0]["described"]["en"]
    assert (plan["version"], plan["credits"]) == (client.state(session)["version"], 5)
    wrong = client.http.post(path, json={"operations": [{"op": "normalize", "args": {"lufs": "loud"}}]})
    assert (wrong.status_code, "operations.0" in wrong.json()["detail"]) == (422, True)


@pytest.mark.soak
def test_a_file_for_a_platform_has_its_loudness(visit: Visit, material: Path) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    page.locator(".tools > .primary").click()
    page.locator("select[name=platform]").select_option("podcast")
    page.locator("select[name=format]").select_option("mp3")
    page.locator("dialog[open] .primary").click()
    done = page.locator(".jobs li[data-status=completed]")
    done.wait_for()
    done.locator("summary").last.click()
    expect(done.locator("table")).to_contain_text("−16.0 LUFS")
    done.locator("summary").first.click()
    seconds = done.locator("audio").evaluate(DURATION)
    assert seconds == pytest.approx(22, abs=0.2)
