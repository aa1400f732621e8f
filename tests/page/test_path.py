"""By mouse alone: a file in, a sentence, a plan, its receipts, the file out; and the file is measured."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.page.browser import Visit

ASKED = "remove the background noise, trim the silences and make it -14 LUFS"


def saycut(*arguments: str | Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "saycut", *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_sentence_becomes_a_file_that_keeps_what_the_plan_said(
    visit: Visit, material: Path, tmp_path: Path
) -> None:
    page = visit.open().page
    visit.bring(material / "talk.mp4")
    visit.say(ASKED)
    plan = page.locator(".card[data-outcome=open] .plan li")
    plan.first.wait_for()
    assert [line.split(" ")[0] for line in plan.all_inner_texts()] == ["Lower", "Trim", "Bring"]
    visit.apply()
    steps = page.locator(".steps li")
    assert steps.count() == 3
    assert "pauses," in steps.nth(1).locator(".receipt").inner_text()

    out = exported(visit, tmp_path)
    probed = saycut("probe", out)
    assert (probed["videos"][0]["codec"], probed["audios"][0]["codec"]) == ("h264", "aac")
    measured = saycut("report", material / "talk.mp4", out)
    before, after = measured["before"], measured["after"]
    assert after["duration_s"] < before["duration_s"] - 4  # the pauses are gone
    assert abs(after["sound"]["lufs"] + 14) < 0.5
    # The noise is gone: further below the voice than it was.
    below_lu = [each["sound"]["lufs"] - each["sound"]["noise_floor_dbfs"] for each in (before, after)]
    assert below_lu[1] > below_lu[0] + 6


def exported(visit: Visit, folder: Path) -> Path:
    """The file, by the button in the corner and the one that the finished job has."""
    page = visit.page
    page.locator(".tools > .primary").click()
    page.locator("dialog[open] .primary").click()
    done = page.locator(".jobs li[data-status=completed]")
    done.wait_for()
    with page.expect_download() as download:
        done.locator(".job button").first.click()
    assert download.value.suggested_filename == "talk.mp4"
    out = folder / "out.mp4"
    download.value.save_as(out)
    done.locator("summary").last.click()
    assert "LUFS" in done.locator("table").inner_text()
    return out
