"""Memory does not grow with the length of the media: five minutes and an hour peak alike."""

import json
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
import pytest

pytestmark = pytest.mark.soak

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
# Runs one edit and says the peak resident memory, in MB, of the largest process it needed.
MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "saycut", *sys.argv[1:]], capture_output=True, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps([done.returncode, peak, done.stderr]))
"""


def looped(source: Path, seconds: int, out: Path) -> Path:
    subprocess.run(
        [
            FFMPEG,
            "-v",
            "error",
            "-y",
            "-stream_loop",
            "-1",
            "-i",
            source,
            "-t",
            str(seconds),
            "-c",
            "copy",
            out,
        ],
        check=True,
    )
    return out


def peak_mb(clip: Path, words: str, out: Path) -> float:
    arguments = ["edit", str(clip), "--say", words, "-o", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments], capture_output=True, text=True, check=True
    )
    code, peak, talk = json.loads(done.stdout)
    assert code == 0, talk
    return float(peak)


@pytest.mark.parametrize(
    "words",
    [
        "remove all audio",
        "remove the background noise",
        "normalize the loudness",
        "remove the background music and add royalty-free music",
    ],
)
def test_an_hour_needs_no_more_than_five_minutes(words: str, material: Path, tmp_path: Path) -> None:
    short = peak_mb(looped(material / "talk.mp4", 300, tmp_path / "short.mp4"), words, tmp_path / "o.mp4")
    long = peak_mb(looped(material / "talk.mp4", 3600, tmp_path / "long.mp4"), words, tmp_path / "o.mp4")
    assert long <= 300, f"{long:.0f} MB for an hour"
    assert long <= short * 1.25 + 20, f"{short:.0f} MB for five minutes, {long:.0f} MB for an hour"
