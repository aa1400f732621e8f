"""What is left of a cancelled song goes down; what plays beside it stays."""

import numpy as np
import pytest

from saycut.audio import residue
from saycut.audio.cancellation import CancelReport
from saycut.audio.residue import is_left, without_residue
from saycut.audio.sound_map import SoundMap
from saycut.audio.speech import Regions
from saycut.pcm import RATE_HZ, Blocks, PcmArray
from tests.audio.signals import joined
from tests.audio.test_ears import mixed


def told(monkeypatch: pytest.MonkeyPatch, music_s: Regions) -> None:
    """Music is heard there, whatever the sound."""

    def sound_map(blocks: Blocks, duration_s: float) -> SoundMap:
        joined(blocks)
        return SoundMap(duration_s, (), (), (), music_s, (), ())

    monkeypatch.setattr(residue, "sound_map", sound_map)


def test_only_where_the_song_was(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, ())
    rest = mixed()
    out = joined(without_residue(PcmArray(rest), ((1.0, 2.0),)))
    changed = np.flatnonzero(np.abs(out - rest).max(axis=1) > 0) / RATE_HZ
    assert 1.0 <= changed.min() < 1.1
    assert 1.9 < changed.max() <= 2.0
    assert np.square(out).sum() < np.square(rest).sum()


def test_other_music_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, ((0.5, 2.5),))
    rest = mixed()
    np.testing.assert_array_equal(joined(without_residue(PcmArray(rest), ((1.0, 2.0),))), rest)


@pytest.mark.parametrize(("fallen_db", "left"), [(15.0, True), (39.0, True), (60.0, False)])
def test_whether_anything_is_left(fallen_db: float, left: bool) -> None:
    assert is_left(CancelReport(0.0, 0.0, 1.0, fallen_db, 2.0, ((0.0, 2.0),))) is left
