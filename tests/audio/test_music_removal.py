"""Music is taken out where it plays; everywhere else the sound is what it was, bit for bit."""

import numpy as np
import pytest

from saycut.audio import music_removal
from saycut.audio.engines import EMBEDDED, RNNOISE
from saycut.audio.music_removal import without_music
from saycut.audio.sound_map import SoundMap
from saycut.audio.speech import Regions
from saycut.pcm import RATE_HZ, Blocks, Pcm, PcmArray
from saycut.watch import Watch
from tests.audio.scored_clips import stems
from tests.audio.signals import joined
from tests.audio.test_ears import mixed
from tests.audio.voices import voice
from tests.shared import shared_data


@pytest.fixture
def heard_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Music is heard from 2 to 3 s, whatever the sound."""
    told(monkeypatch, ((2.0, 3.0),))


def told(monkeypatch: pytest.MonkeyPatch, music_s: Regions) -> None:
    def sound_map(blocks: Blocks, duration_s: float) -> SoundMap:
        joined(blocks)
        return SoundMap(duration_s, (), (), (), (), (), (), perhaps_music_s=music_s)

    monkeypatch.setattr(music_removal, "sound_map", sound_map)


def stereo(seconds: float = 4.8) -> Pcm:
    return np.asarray(np.repeat(voice(seconds), 2, axis=1), np.float32)


def test_without_music_nothing_changes_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, ())
    sound = stereo()
    blocks, report = without_music(PcmArray(sound), engine=EMBEDDED)
    np.testing.assert_array_equal(joined(blocks), sound)
    assert not report.found
    assert report.music_s == ()


@pytest.mark.usefixtures("heard_at")
@pytest.mark.parametrize("ambience", [False, True])
def test_beside_the_music_every_bit_stays(ambience: bool) -> None:
    sound = mixed()
    blocks, report = without_music(PcmArray(sound), engine=EMBEDDED, ambience=ambience)
    out = joined(blocks)
    changed = np.flatnonzero(np.abs(out - sound).max(axis=1) > 0) / RATE_HZ
    assert 1.5 <= changed.min() < 1.7
    assert 3.3 < changed.max() <= 3.5
    assert report.found
    assert report.music_s == ((2.0, 3.0),)
    assert report.isolation is not None
    assert (report.isolation.pause_attenuation_db is None) == ambience
    assert report.isolation.music_attenuation_db is not None


@pytest.mark.usefixtures("heard_at")
def test_ambience_is_kept_by_our_own_network_whoever_was_asked() -> None:
    results = [
        joined(without_music(PcmArray(mixed()), engine=engine, ambience=True)[0])
        for engine in (RNNOISE, EMBEDDED)
    ]
    np.testing.assert_array_equal(*results)
    assert without_music(PcmArray(mixed()), engine=RNNOISE, ambience=True)[1].engine == EMBEDDED


@pytest.mark.usefixtures("heard_at")
def test_progress_is_told() -> None:
    stages: list[str] = []
    watch = Watch(lambda stage, _share: stages.append(stage))
    joined(without_music(PcmArray(mixed()), engine=EMBEDDED, watch=watch)[0])
    assert "isolate" in stages


@pytest.mark.parametrize("item", ["00", "05", "09"])
def test_real_voices_alone_stay_bit_for_bit(item: str) -> None:
    pair = stems(shared_data("separation_eval/manifest.json").parent, item)
    blocks, report = without_music(PcmArray(pair.voice))
    assert not report.found
    np.testing.assert_array_equal(joined(blocks), pair.voice)


@pytest.mark.parametrize("item", ["00", "03", "05"])
def test_real_music_is_found_when_it_is_asked_for(item: str) -> None:
    """03 is a piece that the map alone does not call music."""
    pair = stems(shared_data("separation_eval/manifest.json").parent, item)
    blocks, report = without_music(PcmArray(pair.voice + pair.music))
    out = joined(blocks)
    assert report.found
    assert np.square(out - pair.voice).mean() < 0.5 * np.square(pair.music).mean()
