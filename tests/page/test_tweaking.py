"""The player as a tool: single frames, marked parts, tracks, and words on the picture where they are."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.factory import Clip, Picture, Sound, make
from tests.factory.stamp import find
from tests.page.browser import PATIENCE_MS, Visit
from tests.page.test_look import NARROW

expect.set_options(timeout=PATIENCE_MS)
TEN_S = Clip(picture=Picture(frames=300, width=640, height=360), sounds=(Sound(),))
SHOWN = "() => document.querySelector('.frame video:not(.behind)')?.seeking === false"


def frame_seen(page: Page) -> int | None:
    """The number of the source's frame that the film in the player shows."""
    page.wait_for_function(SHOWN)
    picture = Image.open(io.BytesIO(page.locator(".frame").screenshot(animations="disabled"))).convert("L")
    mark = find(np.asarray(picture))
    return None if mark is None else mark.index


def done(page: Page) -> None:
    """A change has begun, and is over."""
    page.locator(".far").wait_for()
    page.locator(".far").wait_for(state="detached")


@pytest.mark.soak
def test_frames_parts_tracks_and_words_are_changed_where_they_are(visit: Visit) -> None:
    page = visit.open().page
    visit.bring(make(TEN_S))
    visit.say("cut from 2 s to 4 s")
    visit.apply()
    seek = page.locator(".seek")
    seek.fill("3")
    for _ in range(2):
        seek.press("ArrowRight")
    assert frame_seen(page) == (2 + 3) * 30 + 2
    seek.press("b")  # the same moment of the original
    assert frame_seen(page) == (2 + 3) * 30 + 2
    seek.press("b")

    for key in ("i", "Shift+ArrowRight", "o", "x"):
        seek.press(key)
    done(page)
    expect(page.locator(".time")).to_contain_text("/ 0:07.0")
    page.locator(".tracks button").first.click()
    done(page)
    expect(page.locator(".tracks button").first).to_have_attribute("aria-pressed", "true")

    page.locator(".in-place .free").nth(1).dblclick()  # at the top
    field = page.locator(".in-place textarea")
    field.fill("<b>Hello</b>")
    field.press("Enter")
    done(page)
    page.locator(".titles summary").click()
    expect(page.locator(".titles li")).to_contain_text(["“<b>Hello</b>”"])
    page.locator(".in-place button:not(.free)").click()
    page.locator(".titles .settings button", has_text="Remove").click()
    done(page)
    expect(page.locator(".titles li")).to_have_count(0)
    page.set_viewport_size(NARROW)  # the longest lines of all are in the history and its choices
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


@pytest.mark.soak
def test_a_track_is_heard_alone_and_turned_down(visit: Visit) -> None:
    page = visit.open().page
    visit.bring(make(TEN_S))
    visit.say("add calm music")
    visit.apply()
    rows = page.locator(".tracks li")
    expect(rows).to_have_count(2)
    rows.nth(1).locator("button").nth(1).click()
    with page.expect_request(lambda asked: '"solo"' in (asked.post_data or "")):
        page.locator(".play").click()
    page.locator(".play").click()
    slider = rows.nth(1).locator("input")
    slider.focus()
    for _ in range(4):
        slider.press("ArrowLeft")
    done(page)
    expect(rows.nth(1).locator(".gain")).to_have_text("−2.0 dB")
    states = page.locator(".past .states button")
    states.first.click()
    expect(rows).to_have_count(1)
    states.last.click()
    expect(rows.nth(1).locator("button").nth(1)).to_have_attribute("aria-pressed", "false")
    page.locator(".seek").press("?")
    expect(page.locator("dialog[open]")).to_contain_text("a frame back, on")
