"""Engines by name, and what two of them together say."""

import numpy as np
import pytest

from saycut.audio import rnnoise
from saycut.audio.ears.hearing import heard
from saycut.audio.engines import EMBEDDED, RNNOISE, USUAL
from saycut.audio.separation import Rival, engine_of
from saycut.audio.suppression import Frames, analysed
from saycut.errors import NotFound, Usage
from saycut.pcm import Pcm
from tests.audio.signals import in_blocks
from tests.audio.test_ears import mixed


def together(frames: list[Frames], name: str) -> Pcm:
    return np.concatenate([getattr(batch, name) for batch in frames])


def by(name: str, sound: Pcm) -> list[Frames]:
    return list(engine_of(name)(in_blocks(sound)))


@pytest.mark.parametrize("name", ["", "spleeter", "onnx", "Embedded"])
def test_a_name_that_is_none_is_usage(name: str) -> None:
    with pytest.raises(Usage, match="no engine"):
        engine_of(name)


def test_a_model_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        engine_of("onnx:/nowhere/model.onnx")


def test_the_usual_one_is_one_of_them() -> None:
    assert by(USUAL, mixed(1.0))


def test_only_our_own_network_knows_music() -> None:
    assert all(batch.music is None for batch in by(RNNOISE, mixed(2.0)))
    assert all(batch.music is not None for batch in by(EMBEDDED, mixed(2.0)))


@pytest.mark.parametrize(("against", "weight"), [("music", 0.4), ("noise", 0.65)])
def test_two_agree_on_what_lies_between_them(against: Rival, weight: float) -> None:
    sound = mixed(4.8)
    first = together(list(analysed(in_blocks(sound), rnnoise.suppressed)), "gain")
    second = together(list(heard(in_blocks(sound))), "gain")
    both = list(engine_of(EMBEDDED, against)(in_blocks(sound)))
    np.testing.assert_allclose(together(both, "gain"), first**weight * second ** (1 - weight), atol=1e-4)
    assert (together(both, "gain") + together(both, "music")).max() <= 1 + 1e-5
    assert together(both, "music").min() >= 0
