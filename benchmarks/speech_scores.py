"""How near an estimate of speech is to the truth: SI-SDR, STOI, PESQ, and what is left in the pauses.

STOI and PESQ come from the packages pystoi (Taal et al. 2011) and pesq (ITU-T P.862.2), for scoring only:
`pip install -e '.[bench]'`.
"""

import itertools

import numpy as np
import soxr
from numpy.typing import NDArray

Mono = NDArray[np.float32]
SCORED_HZ = 16_000  # PESQ-WB is defined at 16 kHz; STOI works on 10 kHz, which pystoi makes of it

_FRAME_S = 0.02
_ACTIVE_BELOW_LOUDEST_DB = 40.0  # as the data set counts active speech
_PAUSE_GUARD_FRAMES = 3
_NEEDED = "pesq and pystoi are needed to score speech: pip install -e '.[bench]'"


def si_sdr_db(estimate: Mono, truth: Mono) -> float:
    """Scale-invariant signal-to-distortion ratio (Le Roux et al. 2019), zero-mean."""
    heard, spoken = (sound.astype(np.float64) - float(sound.mean()) for sound in (estimate, truth))
    target = float(heard @ spoken) / float(spoken @ spoken) * spoken
    return 10 * float(np.log10((target @ target) / max(float(np.sum((heard - target) ** 2)), 1e-30)))


def stoi(estimate: Mono, truth: Mono, rate_hz: int) -> float:
    """Short-time objective intelligibility, about 0..1."""
    try:
        from pystoi import stoi as taal
    except ImportError as error:
        raise SystemExit(_NEEDED) from error
    return float(taal(_scored(truth, rate_hz), _scored(estimate, rate_hz), SCORED_HZ))


def pesq_wb(estimate: Mono, truth: Mono, rate_hz: int) -> float:
    """Perceptual quality, wide band, 1.0 to 4.6."""
    try:
        from pesq import pesq
    except ImportError as error:
        raise SystemExit(_NEEDED) from error
    return float(pesq(SCORED_HZ, _scored(truth, rate_hz), _scored(estimate, rate_hz), "wb"))


def active_frames(clean: Mono, rate_hz: int, *, bridged_s: float = 0.0) -> NDArray[np.bool_]:
    """Which 20 ms frames hold speech: within 40 dB of the loudest, gaps up to `bridged_s` counted in."""
    frame = round(rate_hz * _FRAME_S)
    frames = clean[: len(clean) // frame * frame].reshape(-1, frame).astype(np.float64)
    level = np.sqrt(np.mean(np.square(frames), axis=1))
    active: NDArray[np.bool_] = level > level.max() * 10 ** (-_ACTIVE_BELOW_LOUDEST_DB / 20)
    for first, second in itertools.pairwise(np.flatnonzero(active)):
        active[first:second] |= (second - first - 1) * _FRAME_S <= bridged_s
    return active


def left_in_pauses_db(estimate: Mono, mix: Mono, clean: Mono, rate_hz: int) -> float:
    """Level of `estimate` over `mix` where nobody speaks, 60 ms away from speech; nan without pauses."""
    active = active_frames(clean, rate_hz)
    near = np.convolve(active, np.ones(2 * _PAUSE_GUARD_FRAMES + 1), mode="same") > 0
    silent = np.repeat(~near, round(rate_hz * _FRAME_S))
    if not silent.any():
        return float("nan")
    before, after = (
        float(np.mean(np.square(sound[: len(silent)][silent], dtype=np.float64))) for sound in (mix, estimate)
    )
    return 10 * float(np.log10(max(after, 1e-20) / max(before, 1e-20)))


def _scored(sound: Mono, rate_hz: int) -> Mono:
    return sound if rate_hz == SCORED_HZ else soxr.resample(sound, rate_hz, SCORED_HZ, quality="VHQ")
