"""Random plans rendered: the file shows the frames that arithmetic names, sound and picture in step."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.media.probe import open_source
from tests.factory import Clip, Picture, make, read_frame_indices
from tests.plans import Model, random_plan
from tests.studio.steps import done

RATE = Fraction(30)
LENGTHS = (60, 45, 30)


def clips() -> list[Path]:
    return [
        make(Clip(picture=Picture(frames=length, source=number, gop=15, b_frames=number)))
        for number, length in enumerate(LENGTHS)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_file_shows_what_arithmetic_says(seed: int, tmp_path: Path) -> None:
    model = Model.of(LENGTHS, RATE)
    plan = random_plan(model, np.random.default_rng(seed))
    out = tmp_path / "out.mp4"
    edited = done(clips(), *plan, out=out)
    stamps = read_frame_indices(out)
    assert len(stamps) == len(model.frames), plan
    for frame, stamp in enumerate(stamps):
        assert (stamp.source, stamp.index) in model.allowed(frame), (frame, plan)
    info = open_source(out).info
    assert info.audio is not None
    assert edited.receipt is not None
    assert edited.receipt.av_end_difference_ms is not None
    assert edited.receipt.av_end_difference_ms <= 1000 / float(RATE) + 1
