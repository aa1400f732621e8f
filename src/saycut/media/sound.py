"""Decoded sound as blocks, placed sample-accurately on the source's own time line."""

from collections.abc import Generator
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from saycut.errors import Impossible
from saycut.media.children import stream_of
from saycut.media.info import AudioStream, Source
from saycut.media.pcm_file import PcmFile, write_pcm
from saycut.pcm import BLOCK_SAMPLES, RATE_HZ, Pcm
from saycut.watch import Watch


class SoundFaults(msgspec.Struct, frozen=True):
    """What had to be mended while decoding; seconds of sound."""

    bad_packets: int = 0
    silenced_s: float = 0.0
    overlap_dropped_s: float = 0.0


class SoundStream:
    """An iterator of blocks (`pcm.Blocks`): float32 (n, channels), n at most one second at 48 kHz.

    `close` stops the child early; so does dropping the stream. `faults` is known once it has ended.
    """

    def __init__(self, pieces: Generator[bytes, None, None], channels: int) -> None:
        self._pieces = pieces
        self._frame_bytes = 4 * channels
        self._channels = channels
        self._piece = memoryview(b"")
        self.faults: SoundFaults | None = None

    def __iter__(self) -> "SoundStream":
        return self

    def __next__(self) -> Pcm:
        block = np.empty((BLOCK_SAMPLES, self._channels), "<f4")
        left = block.data.cast("B")
        while left:
            if not self._piece:
                piece = next(self._pieces, None)
                if piece is None:
                    break
                self._piece = memoryview(piece)
            taken = min(len(left), len(self._piece))
            left[:taken] = self._piece[:taken]
            left, self._piece = left[taken:], self._piece[taken:]
        whole = BLOCK_SAMPLES - -(-len(left) // self._frame_bytes)
        if whole == 0:
            raise StopIteration
        return block[:whole]

    def close(self) -> None:
        self._pieces.close()


def decode_sound(
    source: Source,
    stream_index: int | None = None,
    *,
    rate_hz: int = RATE_HZ,
    channels: int = 2,
    start_s: Fraction = Fraction(0),
    duration_s: Fraction | None = None,
    watch: Watch | None = None,
) -> SoundStream:
    """The sound of one track (None: the main one) as float32 blocks of (n, channels).

    Sample 0 is the source's time `start_s`: a late track is preceded by zeros, what lies
    before is dropped, gaps and overlaps beyond 20 ms follow the time stamps, broken packets
    become silence. More channels than asked for are mixed by ITU-R BS.775 (`downmix`). With
    `duration_s` exactly round(duration_s * rate_hz) samples come, zero-padded.

    Raises Impossible (no such sound track), and while streaming Unreadable, LimitExceeded, Cancelled.
    """
    track = _track(source, stream_index)
    request = {
        "demuxer": source.info.demuxer,
        "index": track.index,
        "zero": str(source.info.zero_pts_s),
        "start_s": str(start_s),
        "duration_s": None if duration_s is None else str(duration_s),
        # Only MP4 says to the sample where sound ends; elsewhere the decoder knows.
        "end_s": str(track.start_s + track.duration_s) if source.info.demuxer == "mov" else None,
        "rate_hz": rate_hz,
        "channels": channels,
    }

    def reported(report: dict[str, Any]) -> None:
        stream.faults = SoundFaults(**report)

    pieces = stream_of("sound", source.path, request, watch=watch, on_report=reported)
    stream = SoundStream(pieces, channels)
    return stream


def store_sound(
    source: Source,
    folder: Path,
    stream_index: int | None = None,
    *,
    rate_hz: int = RATE_HZ,
    channels: int = 2,
    start_s: Fraction = Fraction(0),
    duration_s: Fraction | None = None,
    watch: Watch | None = None,
) -> tuple[PcmFile, SoundFaults]:
    """`decode_sound` into a private work file in `folder`. Raises DiskFull too."""
    stream = decode_sound(
        source,
        stream_index,
        rate_hz=rate_hz,
        channels=channels,
        start_s=start_s,
        duration_s=duration_s,
        watch=watch,
    )
    try:
        kept = write_pcm(stream, folder, channels, rate_hz)
    finally:
        stream.close()
    return kept, stream.faults or SoundFaults()


def _track(source: Source, stream_index: int | None) -> AudioStream:
    if stream_index is None and source.info.audio is not None:
        return source.info.audio
    for track in source.info.audios:
        if track.index == stream_index:
            return track
    raise Impossible(reason=f"{source.path.name} has no sound.", reason_zh=f"{source.path.name} 没有声音。")
