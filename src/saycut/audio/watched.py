"""Reading a sound under a watch."""

import numpy as np

from saycut.pcm import Blocks, PcmReader, blocks_of
from saycut.watch import Watch


def watched_blocks(reader: PcmReader, watch: Watch | None, stage: str) -> Blocks:
    """The whole of `reader` in blocks of a second, telling `watch` how far `stage` is before each.

    Samples that are not finite numbers read as zero, so that one of them cannot poison a filter's state.
    """
    done = 0
    for block in blocks_of(reader):
        if watch is not None:
            watch.report(stage, done / reader.samples)
        yield np.nan_to_num(block, posinf=0.0, neginf=0.0)
        done += len(block)
    if watch is not None:
        watch.report(stage, 1.0)
