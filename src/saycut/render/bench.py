"""The bench: what a render works with."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from saycut.media.encoders import Asked
from saycut.media.info import Source
from saycut.media.picture_parts import Part
from saycut.render.bank import SoundBank
from saycut.watch import Watch


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The files behind the assets, their sounds, a private folder, the watch, and the encoder asked for.

    `parts` are the picture of the result when it was encoded in spans before.
    """

    sources: Mapping[str, Source]
    bank: SoundBank
    folder: Path
    watch: Watch
    encoder: Asked = "x264"
    parts: tuple[Part, ...] = ()
