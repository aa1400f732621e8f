"""Export: what is told before, what is called when it is done, and what lies beside the file."""

import json
from pathlib import Path

from playwright.sync_api import Browser

from saycut.studio.recipe import read_recipe
from tests.http.server import Server
from tests.page.browser import visiting

# Nobody looks at the page of a test, and its notifications go nowhere: they are kept to be looked at.
ELSEWHERE = """
  window.called = [];
  window.Notification = class {
    static permission = "default";
    static requestPermission() {
      window.Notification.permission = "granted";
      return Promise.resolve("granted");
    }
    constructor(title, { body }) { window.called.push(`${title}: ${body}`); }
  };
  document.hasFocus = () => false;
"""


def test_what_the_file_will_be_is_told_and_what_lies_beside_it_comes_along(
    chromium: Browser, server: Server, material: Path, tmp_path: Path
) -> None:
    with visiting(chromium, server.address) as visit:
        visit.page.add_init_script(ELSEWHERE)
        page = visit.open().page
        visit.bring(material / "talk.mp4")
        page.get_by_label("Tell me when it is done").check()
        page.locator(".tools > .primary").click()
        lines = page.locator(".checks[aria-busy=false] li")
        lines.first.wait_for()
        assert "Choosing one sets it" in lines.first.inner_text()
        page.locator("dialog select[name=platform]").select_option("tiktok")
        page.locator(".checks li", has_text="brought to −14 LUFS").wait_for()
        shape = page.locator(".checks li", has_text="upright video")
        assert shape.get_by_role("img").get_attribute("aria-label") == "look at this"
        page.locator("dialog[open] .primary").click()
        done = page.locator(".jobs li[data-status=completed]")
        done.wait_for()
        page.wait_for_function("window.called.length === 1")
        assert page.evaluate("window.called[0]") == "Saycut: talk.mp4 is made."
        saved = {}
        for name in ("Music credits of talk.mp4", "Project file of talk.mp4"):
            with page.expect_download() as download:
                done.get_by_role("button", name=name).click()
            saved[download.value.suggested_filename] = tmp_path / download.value.suggested_filename
            download.value.save_as(saved[download.value.suggested_filename])
        assert sorted(saved) == ["talk.mp4.credits.txt", "talk.mp4.recipe.json"]
        assert "No music was added" in saved["talk.mp4.credits.txt"].read_text("utf-8")
        recipe = read_recipe(saved["talk.mp4.recipe.json"])
        assert recipe.made is not None
        assert recipe.made.target_lufs == -14
        assert (
            json.loads(saved["talk.mp4.recipe.json"].read_bytes())["plan"][0]["args"]["platform"] == "tiktok"
        )
        page.reload()
        page.locator(".jobs li[data-status=completed]").wait_for()
        assert (
            page.get_by_label("Tell me when it is done").is_checked() is False
        )  # this browser forgot its yes
