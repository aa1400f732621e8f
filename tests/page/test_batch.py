"""Many files and one request: a plan before anything is done, then a row each with its own result."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factory import make
from tests.page.browser import PATIENCE_MS, Visit

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
