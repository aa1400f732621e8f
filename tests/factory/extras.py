"""What else a file may carry: a text track, a cover picture, a timecode track. Added by packet copy."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from tests.factory import stamp
from tests.factory.spec import Clip

COVER_INDEX = 999  # the number the cover's own stamp shows: no frame of a clip has it
_SUBTITLE = "1\n00:00:00,500 --> 00:00:01,500\nfirst line\n\n2\n00:00:02,000 --> 00:00:02,800\nsecond line\n"


def add_extras(clip: Clip, plain: Path, path: Path) -> None:
    """Copy `plain` to `path` with the extra tracks that `clip` asks for. Raises CalledProcessError."""
    inputs, maps = ["-i", str(plain)], ["-map", "0"]
    codecs = ["-c", "copy"]
    number = 1
    if clip.subtitle:
        words = path.with_suffix(".srt")
        words.write_text(_SUBTITLE)
        inputs += ["-i", str(words)]
        maps += ["-map", str(number)]
        codecs += ["-c:s", "srt" if clip.container == "mkv" else "mov_text"]
        number += 1
    if clip.cover:
        cover = path.with_suffix(".jpg")
        Image.fromarray(stamp.draw(COVER_INDEX, 200, 200)).save(cover)
        inputs += ["-i", str(cover)]
        maps += ["-map", str(number)]
        codecs += [f"-disposition:v:{0 if clip.picture is None else 1}", "attached_pic"]
    if clip.timecode:
        codecs += ["-timecode", "01:00:00:00", "-write_tmcd", "1"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *inputs, *maps, *codecs]
    if clip.container in ("mp4", "mov", "m4a"):
        command += ["-movie_timescale", "48000"]
    command += ["-fflags", "+bitexact", "-f", _muxer(clip.container), str(path)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    finally:
        path.with_suffix(".srt").unlink(missing_ok=True)
        path.with_suffix(".jpg").unlink(missing_ok=True)


def _muxer(container: str) -> str:
    return {"mkv": "matroska", "m4a": "ipod"}.get(container, container)
