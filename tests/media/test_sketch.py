"""A sketch of a waveform: near the levels that decoding all of it gives, and there soon."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from saycut.errors import Impossible
from saycut.media.child.sketch import _spread
from saycut.media.probe import open_source
from saycut.media.sketch import sketch
from saycut.studio.glancing import loudness_along
from saycut.watch import Watch
from tests.factory import Clip, Picture, Sound, make

LONG = Clip(
    picture=Picture(frames=1800, rate=Fraction(30)), sounds=(Sound(kind="tones", length_s=Fraction(30)),)
)
COUNT = 60


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_it_tells_sound_from_silence_as_the_whole_does(container: str) -> None:
    source = open_source(make(replace(LONG, container=container)))
    told, true = (np.array(of) for of in (sketch(source, COUNT), loudness_along(source, COUNT, Watch())))
    loud = true > true.max() / 2
    assert loud.sum() == COUNT / 2
    assert np.array_equal(told > told.max() / 2, loud)


def test_a_tone_is_as_loud_as_it_is() -> None:
    source = open_source(make(replace(LONG, sounds=(Sound(kind="tones"),))))
    told, true = (np.array(of) for of in (sketch(source, COUNT), loudness_along(source, COUNT, Watch())))
    assert np.median(told[1:-1] / true[1:-1]) == pytest.approx(1, rel=0.1)


def test_every_stretch_is_looked_at_once_all_over_first() -> None:
    for count in (1, 2, 7, 64, 100):
        assert sorted(_spread(count)) == list(range(count))
    assert _spread(8)[:4] == [0, 4, 2, 6]


def test_without_time_nothing_is_heard() -> None:
    assert sketch(open_source(make(LONG)), COUNT, most_s=0.0) is None


def test_what_has_no_sound_is_said() -> None:
    source = open_source(make(LONG.alone()))
    with pytest.raises(Impossible):
        sketch(source, COUNT)
