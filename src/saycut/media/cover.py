"""The picture attached to a sound file (its cover), taken out as an image of its own."""

import tempfile
from pathlib import Path

from saycut.errors import InputRefused, LimitExceeded
from saycut.media.children import answer_of
from saycut.media.info import Source
from saycut.media.probe import open_source
from saycut.media.sandbox import Limits
from saycut.watch import Watch

_LIMITS = Limits(memory_bytes=2 << 30, cpu_s=60, wall_s=120.0)


def extract_cover(source: Source, folder: Path, watch: Watch | None = None) -> Source | None:
    """The attached picture of `source` as an image file in `folder`; None when there is none to use.

    A cover is an extra: a damaged or oversized one is left out, never a reason to refuse the file.
    """
    if not source.info.attached_picture:
        return None
    try:
        data = answer_of("cover", source.path, {"demuxer": source.info.demuxer}, watch=watch, limits=_LIMITS)
        if not data:
            return None
        with tempfile.NamedTemporaryFile(prefix="cover-", dir=folder, delete=False) as file:
            file.write(data)
        return open_source(Path(file.name), watch)
    except (InputRefused, LimitExceeded):
        return None
