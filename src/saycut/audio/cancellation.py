"""A known piece of music taken out of a mix: found, fitted block by block, subtracted.

The song may start late, jump, play again or run on another clock; its stretches are found first
(`known_song.places`), their edges by change points, and each is fitted in blocks of at most 20 s, joined
by 2 s cross-fades. Figures: docs/explanation/measurements.md (`python -m benchmarks.cancellation_eval`).
"""

import math

import msgspec
import numpy as np

from saycut.audio.known_song.blocks import ROOM_TAPS, followed, rough
from saycut.audio.known_song.edges import change_point
from saycut.audio.known_song.places import Stretch, stretches
from saycut.errors import Impossible
from saycut.pcm import RATE_HZ, Blocks, Pcm, PcmReader
from saycut.watch import Watch

_BLOCK_S, _JOIN_S = 20.0, 2.0
_EDGE_S, _CORE_S = 6.0, 8.0  # a window that is found may hold the song in its last second only
_EDGE_FADE_S = 0.01
_TRIAL_S = 8.0
_ROOM_GAIN_DB = (
    3.0  # what many taps must bring to be used: a codec's residue gains 0.1 dB by them, a room 10 to 20
)
_NO_ROOM_DB = 18.0  # one tap takes 7 to 10 dB of a song that sounds in a room, 20 to 80 dB of one laid under
_LEAST_ATTENUATION_DB = 6.0
_FOUND_Z = 12.0


class CancelReport(msgspec.Struct, frozen=True):
    """What was found and how much of it went."""

    offset_s: float  # the song's start on the mix's clock, for the longest stretch
    drift_ppm: float  # mix time = offset_s + song time · (1 + drift_ppm · 1e-6)
    confidence: float  # 0..1; 0.5 stands where a window is just believed
    music_attenuation_db: float  # where the music is most of the sound
    song_s: float  # how much of the mix the song plays in
    spans_s: tuple[tuple[float, float], ...]  # where: pieces, each without a jump


