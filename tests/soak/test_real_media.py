"""Every file of the media folder through jobs and verbs: a correct result, or one sentence and exit 3."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from saycut.media.packets import picture_hash, same_picture
from saycut.media.probe import open_source
from tests.shared import shared_data

pytestmark = pytest.mark.soak

SAY = {
    "strip": "remove all audio from this video and export it silent",
    "clean": "remove background noise, trim silence, and sync audio to video",
    "swap": "remove the copyrighted background music and replace it with a royalty-free track",
    "phone": "keep the first 3 seconds, make it vertical 9:16 with a blurred background, fade in and out and "
    'put the title "Été 你好" at the top',
    "fast": "keep the first 4 seconds, then speed up 2x, rotate 90 degrees and flip it horizontally",
    "back": "keep the first 2 seconds, reverse it and loop it twice",
}
NO_MEDIA = {".csv", ".md"}


def files() -> list[Path]:
    return sorted(
        path for path in shared_data("media").iterdir() if path.is_file() and path.suffix not in NO_MEDIA
    )


def edit(path: Path, words: str, out: Path) -> tuple[int, dict[str, object], str]:
    command = [sys.executable, "-m", "saycut", "edit", str(path), "--say", words, "-o", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


@pytest.mark.parametrize("job", SAY)
def test_the_whole_folder(job: str, tmp_path: Path) -> None:
    problems = []
    for number, path in enumerate(files()):
        out = tmp_path / f"{number}.mp4"
        code, told, talk = edit(path, SAY[job], out)
        problems += [f"{path.name}: {problem}" for problem in problems_of(path, out, code, told, talk)]
        out.unlink(missing_ok=True)
    assert problems == []


def problems_of(path: Path, out: Path, code: int, told: dict[str, object], talk: str) -> list[str]:
    if "Traceback" in talk or code not in (0, 3):
        return [f"exit {code}: {talk.strip().splitlines()[-1:]}"]
    if code == 3:
        return [] if not out.exists() and talk.startswith("saycut: ") else ["refused without a sentence"]
    receipt = told["receipt"]
    assert isinstance(receipt, dict)
    found = []
    info = open_source(out).info
    if receipt["video"] == "copied" and not same_picture(
        picture_hash(open_source(path)), picture_hash(open_source(out))
    ):
        found.append("the copied picture differs")
    difference_ms = receipt["av_end_difference_ms"]
    frame_ms = float(info.video.frame_s) * 1000 if info.video is not None else 50.0
    if difference_ms is not None and receipt["video"] == "encoded" and difference_ms > frame_ms + 1:
        found.append(f"sound and picture end {difference_ms} ms apart")
    if info.video is not None and info.video.codec != "h264":
        found.append(f"the picture is {info.video.codec}")
    return found
