"""Mixtures: the same for the same seed, three stems that add up to what is heard, every scene among them."""

import numpy as np
import pytest
from training.material import RATE_HZ, Material
from training.mixing import Mixer, rms

from tests.training.recordings import small_material

SAMPLES = 2 * RATE_HZ


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return small_material(tmp_path_factory.mktemp("material"))


def test_a_seed_is_a_mixture(material: Material) -> None:
    mixer = Mixer(material, SAMPLES)
    one, again, other = (mixer.stems(np.random.default_rng((7, n))) for n in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_stems_have_one_shape_and_a_level_people_record_at(material: Material) -> None:
    mixer = Mixer(material, SAMPLES)
    for seed in range(60):
        stems = mixer.stems(np.random.default_rng(seed))
        assert stems.shape == (3, 2, SAMPLES)
        assert stems.dtype == np.float32
        assert np.isfinite(stems).all()
        assert -42.1 < 20 * np.log10(rms(stems.sum(0))) < -13.9


@pytest.mark.soak
def test_every_scene_comes_up(material: Material) -> None:
    mixer = Mixer(material, SAMPLES)
    seen = set()
    for seed in range(250):
        stems = mixer.stems(np.random.default_rng(seed))
        seen.add(tuple(bool(rms(stem) > 0) for stem in stems))
    assert len(seen) == 7


def test_what_is_held_out_is_heard_on_one_side_only(material: Material) -> None:
    for family in ("speech", "music", "noise"):
        trained, watched = (material.of(family, held_out=side) for side in (False, True))
        assert trained
        assert watched
        assert not {clip.origin for clip in trained} & {clip.origin for clip in watched}


def test_voices_and_music_meet_at_many_levels(material: Material) -> None:
    over_db = []
    mixer = Mixer(material, SAMPLES)
    for seed in range(200):
        speech, music, _ = mixer.stems(np.random.default_rng(seed))
        if rms(speech) > 0 and rms(music) > 0:
            over_db.append(20 * np.log10(rms(speech) / rms(music)))
    assert np.percentile(over_db, 10) < -4
    assert np.percentile(over_db, 90) > 7
