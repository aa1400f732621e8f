"""Many files and one request: a plan before anything is done, then a row each with its own result."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.factory import make
from tests.page.browser import PATIENCE_MS, Visit
from tests.page.test_keeping import Told

expect.set_options(timeout=PATIENCE_MS)


def each_for_itself(visit: Visit, *files: Path) -> Page:
    page = visit.open().page
    page.locator("input[type=file]").set_input_files([str(path) for path in files])
    page.get_by_role("button", name="Each for itself").click()
    expect(page.locator(".rows > li")).to_have_count(len(files))
    return page


def planned(page: Page, text: str) -> None:
    page.locator("#sentence").fill(text)
    page.get_by_role("button", name="Plan", exact=True).click()


@pytest.mark.soak
def test_every_file_gets_its_own_result(visit: Visit, tmp_path: Path) -> None:
    page = each_for_itself(visit, make("cfr30"), make("pauses"))
    expect(page.locator(".rows > li[data-stage=ready]")).to_have_count(2)
    planned(page, "trim the silences and make it 3 dB quieter")
    expect(page.locator(".group h3")).to_have_text("Plan for 2 files")
    page.get_by_role("button", name="Apply to 2 files").click()
    done = page.locator(".rows > li[data-stage=done]")
    expect(done).to_have_count(2)
    expect(done.nth(1).locator(".receipt")).to_contain_text("pauses,")
    with page.expect_download() as download:
        done.nth(1).get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "out.mp4")
    assert (tmp_path / "out.mp4").stat().st_size > 10_000


@pytest.mark.soak
def test_a_batch_is_there_again_after_a_reload(visit: Visit) -> None:
    page = each_for_itself(visit, make("pauses"), make("speech"))
    expect(page.locator(".rows > li[data-stage=ready]")).to_have_count(2)
    planned(page, "make it 3 dB quieter")
    expect(page.locator(".group li")).to_have_count(1)
    page.reload()
    page.get_by_role("button", name="Apply to 2 files").click()
    expect(page.locator(".rows > li[data-stage=ready]")).to_have_count(0)
    page.reload()
    expect(page.locator(".rows > li[data-stage=done]")).to_have_count(2)
    page.get_by_role("button", name="Open").first.click()
    expect(page.locator(".work")).to_contain_text("3.0 dB")  # its own project
    page.locator(".tools").get_by_role("button", name="Batch").click()
    page.get_by_role("button", name="Close the batch").click()
    page.reload()
    expect(page.locator(".rows")).to_have_count(0)


def opened(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Open {name} as a project").click()
    expect(page.locator(".files .name")).to_have_text([name])


def back(page: Page) -> None:
    page.locator(".tools").get_by_role("button", name="Batch").click()


@pytest.mark.soak
def test_one_project_after_the_other_is_opened_and_the_batch_leaves_their_plans_alone(visit: Visit) -> None:
    page = each_for_itself(visit, make("pauses"), make("cfr30"))
    expect(page.locator(".rows > li[data-stage=ready]")).to_have_count(2)
    first, other = page.locator(".rows > li .name").all_inner_texts()
    opened(page, first)
    visit.say("make it 3 dB quieter")
    expect(page.locator(".card[data-outcome=open]")).to_have_count(1)
    session = Told(visit).session

    back(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Export")).to_have_count(0)
    opened(page, first)
    expect(page.locator(".card[data-outcome=open]")).to_have_count(1)

    back(page)
    opened(page, other)
    expect(page.locator(".card")).to_have_count(0)
    assert Told(visit).session != session

    back(page)
    page.route("**/latest", lambda route: route.fulfill(status=404, json={"message": "gone"}))
    page.get_by_role("button", name=f"Open {first}").click()
    expect(page.locator(".notice:not(.away)")).to_contain_text("gone")
    expect(page.locator(".rows > li")).to_have_count(2)
    visit.complaints.clear()  # the answer that was made up


@pytest.mark.soak
def test_plans_are_asked_for_again_and_an_edit_whose_answer_is_lost_is_made_once(visit: Visit) -> None:
    page = each_for_itself(visit, make("pauses"), make("cfr30"))
    expect(page.locator(".rows > li[data-stage=ready]")).to_have_count(2)

    def busy(route: Route) -> None:
        route.fulfill(status=429, headers={"Retry-After": "1"}, json={"detail": "too often"})

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/plan", busy, times=1)
    planned(page, "make it 3 dB quieter")
    apply = page.get_by_role("button", name="Apply to 2 files")
    expect(apply).to_be_visible()
    page.route("**/edits", lost, times=1)
    with page.expect_event("requestfailed"):
        apply.click()
    page.reload()
    expect(page.locator(".rows > li[data-stage=done]")).to_have_count(2)
    page.get_by_role("button", name="Open").first.click()
    expect(page.locator(".work .answer")).to_have_count(1)
    expect(page.locator(".work")).to_have_count(1)
    visit.complaints.clear()  # what was refused and lost


@pytest.mark.soak
def test_a_file_that_comes_in_can_be_stopped_and_the_others_come(visit: Visit) -> None:
    page = visit.open().page
    first, second = make("cfr30"), make("pauses")
    page.route("**/api/v1/uploads/**", lambda _: None, times=1)  # nobody answers
    page.locator("input[type=file]").set_input_files([str(first), str(second)])
    with page.expect_request("**/api/v1/uploads/**"):
        page.get_by_role("button", name="One project").click()
    page.get_by_role("button", name=f"Stop bringing {first.name}").press("Enter")
    expect(page.locator(".files progress")).to_have_count(0)
    expect(page.locator(".files .name")).to_have_text([second.name])
    assert page.evaluate("() => document.activeElement !== document.body")
    expect(page.locator(".composer .primary")).to_be_enabled()


@pytest.mark.soak
def test_differing_plans_are_told_apart_and_rows_are_stopped(visit: Visit, material: Path) -> None:
    page = each_for_itself(visit, material / "talk.mp4", material / "vlog.mp4", material / "voiceover.wav")
    expect(page.locator(".rows > li[data-stage=ready]")).to_have_count(3)
    planned(page, "make it better")
    expect(page.locator(".group")).to_contain_text("?")
    expect(page.locator(".card .primary")).to_be_disabled()
    planned(page, "remove the background noise")
    page.get_by_role("button", name="Apply to 3 files").click()
    page.get_by_role("button", name="Stop all").click()
    expect(page.locator(".rows > li:is([data-stage=stopped], [data-stage=done])")).to_have_count(3)
    expect(page.get_by_role("button", name="Stop all")).to_have_count(0)


@pytest.mark.soak
def test_the_same_files_may_be_one_project(visit: Visit) -> None:
    page = visit.open().page
    page.locator("input[type=file]").set_input_files([str(make("cfr30")), str(make("pauses"))])
    page.get_by_role("button", name="One project").click()
    expect(page.locator(".files .name")).to_have_count(2)
    expect(page.locator(".player")).to_be_visible()
