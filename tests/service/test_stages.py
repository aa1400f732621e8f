"""How far a render is, by what its task says."""

import pytest

from saycut.service.stages import eta_s, far


@pytest.mark.parametrize("sound_alone", [True, False])
def test_it_never_goes_back_and_never_reaches_the_end(*, sound_alone: bool) -> None:
    told = [("denoise", 0.5), ("denoise", 1.0), ("mix", 0.0), ("mix", 1.0), ("encode sound", 1.0)]
    told += [
        ("measure", 0.5),
        ("encode", 0.4),
        ("encode", 1.0),
        ("join", 0.0),
        ("copy", 1.0),
        ("verify", 0.0),
    ]
    percents = [far(stage, fraction, 10.0, sound_alone=sound_alone).percent for stage, fraction in told[:6]]
    percents += (
        [far(stage, fraction, 10.0).percent for stage, fraction in told[6:]] if not sound_alone else []
    )
    assert percents == sorted(percents)
    assert percents[0] >= 0
    assert percents[-1] < 100


def test_sound_alone_does_not_wait_for_a_picture() -> None:
    assert far("measure", 1.0, 1.0, sound_alone=True).percent == 90
    assert far("measure", 1.0, 1.0).percent == 25


def test_what_is_left_of_a_picture_is_told_by_the_picture() -> None:
    assert far("encode", 0.25, 20.0).eta_s == 60.0
    assert far("encode", 0.01, 1.0).eta_s is not None  # by the whole: little can be told yet
    assert far("denoise", 0.1, 1.0).eta_s is None


def test_what_joins_a_divided_render_goes_on_where_the_spans_ended() -> None:
    assert far("mix", 0.0, 1.0, begun=75.0).percent == 77.5
    assert far("verify", 1.0, 1.0, begun=75.0).percent == 99.75


def test_nothing_is_said_before_there_is_anything_to_judge_by() -> None:
    assert eta_s(4.9, 10.0) is None
    assert eta_s(50.0, 10.0) == 10.0
