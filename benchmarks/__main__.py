"""`make bench`: each job beside the plain ffmpeg command that does the same work, in the same run.

CPU is user + system of the whole process tree (children included); machines are shared and noisy, so
the ratio counts, not the seconds. The clip is made here: 1080p30 H.264, 2 s GOPs, synthetic voice.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
LENGTH_S = 300
ROOT = Path(__file__).resolve().parents[1]


class Cost(NamedTuple):
    """What one command took."""

    wall_s: float
    cpu_s: float


def timed(command: list[str]) -> Cost:
    """Run to the end; raise when it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - start, cpu_s)


def saycut(folder: Path, files: list[str], words: str, out: str) -> tuple[Cost, dict[str, object]]:
    """One edit, and what it printed."""
    command = [sys.executable, "-m", "saycut", "edit", *files, "--say", words, "-o", out, "--json"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, check=True, capture_output=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - start, cpu_s), json.loads(done.stdout)


def ffmpeg(folder: Path, arguments: str) -> Cost:
    """One plain command; file names are relative to `folder`."""
    words = arguments.split()
    return timed(
        [FFMPEG, "-v", "error", "-y", *(str(folder / w) if "." in w and w[0].isalpha() else w for w in words)]
    )


def make_material(folder: Path) -> None:
    """clip.mp4 (LENGTH_S) and vo.wav (the same performance, from 1.2 s on), from the example's voice."""
    script = ROOT / "examples" / "make_talking_clip.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    ffmpeg(
        folder,
        "-f lavfi -i testsrc2=s=1920x1080:r=30:d=20,noise=alls=12:allf=t "
        "-c:v libx264 -preset veryfast -g 60 -b:v 20M -pix_fmt yuv420p part.mp4",
    )
    ffmpeg(
        folder,
        f"-stream_loop -1 -i part.mp4 -stream_loop -1 -i talk.mp4 -map 0:v -map 1:a -t {LENGTH_S} "
        "-c:v copy -c:a aac -b:a 160k clip.mp4",
    )
    ffmpeg(folder, "-ss 1200ms -i clip.mp4 -vn -ac 1 -ar 48000 vo.wav")


def rows(folder: Path) -> list[tuple[str, Cost, Cost | None]]:
    """Every job: name, ours, plain ffmpeg (None where no plain command does that work)."""
    table: list[tuple[str, Cost, Cost | None]] = []
    strip = ffmpeg(folder, "-i clip.mp4 -map 0:v -c copy -an -movflags +faststart plain.mp4")
    ours, _ = saycut(folder, ["clip.mp4"], "remove all audio", "o.mp4")
    table.append(("strip the sound", ours, strip))
    copy_aac = ffmpeg(
        folder,
        "-i clip.mp4 -i vo.wav -map 0:v:0 -map 1:a:0 -c:v copy -c:a aac -b:a 192k -ar 48000 -ac 2 "
        "-movflags +faststart plain.mp4",
    )
    ours, _ = saycut(folder, ["clip.mp4", "vo.wav"], "replace the audio with my voiceover", "o.mp4")
    table.append(("replace the sound (aligned, −14 LUFS)", ours, copy_aac))
    ours, _ = saycut(folder, ["clip.mp4"], "remove the background noise", "o.mp4")
    table.append(("denoise, picture copied", ours, copy_aac))
    ours, told = saycut(folder, ["clip.mp4"], "trim the silences", "o.mp4")
    kept_s = told["receipt"]["duration_after_s"]  # type: ignore[index]
    encode = ffmpeg(
        folder, f"-i clip.mp4 -t {kept_s} -c:v libx264 -preset veryfast -crf 20 -c:a aac -b:a 192k plain.mp4"
    )
    table.append((f"trim silences ({kept_s:.0f} s kept)", ours, encode))
    return table


def main() -> None:
    """Print the table as Markdown."""
    with tempfile.TemporaryDirectory(prefix="saycut-bench-") as name:
        folder = Path(name)
        make_material(folder)
        print(f"| {LENGTH_S} s of 1080p30 | wall s | CPU s | × real time | plain ffmpeg CPU s | ratio |")
        print("|---|---|---|---|---|---|")
        for title, ours, plain in rows(folder):
            against = f"{plain.cpu_s:.1f} | {ours.cpu_s / plain.cpu_s:.2f}" if plain else "– | –"
            speed = LENGTH_S / ours.wall_s
            print(f"| {title} | {ours.wall_s:.1f} | {ours.cpu_s:.1f} | {speed:.2g} | {against} |", flush=True)


if __name__ == "__main__":
    main()
