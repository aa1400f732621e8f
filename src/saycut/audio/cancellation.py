"""A known piece of music taken out of a mix."""

import msgspec

from saycut.errors import Internal
from saycut.pcm import Blocks, PcmReader
from saycut.watch import Watch


class CancelReport(msgspec.Struct, frozen=True):
    """What was found and how much of it went."""

    offset_s: float  # mix time at which the track's own zero lies, in the first block that aligned
    drift_ppm: float
    confidence: float  # 0..1
    music_attenuation_db: float  # positive: how far the music fell where nobody speaks
    blocks_aligned: int
    blocks_total: int


def cancel(mix: PcmReader, track: PcmReader, watch: Watch | None = None) -> tuple[Blocks, CancelReport]:
    """The mix without `track`, as blocks of exactly mix.samples samples, and a report.

    Raises errors.Impossible with a reason in both languages when the track is not found in the
    mix or cannot be taken out well enough; the mix is never made worse.
    """
    raise Internal(reason="cancellation is being built")
