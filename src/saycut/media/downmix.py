"""Which speaker goes where when sound with more channels becomes stereo or mono."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_HALF_POWER = 0.5**0.5  # -3 dB, ITU-R BS.775-4 table 2: centre and surrounds of a stereo down-mix

_STEREO: dict[str, tuple[float, float]] = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (_HALF_POWER, _HALF_POWER),
    "LFE": (0.0, 0.0),  # BS.775: the effects channel is left out
    "LFE2": (0.0, 0.0),
    "BL": (_HALF_POWER, 0.0),
    "SL": (_HALF_POWER, 0.0),
    "BR": (0.0, _HALF_POWER),
    "SR": (0.0, _HALF_POWER),
    "BC": (0.5, 0.5),  # -3 dB into each surround, which is at -3 dB itself
    "FLC": (1.0, 0.0),
    "FRC": (0.0, 1.0),
    "WL": (_HALF_POWER, 0.0),
    "WR": (0.0, _HALF_POWER),
    "TFL": (_HALF_POWER, 0.0),
    "TFR": (0.0, _HALF_POWER),
    "TBL": (0.5, 0.0),
    "TBR": (0.0, 0.5),
    "DL": (1.0, 0.0),
    "DR": (0.0, 1.0),
}
_USUAL: dict[int, tuple[str, ...]] = {
    3: ("FL", "FR", "FC"),
    4: ("FL", "FR", "BL", "BR"),
    5: ("FL", "FR", "FC", "BL", "BR"),
    6: ("FL", "FR", "FC", "LFE", "BL", "BR"),
    7: ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    8: ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}


def mix_matrix(names: Sequence[str], channels: int) -> NDArray[np.float32]:
    """Float32 (len(names), channels) to multiply blocks (n, len(names)) with.

    `names` are FFmpeg's speaker names ("FL", "FC" …). One channel goes to all at unity, equal
    numbers pass, more go to two by ITU-R BS.775 and are scaled so that full scale everywhere
    stays within full scale; mono is half of the sum of the two. Raises ValueError for other wishes.
    """
    count = len(names)
    if count == channels:
        return np.eye(count, dtype=np.float32)
    if count == 1:
        return np.ones((1, channels), np.float32)
    if channels not in (1, 2):
        raise ValueError(f"{count} channels cannot become {channels}")
    stereo = _to_stereo(names)
    stereo /= max(1.0, float(np.abs(stereo).sum(axis=0).max()))
    return stereo if channels == 2 else stereo.mean(axis=1, keepdims=True)


def _to_stereo(names: Sequence[str]) -> NDArray[np.float32]:
    if len(names) == 2:
        return np.eye(2, dtype=np.float32)
    known = names if any(name in _STEREO for name in names) else _USUAL.get(len(names), ())
    rows = [_STEREO.get(name, (0.5, 0.5)) for name in known] or [(1.0, 0.0), (0.0, 1.0)] * (
        len(names) // 2 + 1
    )
    return np.array(rows[: len(names)], np.float32)
