"""Where somebody speaks: music is no voice, and under music the voice is told apart."""

import numpy as np
import pytest

from saycut.audio import spoken as room
from saycut.audio.pauses import Activity
from saycut.audio.sound_map import SoundMap
from saycut.audio.speech import Regions
from saycut.audio.spoken import spoken
from saycut.pcm import Blocks, PcmArray, PcmReader
from tests.audio.signals import joined

SOUND = PcmArray(np.zeros((48_000, 1), np.float32))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Regions]:
    """What the map and the separation hear, whatever the sound."""
    facts: dict[str, Regions] = {"music": (), "apart": ()}

    def sound_map(blocks: Blocks, duration_s: float) -> SoundMap:
        joined(blocks)
        return SoundMap(duration_s, (), (), (), facts["music"], (), ())

    def voice_regions(_reader: PcmReader, **_options: object) -> Regions:
        return facts["apart"]

    monkeypatch.setattr(room, "sound_map", sound_map)
    monkeypatch.setattr(room, "voice_regions", voice_regions)
    return facts


@pytest.mark.parametrize("detector", ["speech", "level"])
def test_without_music_it_is_what_sounds(detector: str, told: dict[str, Regions]) -> None:
    known = Activity(((1.0, 2.0),), detector)  # type: ignore[arg-type]
    assert spoken(SOUND, known) == ((1.0, 2.0),)
    assert told["music"] == ()


def test_under_music_it_is_the_voice_told_apart(told: dict[str, Regions]) -> None:
    told.update(music=((4.0, 8.0),), apart=((1.0, 1.5), (3.5, 5.0), (6.0, 6.5)))
    known = Activity(((0.5, 2.0), (3.8, 7.9), (8.5, 9.0)), "speech")
    assert spoken(SOUND, known) == ((0.5, 2.0), (3.8, 5.0), (6.0, 6.5), (8.5, 9.0))


def test_music_alone_is_no_voice(told: dict[str, Regions]) -> None:
    told["music"] = ((0.0, 0.9),)
    assert spoken(SOUND, Activity(((0.0, 1.0),), "level")) == ()