class Cancellation:
    """The mix without the song, once: `blocks()` yields exactly mix.samples samples, then `report()` tells.

    Making one looks for the song and raises Impossible, with a reason in both languages, when it
    is not there.
    """

    def __init__(self, mix: PcmReader, song: PcmReader, watch: Watch | None = None) -> None:
        self._mix, self._song, self._watch = mix, song, watch or Watch()
        found = stretches(mix, song, self._watch)
        if not found:
            raise Impossible(
                reason="the song was not found in the recording (changed pitch or tempo cannot be followed)",
                reason_zh="在录音中没有找到该曲（变调或变速后无法匹配）",
            )
        self._stretches = _with_edges(mix, song, found)
        self._falls_db: list[float] = []

    def blocks(self) -> Blocks:
        """All of the mix in order, the song subtracted where it plays."""
        at = 0
        for stretch in self._stretches:
            first, last = round(stretch.first_s * RATE_HZ), round(stretch.last_s * RATE_HZ)
            yield from self._untouched(at, first)
            yield from self._cleared(stretch, first, last)
            at = last
        yield from self._untouched(at, self._mix.samples)

    def report(self) -> CancelReport:
        """After the last block. Raises Impossible when too little of the music went to be worth it."""
        fallen_db = float(np.median(self._falls_db)) if self._falls_db else 0.0
        if fallen_db < _LEAST_ATTENUATION_DB:
            raise Impossible(
                reason=f"the song was found, but only {fallen_db:.0f} dB of it could be taken out",
                reason_zh=f"找到了该曲，但只能降低 {fallen_db:.0f} dB",
            )
        longest = max(self._stretches, key=lambda stretch: stretch.last_s - stretch.first_s)
        slope = longest.line.drift_ppm * 1e-6
        return CancelReport(
            offset_s=-longest.line.at_zero_s / (1 + slope),
            drift_ppm=(1 / (1 + slope) - 1) * 1e6,
            confidence=min(1.0, longest.z / (2 * _FOUND_Z)),
            music_attenuation_db=fallen_db,
            song_s=sum(stretch.last_s - stretch.first_s for stretch in self._stretches),
            spans_s=tuple((stretch.first_s, stretch.last_s) for stretch in self._stretches),
        )

    def _untouched(self, first: int, last: int) -> Blocks:
        for start in range(first, last, RATE_HZ):
            yield self._mix.read(start, min(RATE_HZ, last - start))

    def _cleared(self, stretch: Stretch, first: int, last: int) -> Blocks:
        """The rest of a stretch: blocks of equal length, cross-faded where they overlap."""
        join = round(_JOIN_S * RATE_HZ)
        count = max(1, math.ceil((last - first - join) / round((_BLOCK_S - _JOIN_S) * RATE_HZ)))
        starts = np.linspace(first, max(last - join, first), count + 1).round().astype(int)
        rise = np.linspace(0, 1, join, endpoint=False, dtype=np.float32)[:, None]
        taps = _taps(self._mix, self._song, stretch)
        tail: Pcm | None = None
        for number in range(count):
            self._watch.report("taking the song out", int(starts[number]) / max(self._mix.samples, 1))
            start = int(starts[number])
            stop = min(int(starts[number + 1]) + join, last)
            rest = self._rest(stretch, start, stop - start, taps)
            if tail is not None:
                rest[:join] = tail * (1 - rise) + rest[:join] * rise
            if number == count - 1:
                yield rest
                return
            yield rest[:-join]
            tail = rest[-join:]

    def _rest(self, stretch: Stretch, start: int, count: int, taps: int) -> Pcm:
        block = followed(self._mix, self._song, stretch, start, count, taps=taps)
        rest = block.rest.copy()
        if np.any(block.music):
            self._falls_db.append(attenuation_db(block.heard, rest))
        fade = min(round(_EDGE_FADE_S * RATE_HZ), count // 2)
        rise = np.linspace(0, 1, fade, dtype=np.float32)[:, None]
        # Hard cuts of the song are met by a short fade between the mix and its rest.
        if start > 0 and start == round(stretch.first_s * RATE_HZ):
            rest[:fade] = block.heard[:fade] * (1 - rise) + rest[:fade] * rise
        if start + count < self._mix.samples and start + count == round(stretch.last_s * RATE_HZ):
            rest[-fade:] = block.heard[-fade:] * rise + rest[-fade:] * (1 - rise)
        return rest


def attenuation_db(heard: Pcm, rest: Pcm) -> float:
    """How far the sound fell, as a mean in dB over the tenth of 0.1 s frames in which it fell most."""
    frame = min(RATE_HZ // 10, len(heard))
    count = len(heard) // frame
    before, after = (
        np.mean(np.square(part[: count * frame]).reshape(count, -1), axis=1) + 1e-12 for part in (heard, rest)
    )
    fallen = np.sort(10 * np.log10(before / after))
    return float(fallen[-max(count // 10, 1) :].mean())


def _taps(mix: PcmReader, song: PcmReader, stretch: Stretch) -> int:
    """One frame of the song, or as many as a room needs: whatever takes clearly more out of a trial block."""
    middle = round((stretch.first_s + stretch.last_s) / 2 * RATE_HZ)
    count = min(round(_TRIAL_S * RATE_HZ), round((stretch.last_s - stretch.first_s) * RATE_HZ))

    def fallen_db(taps: int) -> float:
        block = followed(mix, song, stretch, max(middle - count // 2, 0), count, taps=taps)
        return attenuation_db(block.heard, block.heard - block.music)

    plain_db = fallen_db(1)
    if plain_db > _NO_ROOM_DB:
        return 1
    return ROOM_TAPS if fallen_db(ROOM_TAPS) > plain_db + _ROOM_GAIN_DB else 1


def _with_edges(mix: PcmReader, song: PcmReader, found: list[Stretch]) -> list[Stretch]:
    """The stretches with their beginnings and ends moved to where the song starts, stops or jumps."""
    edged = list(found)
    total_s = mix.samples / RATE_HZ
    for index, stretch in enumerate(found):
        one = found[index - 1] if index > 0 else None
        gap_s = stretch.first_s - one.last_s if one is not None else math.inf
        if one is not None and gap_s < 2 * _EDGE_S:
            met_s = _switch_s(mix, song, one, stretch, (one.last_s - _EDGE_S, stretch.first_s + _EDGE_S))
            edged[index - 1] = edged[index - 1]._replace(last_s=met_s)
            edged[index] = edged[index]._replace(first_s=met_s)
        else:
            around = (max(stretch.first_s - _EDGE_S, 0.0), stretch.first_s + _EDGE_S)
            edged[index] = edged[index]._replace(first_s=_switch_s(mix, song, None, stretch, around))
        following = found[index + 1] if index + 1 < len(found) else None
        if following is None or following.first_s - stretch.last_s >= 2 * _EDGE_S:
            around = (stretch.last_s - _EDGE_S, min(stretch.last_s + _EDGE_S, total_s))
            edged[index] = edged[index]._replace(last_s=_switch_s(mix, song, stretch, None, around))
    edged = [_inside_song(stretch, song) for stretch in edged]
    for index in range(1, len(edged)):
        first_s = max(edged[index].first_s, edged[index - 1].last_s)
        edged[index] = edged[index]._replace(first_s=first_s)
    return [stretch for stretch in edged if stretch.last_s - stretch.first_s > 1.0]


def _inside_song(stretch: Stretch, song: PcmReader) -> Stretch:
    """Not before the song's first sample, not after its last."""
    slope = stretch.line.drift_ppm * 1e-6
    first_s = -stretch.line.at_zero_s / (1 + slope)
    last_s = (song.samples / RATE_HZ - stretch.line.at_zero_s) / (1 + slope)
    return stretch._replace(first_s=max(stretch.first_s, first_s), last_s=min(stretch.last_s, last_s))


def _switch_s(
    mix: PcmReader,
    song: PcmReader,
    before: Stretch | None,
    after: Stretch | None,
    around_s: tuple[float, float],
) -> float:
    """The moment within `around_s` at which one stretch gives way to another, or to nothing."""
    first, last = (round(edge_s * RATE_HZ) for edge_s in around_s)
    core = round(_CORE_S * RATE_HZ)
    lead = core if before is not None else 0
    trail = core if after is not None else 0
    start, stop = max(first - lead, 0), min(last + trail, mix.samples)
    heard = mix.read(first, last - first)
    music = []
    for stretch, (from_, to) in ((before, (start, last)), (after, (first, stop))):
        if stretch is None:
            music.append(np.zeros_like(heard))
            continue
        block = rough(mix, song, stretch, from_, to - from_)
        music.append(block.music[first - from_ : last - from_])
    return (first + change_point(heard, music[0], music[1])) / RATE_HZ
