"""Debian's Chromium, driven by Playwright; everything it complains about is kept."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from saycut.http.page import ENTRY, FOLDER

PATIENCE_MS = 60_000
_NAMES = ("chromium", "chromium-browser", "google-chrome")


class Visit:
    """One person's browser: its page, and what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        """Violations of the page's policy are errors on the console, too."""
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def open(self, path: str = "/") -> "Visit":
        self.page.goto(self.address + path)
        return self

    def bring(self, *files: Path) -> None:
        """Choose files, as by the button."""
        self.page.locator("input[type=file]").set_input_files([str(path) for path in files])
        for path in files:
            self.page.locator(".files .name", has_text=path.name).wait_for()
        expect(self.page.locator(".files progress")).to_have_count(0, timeout=PATIENCE_MS)

    def say(self, text: str) -> None:
        """Type a sentence and click Send."""
        self.page.locator("#sentence").fill(text)
        self.page.locator(".composer .primary").click()

    def apply(self) -> None:
        """Agree to the plan that is open, and wait for its last words."""
        self.page.locator(".card[data-outcome=open]").wait_for()
        cards = self.page.locator(".card")
        card = cards.nth([each.get_attribute("data-outcome") for each in cards.all()].index("open"))
        card.locator(".primary").click()
        expect(card).to_have_attribute("data-outcome", "applied", timeout=PATIENCE_MS)
        self.page.locator(".work .answer").last.wait_for()
        self.page.locator(".far").wait_for(state="detached")


@contextmanager
def browser(*flags: str) -> Iterator[Browser]:
    """A Chromium without a window, with these flags; skips, loudly, where there is none or no page."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("CHROMIUM ABSENT: the page was not tried (apt install chromium)")
    if not (FOLDER / ENTRY).exists():
        pytest.skip("PAGE NOT BUILT: the page was not tried (make web)")
    with sync_playwright() as playwright:
        sandbox: list[str] = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=program, args=[*sandbox, *flags])
        try:
            yield running
        finally:
            running.close()


@contextmanager
def visiting(running: Browser, address: str, **how: Any) -> Iterator[Visit]:
    """A person who has never been here, and who meets no error and no violation."""
    context = running.new_context(**{"locale": "en-US", "viewport": {"width": 1280, "height": 800}, **how})
    try:
        visit = Visit(context.new_page(), address)
        try:
            yield visit
        except Exception as error:
            error.add_note("the browser said: " + "; ".join(visit.complaints or ["nothing"]))
            raise
        assert visit.complaints == []
    finally:
        context.close()
