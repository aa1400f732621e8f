"""Plans of up to eight operations: every frame is where arithmetic says it must be, and undo is exact."""

from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from saycut.errors import Impossible
from saycut.operations.base import NothingToDo
from saycut.operations.catalogue import build
from saycut.timeline.project import Project, Segment
from tests.plans import Model, random_plan
from tests.projects import GivenFacts, project, video

RATE = Fraction(25)
LENGTHS = (60, 43, 25)


def opened() -> Project:
    assets = [video(f"clip{n}", Fraction(length, 25)) for n, length in enumerate(LENGTHS)]
    made = project(*assets)
    assert made.main is not None
    numbered = tuple(
        Segment(**{**{f: getattr(s, f) for f in s.__struct_fields__}, "clip": n})
        for n, s in enumerate(made.main.segments)
    )
    return made.with_track(type(made.main)(id="main", role="main", segments=numbered))


def shown(result: Project, frame: int) -> tuple[int, int]:
    """Which frame of which source the timeline shows at its frame `frame`, a quarter into it."""
    at_s = (frame + Fraction(1, 4)) / RATE
    assert result.main is not None
    segment = next(s for s in result.main.segments if s.at_s <= at_s < s.end_s)
    since_s = (at_s - segment.at_s) * segment.speed
    source_s = segment.source_end_s - since_s if segment.reverse else segment.start_s + since_s
    return int(segment.asset_id.removeprefix("clip")), int(source_s * RATE // 1)


@given(st.integers(0, 1 << 32))
@example(141466846)  # a cut, then twice as fast, then turned round: the neighbour lies beyond the cut
@settings(max_examples=150, deadline=None)
def test_every_frame_is_where_arithmetic_says(seed: int) -> None:
    model = Model.of(LENGTHS, RATE)
    plan = random_plan(model, np.random.default_rng(seed))
    result = opened()
    for number, step in enumerate(plan):
        result = build(step.op, step.args).apply(result, GivenFacts(), str(number)).project
    assert result.duration_s * RATE == len(model.frames), plan
    assert result.main is not None
    ends = [s.at_s for s in result.main.segments[1:]] + [result.duration_s]
    assert [s.end_s for s in result.main.segments] == ends
    for frame in range(len(model.frames)):
        assert shown(result, frame) in model.allowed(frame), (frame, plan)


@given(st.integers(0, 1 << 32))
@settings(max_examples=60, deadline=None)
def test_the_same_plan_gives_the_same_project(seed: int) -> None:
    plan = random_plan(Model.of(LENGTHS, RATE), np.random.default_rng(seed))

    def carried_out() -> list[Project]:
        states = [opened()]
        for number, step in enumerate(plan):
            try:
                states.append(build(step.op, step.args).apply(states[-1], GivenFacts(), str(number)).project)
            except (NothingToDo, Impossible):
                continue
        return states

    assert carried_out() == carried_out()
