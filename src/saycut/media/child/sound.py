"""Child program: one sound track as float32 samples on the source's time line, on stdout.

Request: path, demuxer, index, zero, start_s, duration_s (or null), end_s (or null), rate_hz,
channels. Times are rationals as strings, relative to `zero` (container time of the source's
zero). Report: bad_packets, silenced_s, overlap_dropped_s.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.error import FFmpegError
from numpy.typing import NDArray

from saycut.media import refusals
from saycut.media.child.opening import open_media, packets
from saycut.media.child.placing import Placer
from saycut.media.child.refusing import Refused
from saycut.media.child.resampling import gathered, resampled
from saycut.media.child.tracks import exact, time_base
from saycut.media.downmix import mix_matrix

_Samples = NDArray[np.float32]

# Whose time stamps are exact to the sample. Matroska's are rounded to milliseconds: only counting from the
# start gives the same samples every time. The others have no exact index.
_SEEKABLE = ("mov", "wav", "aiff")
_PREROLL_S = 2  # decoders and filters have settled long before (Opus asks for 80 ms)
_WORTH_SEEKING_S = 10


def main(request: dict[str, Any]) -> None:
    start_s, zero_s = Fraction(request["start_s"]), Fraction(request["zero"])
    duration_s = None if request["duration_s"] is None else Fraction(request["duration_s"])
    end_s = None if request["end_s"] is None else Fraction(request["end_s"])
    wanted_s = None if duration_s is None else start_s + duration_s
    faults = {"bad_packets": 0}
    frames = None
    if start_s > _WORTH_SEEKING_S and request["demuxer"] in _SEEKABLE:
        frames = _opened(request, faults, zero_s + start_s - _PREROLL_S)
    frames = frames or _opened(request, faults, None)  # from the start when there is nothing that far
    if frames is None:
        raise Refused("unreadable", refusals.DAMAGED)
    placer = Placer(frames.rate_hz, frames.tick_s, zero_s, end_s)
    mix = mix_matrix(frames.channel_names, request["channels"])
    placed = placer.placed(frames, start_s, wanted_s, request["rate_hz"])
    mixed = (np.ascontiguousarray(_finite(block) @ mix) for block in gathered(placed))
    count = None if duration_s is None else round(duration_s * request["rate_hz"])
    out = resampled(mixed, frames.rate_hz, request["rate_hz"], placer.lead_out, request["channels"])
    for block in _exactly(out, count, request["channels"]):
        _write(block)
    rate = frames.rate_hz
    report = {
        "bad_packets": faults["bad_packets"],
        "silenced_s": placer.silenced / rate,
        "overlap_dropped_s": placer.dropped / rate,
    }
    sys.stderr.write("\n" + json.dumps(report))


def _opened(request: dict[str, Any], faults: dict[str, int], from_s: Fraction | None) -> _Decoder | None:
    """A decoder that has found its first frame, or None when there is none (from `from_s` on)."""
    container = open_media(request["path"], request["demuxer"], without_pictures=True)
    stream = container.streams[request["index"]]
    if not isinstance(stream, AudioStream):
        raise Refused("unreadable", refusals.DAMAGED)
    if from_s is not None:
        try:
            container.seek(int(from_s / time_base(stream)), stream=stream, backward=True)
        except FFmpegError:
            return None
    decoder = _Decoder(container, stream, faults)
    return decoder if decoder.first() is not None else None


class _Decoder:
    """Decoded frames as (time stamp in ticks of `tick_s` or None, broken before, samples)."""

    def __init__(self, container: Any, stream: AudioStream, faults: dict[str, int]) -> None:
        self._packets = packets(container, [stream])
        self._stream = stream
        self._faults = faults
        self._convert: AudioResampler | None = None
        self._held: list[AudioFrame] = []
        self.rate_hz = 0
        self.channel_names: list[str] = []
        self.after_fault = False
        self.tick_s = Fraction(0)
        self._last_end: int | None = None

    def first(self) -> AudioFrame | None:
        """Decode up to the first frame, which tells rate and layout for good."""
        for frame in self._decoded():
            self._held.append(frame)
            self.rate_hz = frame.sample_rate
            self.channel_names = [channel.name for channel in frame.layout.channels]
            self._layout = frame.layout
            self.tick_s = exact(frame.time_base) or time_base(self._stream)
            return frame
        return None

    def __iter__(self) -> Iterator[tuple[int | None, bool, _Samples]]:
        for frame in self._held:
            yield self._read(frame)
        for frame in self._decoded():
            yield self._read(frame)
        if (
            self.after_fault and self._last_end is not None
        ):  # the last packets were broken: silence to their end
            yield self._last_end, True, np.zeros((0, len(self.channel_names)), np.float32)

    def _read(self, frame: AudioFrame) -> tuple[int | None, bool, _Samples]:
        time, broken, self.after_fault = frame.pts, self.after_fault, False
        return time, broken, self._samples(frame)

    def _samples(self, frame: AudioFrame) -> _Samples:
        """Float32 (n, channels); a change of format inside the track is converted to how it began."""
        if frame.format.name == "fltp" and frame.sample_rate == self.rate_hz and frame.layout == self._layout:
            return _plain(frame)
        frame.pts = None
        if self._convert is None:
            self._convert = AudioResampler(format="fltp", layout=self._layout, rate=self.rate_hz)
        try:
            converted = self._convert.resample(frame)
        except ValueError:
            self._convert = AudioResampler(format="fltp", layout=self._layout, rate=self.rate_hz)
            converted = self._convert.resample(frame)
        if not converted:
            return np.zeros((0, len(self.channel_names)), np.float32)
        parts = [_plain(part) for part in converted]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _decoded(self) -> Iterator[AudioFrame]:
        for packet in self._packets:
            if packet.pts is not None:
                self._last_end = packet.pts + (packet.duration or 0)
            try:
                yield from self._stream.codec_context.decode(packet)
            except FFmpegError:
                self._faults["bad_packets"] += 1
                self.after_fault = True
        try:
            yield from self._stream.codec_context.decode(None)
        except FFmpegError:
            self._faults["bad_packets"] += 1


def _plain(frame: AudioFrame) -> _Samples:
    """The samples of a planar float frame, (n, channels); `to_ndarray` takes four times as long."""
    samples: _Samples = np.empty((len(frame.planes), frame.samples), np.float32)
    for channel, plane in zip(samples, frame.planes, strict=True):
        channel[:] = np.frombuffer(memoryview(plane), np.float32, frame.samples)
    return samples.T


def _finite(samples: _Samples) -> _Samples:
    """Float files can hold anything; nothing after us expects what is no number."""
    if np.isfinite(samples).all():
        return samples
    return np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)


def _exactly(blocks: Iterator[_Samples], count: int | None, channels: int) -> Iterator[_Samples]:
    """The blocks as they are, or cut and zero-padded to `count` samples."""
    given = 0
    for block in blocks:
        piece = block if count is None else block[: count - given]
        given += len(piece)
        if len(piece):
            yield piece
        if count is not None and given == count:
            return
    while count is not None and given < count:
        piece = np.zeros((min(count - given, 1 << 16), channels), np.float32)
        given += len(piece)
        yield piece


def _write(block: _Samples) -> None:
    waiting = np.ascontiguousarray(block, np.float32).data.cast("B")
    while waiting:
        waiting = waiting[os.write(1, waiting) :]
