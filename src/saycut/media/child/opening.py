"""Open a media file with one demuxer, from the file itself only, and go through its packets."""

from __future__ import annotations  # Packet is generic for the type checker only

import struct
from collections.abc import Iterator
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Discard, Stream

from saycut.media import refusals
from saycut.media.allowed import MOST_PIXELS, MOST_STREAMS, decoder_whitelist
from saycut.media.child.refusing import Refused
from saycut.words import Words

_MOST_ERRORS_IN_A_ROW = 32


# MP4 and its kin say in their index what a track is and when each packet is shown. Elsewhere FFmpeg finds
# that out from pictures that it decodes while opening: time stamps would come out differently without.
_TOLD_BY_INDEX = ("mov",)


def open_media(path: str, demuxer: str, *, without_pictures: bool = False) -> InputContainer:
    """`path` parsed by `demuxer`; nothing has been decoded with more than the allowed pixels.

    `without_pictures`: for those who do not decode a picture track as a whole. Opening then decodes none
    where that changes nothing (a picture of a camera's 1080p takes 85 ms); who decodes many needs it, because
    their decoder learns from it how far to look ahead.
    """
    skipped = {"skip_frame": "all"} if without_pictures and demuxer in _TOLD_BY_INDEX else {}
    try:
        container = av.open(
            f"file:{path}",
            format=demuxer,
            metadata_errors="replace",
            options={
                "format_whitelist": demuxer,
                "protocol_whitelist": "file",
                "codec_whitelist": decoder_whitelist(),
                "max_streams": str(MOST_STREAMS + 1),
                "max_pixels": str(MOST_PIXELS),
                "threads": "1",
                **skipped,
            },
        )
    except FFmpegError as error:
        raise Refused("unreadable", reason_of(error)) from None
    if len(container.streams) > MOST_STREAMS:
        raise Refused("limit", Words(f"has more than {MOST_STREAMS} tracks", f"的轨道超过 {MOST_STREAMS} 条"))
    if len(container.streams) == 0:
        raise Refused("unreadable", refusals.NOTHING_INSIDE)
    for stream in container.streams:
        if stream.codec_context is not None:  # sizes may change in the middle: the decoder has the last word
            stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    return container


def reason_of(error: FFmpegError) -> Words:
    if isinstance(error, av.error.InvalidDataError):
        return refusals.DAMAGED
    if isinstance(error, av.error.EOFError):
        return refusals.NOTHING_INSIDE
    said = error.strerror or "unknown error"
    return Words(f"the media engine says “{said}”", f"媒体引擎报告“{said}”")


def packets(container: InputContainer, wanted: list[Stream]) -> Iterator[Packet[Any]]:
    """All packets of `wanted` in file order; damaged stretches are stepped over, the others never read."""
    indexes = {stream.index for stream in wanted}
    for stream in container.streams:
        stream.discard = Discard.default if stream.index in indexes else Discard.all
    errors = 0
    while errors < _MOST_ERRORS_IN_A_ROW:
        try:
            for packet in container.demux(wanted):
                if packet.stream_index not in indexes:  # seen once, in a damaged Matroska file
                    continue
                if packet.size or packet.pts is not None:
                    errors = 0
                    yield packet
            return
        except FFmpegError:
            errors += 1


def skipped_samples(packet: Packet[Any]) -> tuple[int, int]:
    """Samples of the decoded packet that are not part of the sound: (at its start, at its end)."""
    if not packet.has_sidedata("skip_samples"):
        return 0, 0
    data: Any = packet.get_sidedata("skip_samples")
    start, end = struct.unpack_from("<II", bytes(data))
    return start, end
