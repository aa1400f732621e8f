"""How to reach a loudness target.

Limiting lowers loudness, and a lossy encoder moves both loudness and peaks, so one gain computed
from one measurement misses. `LevelSketch` keeps enough of a sound (its loudness and its peak every
2 ms) to foresee how loud it is after `limiter.Limiter` at any gain, without hearing it again;
`next_step` picks the gain from that, and corrects it by what the encoded result really measured.
"""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from saycut.audio.limiter import ReductionCurve
from saycut.audio.loudness import (
    SUB_BLOCKS_HZ,
    Intervals,
    KWeighting,
    Level,
    Powers,
    integrated_lufs,
    loudness_range_lu,
)
from saycut.audio.roots import root
from saycut.audio.true_peak import TruePeakMeter, linked
from saycut.pcm import Blocks, Pcm
from saycut.words import Words

MAX_ROUNDS = 4
MAX_GAIN_DB = 50.0  # more than this lifts the noise of a recording, not its content
MAX_LIMITING_DB = 12.0  # sustained limiting beyond this crushes the sound (see `Foreseen.limiting_db`)
_FEW_SHARE, _FEW_S = 0.01, 0.25  # a click may be limited by more, however short the sound
_FRAMES_HZ = 500
_SUB_BLOCK_FRAMES = _FRAMES_HZ // SUB_BLOCKS_HZ
_STRETCH_FRAMES = 60 * _FRAMES_HZ  # computed at a time, so that memory does not grow with the sound
_BINS_PER_DB = 100
_HISTOGRAM_BINS = 120 * _BINS_PER_DB
_SOUNDING_POWER = 1e-7  # -70.7 LUFS: the absolute gate of BS.1770-5
_UNHEARD_LUFS = -70.0
# AAC at 192 kb/s raised the true peak of eleven limited sounds by 0 to 0.32 dB at -14 LUFS (to 0.5 at -9).
_ENCODER_OVERSHOOT_DB = 0.35
_CEILING_MARGIN_DB = 0.1  # once per round: what an encoder adds varies with every change of gain
_SAME_DB = 0.02
_GAIN_RESOLUTION_DB = 0.005
_FAR = 1000.0
_NOTHING_TO_MEASURE = Words(
    "The loudness was left alone: the sound is silent, or shorter than 0.4 s.",
    "未调整响度：声音为静音，或短于 0.4 秒。",
)


class Target(msgspec.Struct, frozen=True):
    """What the finished file should measure."""

    lufs: float = -14.0
    ceiling_dbtp: float = -1.0
    tolerance_lu: float = 0.2


class Setting(msgspec.Struct, frozen=True):
    """What `limiter.Limiter` is to be given in the next round."""

    gain_db: float
    ceiling_dbtp: float


class Round(msgspec.Struct, frozen=True):
    """One encoded attempt: what was set and what the decoded result measured."""

    setting: Setting
    level: Level


class Verdict(msgspec.Struct, frozen=True):
    """The end: the best round (None: there was nothing to do) and, when the target was missed, why."""

    reached: bool
    best: int | None  # index into the rounds
    reason: Words | None


class Foreseen(msgspec.Struct, frozen=True):
    """A sound after gain and limiter, computed from its sketch."""

    integrated_lufs: float | None
    limiting_db: float  # sustained: exceeded in 1 % of what sounds (in 0.25 s of a short sound)


