"""A project that was kept is the very same project."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.operations.add_music import AddMusic
from saycut.operations.catalogue import build
from saycut.operations.denoise import Denoise
from saycut.operations.remove_music import RemoveMusic
from saycut.operations.text import Text
from saycut.timeline.project import Project
from saycut.timeline.stored import from_text, to_text
from tests.operations.test_random_plans import LENGTHS, RATE, opened
from tests.plans import Model, random_plan
from tests.projects import GivenFacts


@given(st.integers(0, 1 << 32))
@settings(max_examples=60, deadline=None)
def test_read_back_it_is_the_same(seed: int) -> None:
    project = opened()
    for number, step in enumerate(random_plan(Model.of(LENGTHS, RATE), np.random.default_rng(seed))):
        project = build(step.op, step.args).apply(project, GivenFacts(), str(number)).project
        assert from_text(to_text(project)) == project


def test_music_titles_and_what_was_done_to_the_sound_are_kept() -> None:
    project = opened()
    for number, operation in enumerate((AddMusic(), Denoise(), Text(text="标题 “x”"))):
        project = operation.apply(project, GivenFacts(), str(number)).project
    assert from_text(to_text(project)) == project


def test_a_project_kept_before_the_ambience_could_be_reads_as_voice() -> None:
    result = RemoveMusic().apply(opened(), GivenFacts(), "1").project
    new = to_text(result)
    old = new.replace(',"keep":"voice"', "")
    assert old != new
    assert from_text(old) == result


def test_keeping_the_ambience_is_kept() -> None:
    result = RemoveMusic(keep="ambience").apply(opened(), GivenFacts(), "1").project
    assert from_text(to_text(result)) == result
    with pytest.raises(msgspec.ValidationError):
        from_text(to_text(result).replace('"ambience"', '"drums"'))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format":1,"project":{"tracks":3}}', '{"format":1}'])
def test_what_is_no_project_is_refused(text: str) -> None:
    with pytest.raises(msgspec.MsgspecError):
        from_text(text)


def test_an_empty_project() -> None:
    assert from_text(to_text(Project())) == Project()
