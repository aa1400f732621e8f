"""`make bench`: each job beside the plain ffmpeg command that does the same work, in the same run.

CPU is user + system of the whole process tree (children included); machines are shared and noisy, so
the ratio counts, not the seconds. The clip is made here: 1080p30 H.264, 2 s GOPs, synthetic voice.
"""

import compileall
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import imageio_ffmpeg

from benchmarks.analysis import gain_db

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
LENGTH_S = 300
ROOT = Path(__file__).resolve().parents[1]


class Cost(NamedTuple):
    """What one command took."""

    wall_s: float
    cpu_s: float


def timed(command: list[str], folder: Path | None = None) -> Cost:
    """Run to the end; raise when it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
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
    # One after the other by a list, every frame on its grid: looping shifts each round by a frame or two.
    parts = "file part.mp4\nduration 20\n" * (LENGTH_S // 20)
    (folder / "parts.txt").write_text(f"ffconcat version 1.0\n{parts}")
    on_grid = "setts=pts=round(PTS*TB*30)/30/TB:dts=round(DTS*TB*30)/30/TB"
    ffmpeg(
        folder,
        f"-f concat -i parts.txt -stream_loop -1 -i talk.mp4 -map 0:v -map 1:a -t {LENGTH_S} "
        f"-c:v copy -bsf:v {on_grid} -c:a aac -b:a 160k clip.mp4",
    )
    ffmpeg(folder, "-ss 1200ms -i clip.mp4 -vn -ac 1 -ar 48000 vo.wav")


class Row(NamedTuple):
    """One job. `plain`: the same work by plain ffmpeg. `analysis`: what of ours is listening, apart."""

    name: str
    ours: Cost
    plain: Cost | None = None
    analysis: Cost | None = None
    target: str = ""


def analysed(folder: Path, what: str) -> Cost:
    """What listening alone costs: the same functions in a process of their own."""
    return timed([sys.executable, "-m", "benchmarks.analysis", what, str(folder)], ROOT)


def rows(folder: Path) -> Iterator[Row]:
    """Every job, one after the other."""
    strip = ffmpeg(folder, "-i clip.mp4 -map 0:v -c copy -an -movflags +faststart plain.mp4")
    ours, _ = saycut(folder, ["clip.mp4"], "remove all audio", "o.mp4")
    yield Row("strip the sound", ours, strip, target="≤ 1.5, + 1 s")
    # At the loudness that ours has: the encoder works longer on a louder voice.
    gain = 10 ** (gain_db(folder / "vo.wav", -14.0) / 20)
    louder = f"-af volume={round(gain * 1000)}/1000"
    copy_aac = ffmpeg(
        folder,
        f"-i clip.mp4 -i vo.wav -map 0:v:0 -map 1:a:0 -c:v copy {louder} -c:a aac -b:a 192k -ar 48000 -ac 2 "
        "-movflags +faststart plain.mp4",
    )
    ours, _ = saycut(folder, ["clip.mp4", "vo.wav"], "replace the audio with my voiceover", "o.mp4")
    yield Row("replace the sound", ours, copy_aac, analysed(folder, "replace"), target="≤ 1.3, + 1 s")
    ours, _ = saycut(folder, ["clip.mp4"], "remove the background noise", "o.mp4")
    yield Row("denoise, picture copied", ours, copy_aac, target="≥ 12 × real time")
    ours, told = saycut(folder, ["clip.mp4"], "trim the silences", "o.mp4")
    kept_s = told["receipt"]["duration_after_s"]  # type: ignore[index]
    encode = ffmpeg(
        folder, f"-i clip.mp4 -t {kept_s} -c:v libx264 -preset veryfast -crf 20 -c:a aac -b:a 192k plain.mp4"
    )
    title = f"trim silences ({kept_s:.0f} s kept)"
    yield Row(title, ours, encode, analysed(folder, "trim"), target="≤ 1.15")
    ours, told = saycut(folder, ["clip.mp4"], "cut from 1:01 to 2:00", "o.mp4")
    kept_s = told["receipt"]["duration_after_s"]  # type: ignore[index]
    encode = ffmpeg(
        folder, f"-i clip.mp4 -t {kept_s} -c:v libx264 -preset veryfast -crf 20 -c:a aac -b:a 192k plain.mp4"
    )
    yield Row("cut a minute out", ours, encode, target="copied but for the joins")
    yield Row("saycut --help", timed([sys.executable, "-m", "saycut", "--help"]), target="≤ 0.4 s")


def main() -> None:
    """Print the table as Markdown."""
    compileall.compile_dir(ROOT / "src", quiet=1)  # as installing a wheel does
    with tempfile.TemporaryDirectory(prefix="saycut-bench-") as name:
        folder = Path(name)
        make_material(folder)
        print(
            "| job | wall s | CPU s | × real time | of it analysis CPU s | plain ffmpeg CPU s | ratio | aim |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for row in rows(folder):
            apart_s = row.analysis.cpu_s if row.analysis else 0.0
            against = "– | –"
            if row.plain is not None:
                ratio = (row.ours.cpu_s - apart_s) / row.plain.cpu_s
                against = f"{row.plain.cpu_s:.1f} | {ratio:.2f}"
            told = f"{apart_s:.1f}" if row.analysis else "–"
            speed = f"{LENGTH_S / row.ours.wall_s:.2g}"
            print(
                f"| {row.name} | {row.ours.wall_s:.1f} | {row.ours.cpu_s:.1f} | {speed} | {told} "
                f"| {against} | {row.target} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