class LevelSketch:
    """The memory of one sound: 4 kB a second, 14 MB an hour."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._weighting = KWeighting(rate_hz, channels)
        self._energy = Intervals(rate_hz, _FRAMES_HZ)
        self._peaks = Intervals(rate_hz, _FRAMES_HZ, np.maximum)
        self._true_peak = TruePeakMeter(rate_hz, channels)
        self._frame_samples = rate_hz / _FRAMES_HZ

    def push(self, block: Pcm) -> None:
        """Hear the next samples, float32 (samples, channels), any number of them."""
        if not len(block):
            return
        self._energy.push(self._weighting.push(block))
        self._peaks.push(linked(block))
        self._true_peak.push(block)

    def level(self) -> Level:
        """What `loudness.measure` says of the same sound."""
        sub_blocks = self._sub_blocks()
        return Level(
            integrated_lufs=integrated_lufs(sub_blocks),
            true_peak_dbtp=self._true_peak.dbtp(),
            range_lu=loudness_range_lu(sub_blocks),
            sample_peak_dbfs=self._true_peak.sample_peak_dbfs(),
        )

    def foresee(self, setting: Setting) -> Foreseen:
        """The sound after `limiter.Limiter` with `setting`.

        Uses sample peaks of 2 ms in place of the true peaks of samples: on eleven real sounds,
        limited by 1 to 22 dB, loudness was foreseen within 0.04 LU of the limiter's own output.
        """
        energy, peaks = self._energy.values(), self._peaks.values()
        curve = ReductionCurve(_FRAMES_HZ)
        ahead = curve.look_ahead
        peaks = np.concatenate((peaks, np.zeros(ahead, np.float32)))
        curve.push(_needed_db(peaks[:ahead], setting))
        powers = np.zeros(len(energy) // _SUB_BLOCK_FRAMES)
        histogram = np.zeros(_HISTOGRAM_BINS, np.int64)
        for start in range(0, len(energy), _STRETCH_FRAMES):
            frames = energy[start : start + _STRETCH_FRAMES].astype(np.float64) / self._frame_samples
            reduction = curve.push(_needed_db(peaks[start + ahead : start + ahead + len(frames)], setting))
            part = _sub_blocks(frames * 10 ** ((setting.gain_db - reduction) / 10))
            powers[start // _SUB_BLOCK_FRAMES :][: len(part)] = part
            bins = np.minimum(reduction[frames > _SOUNDING_POWER] * _BINS_PER_DB, _HISTOGRAM_BINS - 1)
            histogram += np.bincount(bins.astype(np.intp), minlength=_HISTOGRAM_BINS)
        return Foreseen(integrated_lufs(powers), _sustained_db(histogram))

    def setting_for(self, lufs: float, ceiling_dbtp: float) -> Setting:
        """The gain that brings the limited sound to `lufs`, as far as the two limits allow.

        The sound must have a loudness. `MAX_GAIN_DB` and `MAX_LIMITING_DB` are never exceeded.
        """

        def short_of_target(gain_db: float) -> float:
            heard = self.foresee(Setting(gain_db, ceiling_dbtp)).integrated_lufs
            return lufs - (heard if heard is not None else _UNHEARD_LUFS)

        def room_to_limit(gain_db: float) -> float:
            return MAX_LIMITING_DB - self.foresee(Setting(gain_db, ceiling_dbtp)).limiting_db

        level = self.level()
        plain = min(lufs - (level.integrated_lufs or 0.0), MAX_GAIN_DB)
        gain = _root(short_of_target, plain, MAX_GAIN_DB)
        unlimited = min(ceiling_dbtp - level.true_peak_dbtp, gain)
        return Setting(_root(room_to_limit, unlimited, gain), ceiling_dbtp)

    def _sub_blocks(self) -> Powers:
        return _sub_blocks(self._energy.values()) / self._frame_samples


def sketch(blocks: Blocks, rate_hz: int, channels: int) -> LevelSketch:
    """The sketch of a whole sound."""
    memory = LevelSketch(rate_hz, channels)
    for block in blocks:
        memory.push(block)
    return memory


def gain_for(level: Level, target_lufs: float, ceiling_dbtp: float) -> float | None:
    """The gain in dB towards a target that needs no limiter; None when there is no loudness."""
    if level.integrated_lufs is None:
        return None
    return min(target_lufs - level.integrated_lufs, ceiling_dbtp - level.true_peak_dbtp)


def next_step(target: Target, memory: LevelSketch, rounds: Sequence[Round]) -> Setting | Verdict:
    """What to try next, or the verdict: a function of what was measured, without memory of its own.

    `rounds` are the attempts so far, oldest first. The same arguments give the same answer.
    """
    if memory.level().integrated_lufs is None:
        return Verdict(False, None, _NOTHING_TO_MEASURE)
    if not rounds:
        return memory.setting_for(target.lufs, target.ceiling_dbtp - _ENCODER_OVERSHOOT_DB)
    best = min(range(len(rounds)), key=lambda index: _miss(target, rounds[index].level))
    if _miss(target, rounds[best].level) <= target.tolerance_lu:
        return Verdict(True, best, None)
    following = _corrected(target, memory, rounds[-1], _CEILING_MARGIN_DB * len(rounds))
    if len(rounds) >= MAX_ROUNDS or _same(following, rounds[-1].setting):
        return Verdict(False, best, _why(target, memory, rounds[best]))
    return following


def reach(
    target: Target, memory: LevelSketch, encode: Callable[[Setting], Level]
) -> tuple[Verdict, list[Round]]:
    """`next_step` to its end; `encode` renders with a setting and measures what it decoded back."""
    rounds: list[Round] = []
    while True:
        step = next_step(target, memory, rounds)
        if isinstance(step, Verdict):
            return step, rounds
        rounds.append(Round(step, encode(step)))


def _corrected(target: Target, memory: LevelSketch, last: Round, margin_db: float) -> Setting:
    """The setting that would have been right, had the encoder done the same to it."""
    foreseen = memory.foresee(last.setting).integrated_lufs
    measured = last.level.integrated_lufs
    lost = 0.0 if foreseen is None or measured is None else foreseen - measured
    ceiling = last.setting.ceiling_dbtp
    excess = last.level.true_peak_dbtp - target.ceiling_dbtp
    if excess > 0.0:
        unlimited = memory.level().true_peak_dbtp + last.setting.gain_db
        ceiling = min(ceiling, unlimited) - excess - margin_db
    return memory.setting_for(target.lufs + lost, ceiling)


def _miss(target: Target, level: Level) -> float:
    """How far a result is from the target in LU; anything above the ceiling counts as far."""
    if level.integrated_lufs is None:
        return _FAR
    excess = level.true_peak_dbtp - target.ceiling_dbtp
    return _FAR + excess if excess > 0.0 else abs(level.integrated_lufs - target.lufs)


def _same(one: Setting, other: Setting) -> bool:
    gain, ceiling = one.gain_db - other.gain_db, one.ceiling_dbtp - other.ceiling_dbtp
    return max(abs(gain), abs(ceiling)) < _SAME_DB


def _why(target: Target, memory: LevelSketch, best: Round) -> Words:
    at_en = f"it measures {best.level.integrated_lufs or _UNHEARD_LUFS:.1f} LUFS"
    at_zh = f"实测 {best.level.integrated_lufs or _UNHEARD_LUFS:.1f} LUFS"
    want_en, want_zh = f"{target.lufs:g} LUFS was not reached", f"未能达到 {target.lufs:g} LUFS"
    if best.setting.gain_db > MAX_GAIN_DB - _SAME_DB:
        return Words(
            f"{want_en}: the sound is so quiet that more than {MAX_GAIN_DB:g} dB of gain "
            f"would mostly raise noise; {at_en}.",
            f"{want_zh}：声音太小，增益超过 {MAX_GAIN_DB:g} dB 主要会放大噪声；{at_zh}。",
        )
    if memory.foresee(best.setting).limiting_db > MAX_LIMITING_DB - _SAME_DB:
        return Words(
            f"{want_en}: its peaks stand so far above the rest that limiting them by more than "
            f"{MAX_LIMITING_DB:g} dB would crush the sound; {at_en}.",
            f"{want_zh}：峰值远高于其余部分，限制超过 {MAX_LIMITING_DB:g} dB 会损伤音质；{at_zh}。",
        )
    peak = best.level.true_peak_dbtp
    return Words(
        f"{want_en} within {target.tolerance_lu:g} LU under {target.ceiling_dbtp:g} dBTP after encoding; "
        f"{at_en} and {peak:.1f} dBTP.",
        f"编码后{want_zh}（±{target.tolerance_lu:g} LU，不高于 {target.ceiling_dbtp:g} dBTP）；"
        f"{at_zh}，{peak:.1f} dBTP。",
    )


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses zero in [low, high]; the end it does not reach zero before."""
    if falling(low) <= 0.0:
        return low
    if falling(high) >= 0.0:
        return high
    return root(falling, low, high, _GAIN_RESOLUTION_DB)


def _needed_db(peaks: NDArray[np.float32], setting: Setting) -> Powers:
    with np.errstate(divide="ignore"):
        peaks_db = 20.0 * np.log10(peaks.astype(np.float64))
    needed: Powers = np.maximum(peaks_db + (setting.gain_db - setting.ceiling_dbtp), 0.0)
    return needed


def _sustained_db(histogram: NDArray[np.int64]) -> float:
    """The reduction that all but a few frames stay under."""
    few = max(int(histogram.sum() * _FEW_SHARE), int(_FEW_S * _FRAMES_HZ))
    at_least = np.cumsum(histogram[::-1])[::-1]  # frames in this bin and above
    return float(np.count_nonzero(at_least[1:] > few)) / _BINS_PER_DB


def _sub_blocks(frames: NDArray[np.floating]) -> Powers:
    whole = len(frames) // _SUB_BLOCK_FRAMES * _SUB_BLOCK_FRAMES
    means: Powers = frames[:whole].reshape(-1, _SUB_BLOCK_FRAMES).mean(axis=1, dtype=np.float64)
    return means
