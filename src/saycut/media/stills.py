"""Images as ffmpeg may read them: converted by a child, so that no foreign one reaches ffmpeg's parsers."""

import errno
import tempfile
from pathlib import Path

from saycut.errors import DiskFull, Usage
from saycut.media.children import stream_of
from saycut.media.info import Source
from saycut.media.picture_builder import Still
from saycut.media.sandbox import Limits
from saycut.watch import Watch

MOST_SIDE = 4096
_LIMITS = Limits(memory_bytes=2 << 30, cpu_s=300, wall_s=900.0)


def prepare(image: Source, folder: Path, watch: Watch | None = None) -> Still:
    """A still as PNG, an animation as Matroska, in `folder`; at most 4096 pixels on a side.

    Raises Usage when `image` is no image, Unreadable, LimitExceeded, DiskFull, Cancelled.
    """
    facts = image.info.image
    if facts is None:
        raise Usage(reason=f"{image.path.name} is no image")
    suffix = ".mkv" if facts.is_animated else ".png"
    request = {"format": facts.format, "most_side": MOST_SIDE}
    pieces = stream_of("still", image.path, request, watch=watch, limits=_LIMITS)
    with tempfile.NamedTemporaryFile(prefix="still-", suffix=suffix, dir=folder, delete=False) as file:
        try:
            for piece in pieces:
                file.write(piece)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(folder=folder) from None
            raise
        finally:
            pieces.close()
    scale = min(1.0, MOST_SIDE / max(facts.width, facts.height))
    width, height = round(facts.width * scale), round(facts.height * scale)
    return Still(Path(file.name), width, height, facts.is_animated)
