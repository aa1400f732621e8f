"""ffmpeg's `-progress` lines as a fraction. `progress=end` is not success: only the exit status is."""

from collections.abc import Callable
from fractions import Fraction


class ProgressReader:
    """Feed it the bytes of `-progress`; it calls `on_fraction` with 0..1 of `expected_s`, never backwards."""

    def __init__(self, expected_s: Fraction | float, on_fraction: Callable[[float], None]) -> None:
        self._expected_us = max(float(expected_s) * 1e6, 1.0)
        self._on_fraction = on_fraction
        self._rest = b""
        self._furthest = 0.0

    def feed(self, data: bytes) -> None:
        """Any piece of the stream; lines may be cut anywhere."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            key, _, value = line.strip().partition(b"=")
            if key == b"out_time_us" and value.lstrip(b"-").isdigit():  # "N/A" before the first packet
                self._furthest = max(self._furthest, min(int(value) / self._expected_us, 1.0))
                self._on_fraction(self._furthest)
