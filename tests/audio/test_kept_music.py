"""Noise reduction keeps music where it plays, and takes nothing for music that is none."""

from collections.abc import Iterator

import numpy as np
import pytest

from saycut.audio.kept_music import with_music
from saycut.audio.suppression import Frames
from tests.audio.test_sound_map import frames


def gains(*parts: tuple[float, float, float, float], batch_s: float = 1.0) -> np.ndarray:
    """The share that is kept of the bins of the music, frame by frame."""
    return np.concatenate([batch.gain[:, 15] for batch in with_music(frames(*parts, batch_s=batch_s))])


def test_music_is_kept_where_it_plays() -> None:
    kept = gains((10, 0.1, 0.05, 0.0001))
    assert kept.min() == pytest.approx(1)


def test_what_is_taken_for_music_in_noise_is_not() -> None:
    kept = gains((10, 0.1, 0.01, 0.05))
    assert kept.max() == 0


def test_it_comes_and_goes_smoothly() -> None:
    kept = gains((10, 0.1, 0.0, 0.0002), (10, 0.1, 0.1, 0.0002), (10, 0.1, 0.0, 0.0002))
    assert kept[round(12 / 0.016) : round(18 / 0.016)].min() == pytest.approx(1)
    assert kept[: round(8 / 0.016)].max() == 0
    assert np.abs(np.diff(kept)).max() < 0.25  # a tenth of a second or so from nothing to all


@pytest.mark.parametrize("batch_s", [0.3, 2.5])
def test_batches_hardly_matter(batch_s: float) -> None:
    parts = ((6, 0.1, 0.0, 0.0002), (6, 0.1, 0.1, 0.0002))
    assert np.abs(gains(*parts, batch_s=batch_s) - gains(*parts)).mean() < 0.05


def test_an_engine_without_music_is_left_as_it_is() -> None:
    def deaf() -> Iterator[Frames]:
        for batch in frames((5, 0.1, 0.05, 0.001), batch_s=1.0):
            batch.music = None
            yield batch

    before = np.concatenate([batch.gain for batch in deaf()])
    np.testing.assert_array_equal(np.concatenate([batch.gain for batch in with_music(deaf())]), before)


def test_no_more_than_three_seconds_are_held() -> None:
    source = frames((20, 0.1, 0.05, 0.001), batch_s=1.0)
    read = 0

    def counted() -> Iterator[Frames]:
        nonlocal read
        for batch in source:
            read += 1
            yield batch

    for given, _ in enumerate(with_music(counted()), 1):
        assert read - given <= 2
