"""Channels into stereo and mono."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.media.downmix import mix_matrix

SURROUND = ("FL", "FR", "FC", "LFE", "SL", "SR")
NAMES = (*SURROUND, "BL", "BR", "BC", "FLC", "FRC", "TFL", "TFR", "NONE")


def test_mono_goes_to_both_at_unity_and_stereo_passes() -> None:
    assert mix_matrix(["FC"], 2).tolist() == [[1.0, 1.0]]
    assert mix_matrix(["NONE"], 2).tolist() == [[1.0, 1.0]]
    assert mix_matrix(["FL", "FR"], 2).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert mix_matrix(["FL", "FR"], 1).tolist() == [[0.5], [0.5]]


def test_surround_has_the_proportions_of_bs775() -> None:
    matrix = mix_matrix(SURROUND, 2)
    left = dict(zip(SURROUND, matrix[:, 0], strict=True))
    assert left["FC"] / left["FL"] == pytest.approx(10 ** (-3 / 20), rel=0.002)
    assert left["SL"] == left["FC"]
    assert (left["FR"], left["SR"], left["LFE"]) == (0, 0, 0)
    assert np.allclose(matrix[:, 0], matrix[[1, 0, 2, 3, 5, 4], 1])


@given(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=16), channels=st.sampled_from((1, 2)))
def test_full_scale_everywhere_never_clips(names: list[str], channels: int) -> None:
    matrix = mix_matrix(names, channels)
    assert matrix.shape == (len(names), channels)
    assert np.abs(matrix).sum(axis=0).max() <= 1.0 + 1e-6


def test_unnamed_channels_are_taken_in_their_usual_order() -> None:
    assert np.array_equal(mix_matrix(["NONE"] * 6, 2), mix_matrix(("FL", "FR", "FC", "LFE", "BL", "BR"), 2))


def test_stereo_cannot_become_surround() -> None:
    with pytest.raises(ValueError, match="2 channels cannot become 6"):
        mix_matrix(["FL", "FR"], 6)
