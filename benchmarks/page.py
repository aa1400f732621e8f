"""`python -m benchmarks.page`: Lighthouse's scores of the page, its first paint, and how long a click takes.

A real `saycut serve` with the built page, Debian's Chromium without a window. Needs `make web`, Node.js and,
for the scores, the npm registry: Lighthouse is fetched, and nothing of it is kept in the tree.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

LIGHTHOUSE = "lighthouse@12.8.2"
ROUNDS = 5
SCORES = ("performance", "accessibility", "best-practices")
# From the input to the next frame that is shown, as the browser tells it (Event Timing).
LISTEN = """
  window.took = [];
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (each.name === "click") window.took.push(each.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a service."""
    command = [sys.executable, "-m", "saycut", "serve", "--port", "0", "--data-dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def lighthouse(address: str, chromium: str, preset: str) -> dict[str, Any]:
    """Its report of the first look at the page, on an emulated phone or ("desktop") computer."""
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json"]
    command += ["--chrome-flags=--headless=new --no-sandbox", f"--only-categories={','.join(SCORES)}"]
    command += [f"--preset={preset}"] if preset == "desktop" else []
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "CHROME_PATH": chromium}
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def scores(address: str, chromium: str) -> Iterator[str]:
    """A row for each kind of machine."""
    for preset in ("desktop", "phone"):
        told = lighthouse(address, chromium, preset)
        figures = [f"{name} {round(100 * told['categories'][name]['score'])}" for name in SCORES]
        for name in ("first-contentful-paint", "total-blocking-time"):
            figures.append(f"{name} {told['audits'][name]['displayValue']}")
        yield f"| Lighthouse, {preset} | {', '.join(figures)} |"
        for name, audit in told["audits"].items():
            if audit.get("score") is not None and audit["score"] < 0.9:
                print(f"  {preset}: {name} {audit['score']}", file=sys.stderr)


def first_paints(browser: Browser, address: str) -> list[float]:
    """Milliseconds until something is seen, every time as somebody who has never been here."""
    took = []
    for _ in range(ROUNDS):
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(address)
            page.locator("#sentence").wait_for()
            took.append(float(page.evaluate(PAINT)))
    return took


def clicks(page: Page) -> list[float]:
    """Milliseconds from a click to the frame that shows what it did: light and dark, both languages."""
    took = []
    for number in range(2 * ROUNDS):
        before = len(page.evaluate("window.took"))
        page.locator(".tools button").nth(number % 2).click()
        page.wait_for_timeout(300)
        told = page.evaluate("window.took")
        took.append(float(max(told[before:], default=16.0)))  # shorter than two frames is not told
    return took


def main() -> None:
    """Print the table as Markdown."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no Chromium here (apt install chromium)")
    with tempfile.TemporaryDirectory(prefix="saycut-bench-") as folder, serving(Path(folder)) as address:
        print("| what | measured |\n|---|---|")
        with sync_playwright() as playwright:
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
            paints = first_paints(browser, address)
            page = browser.new_page()
            page.add_init_script(LISTEN)
            page.goto(address)
            page.locator("#sentence").wait_for()
            told = clicks(page)
            browser.close()
        for what, took in (("first paint", paints), ("a click until it is seen", told)):
            median = statistics.median(took)
            print(f"| {what} | {median:.0f} ms median, {max(took):.0f} ms worst of {len(took)} |")
        if shutil.which("npx") is None:
            print("| Lighthouse | not run: there is no Node.js here |")
            return
        for row in scores(address, chromium):
            print(row, flush=True)


if __name__ == "__main__":
    main()
