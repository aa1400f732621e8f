"""The four jobs, from an empty page to a downloaded file that is then measured: by mouse, and without one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Download, Locator, Page, expect

from saycut.media.probe import open_source
from saycut.media.sound import decode_sound
from tests.page.browser import PATIENCE_MS, Visit
from tests.page.test_path import saycut

pytestmark = pytest.mark.soak

expect.set_options(timeout=PATIENCE_MS)
RATE_HZ = 8000
FAR = 150  # presses of Tab from anywhere to anywhere
Measure = Callable[[Path, Path], None]


def pcm(path: Path) -> np.ndarray:
    blocks = list(decode_sound(open_source(path), rate_hz=RATE_HZ, channels=1))
    return np.concatenate(blocks)[:, 0]


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """The highest correlation of two sounds over all offsets, 0 to 1."""
    size = 1 << (len(one) + len(other)).bit_length()
    crossed = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return float(np.abs(crossed).max() / (np.linalg.norm(one) * np.linalg.norm(other)))


def silent(material: Path, out: Path) -> None:
    probed = saycut("probe", out)
    assert probed["audios"] == []
    assert probed["duration"] == pytest.approx(22.0, abs=0.05)


def replaced(material: Path, out: Path) -> None:
    voice = pcm(material / "voiceover.wav")
    assert alike(pcm(out), voice) > 0.9
    assert alike(pcm(material / "talk.mp4"), voice) < 0.5


def cleaned(material: Path, out: Path) -> None:
    before, after = (saycut("report", material / "talk.mp4", out)[side] for side in ("before", "after"))
    assert after["duration_s"] < before["duration_s"] - 4
    floors_db = [side["sound"]["noise_floor_dbfs"] - side["sound"]["lufs"] for side in (before, after)]
    assert floors_db[1] < floors_db[0] - 6


def without_the_song(material: Path, out: Path) -> None:
    song = pcm(material / "song.wav")
    vlog = pcm(material / "vlog.mp4")
    assert alike(pcm(out), song) < alike(vlog, song) / 2
    assert saycut("probe", out)["duration"] == pytest.approx(
        saycut("probe", material / "vlog.mp4")["duration"]
    )


JOBS: dict[str, tuple[tuple[str, ...], str, Measure]] = {
    "silent": (("talk.mp4",), "remove all audio from this video and export it silent", silent),
    "voiceover": (
        ("talk.mp4", "voiceover.wav"),
        "replace the original audio track with the clean voiceover I recorded separately",
        replaced,
    ),
    "clean": (
        ("talk.mp4", "lav.wav"),
        "remove background noise, trim silence, and sync audio to video",
        cleaned,
    ),
    "music": (
        ("vlog.mp4", "song.wav"),
        "remove the music, song.wav is the track, and put a calm royalty-free track under the voice",
        without_the_song,
    ),
}


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page

    def reach(self, wanted: Locator) -> None:
        """Press Tab until the focus is there."""
        wanted.wait_for()
        for _ in range(FAR):
            if wanted.evaluate("(element) => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by Tab")

    def press(self, wanted: Locator) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def bring(self, *files: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.press(self.page.locator(".files > button"))
        chooser.value.set_files([str(path) for path in files])
        for path in files:
            self.page.locator(".files .name", has_text=path.name).wait_for()
        expect(self.page.locator(".files progress")).to_have_count(0)

    def say_and_apply(self, words: str) -> None:
        self.reach(self.page.locator("#sentence"))
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
        self.page.locator(".card[data-outcome=open]").wait_for()
        self.page.keyboard.press("Control+Enter")
        over(self.page)


def over(page: Page) -> None:
    page.locator(".work .answer").last.wait_for()
    page.locator(".far").wait_for(state="detached")


def by_mouse(visit: Visit, files: list[Path], words: str) -> Download:
    page = visit.page
    visit.bring(*files)
    visit.say(words)
    visit.apply()
    page.locator(".tools > .primary").click()
    page.locator("dialog[open] .primary").click()
    done = page.locator(".jobs li[data-status=completed]")
    done.wait_for()
    with page.expect_download() as download:
        done.locator(".job button").first.click()
    return download.value


def by_keyboard(visit: Visit, files: list[Path], words: str) -> Download:
    page, keyboard = visit.page, Keyboard(visit)
    keyboard.bring(*files)
    keyboard.say_and_apply(words)
    keyboard.press(page.locator(".tools > .primary"))
    keyboard.press(page.locator("dialog[open] .primary"))
    done = page.locator(".jobs li[data-status=completed]")
    done.wait_for()
    with page.expect_download() as download:
        keyboard.press(done.locator(".job button").first)
    return download.value


@pytest.mark.parametrize("by", [by_mouse, by_keyboard])
@pytest.mark.parametrize("job", JOBS)
def test_a_job(
    job: str,
    by: Callable[[Visit, list[Path], str], Download],
    visit: Visit,
    material: Path,
    tmp_path: Path,
) -> None:
    names, words, measure = JOBS[job]
    download = by(visit.open(), [material / name for name in names], words)
    out = tmp_path / download.suggested_filename
    download.save_as(out)
    measure(material, out)
    assert download.failure() is None
