"""Undo and redo give back the very same render, byte for byte."""

from pathlib import Path

import numpy as np
import pytest

from saycut.studio.session import Session, Turn
from saycut.watch import Watch
from tests.plans import Model, random_plan
from tests.studio.steps import step
from tests.studio.test_random_plans import LENGTHS, RATE, clips


@pytest.mark.parametrize("seed", [20, *(pytest.param(n, marks=pytest.mark.soak) for n in (21, 22))])
def test_undo_gives_back_the_very_same_file(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    model = Model.of(LENGTHS, RATE)
    plan = random_plan(model, rng, most=4)
    further = [step("cut", start=0, end=0.2), step("rotate", degrees=90), step("volume", gain_db=-6)]
    with Session(clips(), Watch()) as session:

        def rendered(name: str, turn: Turn) -> bytes:
            out = tmp_path / name
            session.render(out, turn)
            return out.read_bytes()

        first = session.carry_out(plan)
        before = rendered("before.mp4", first)
        second = session.carry_out(further)
        changed = rendered("changed.mp4", second)
        assert changed != before
        session.carry_out([step("undo")])
        assert rendered("undone.mp4", first) == before
        session.carry_out([step("redo")])
        assert rendered("redone.mp4", second) == changed


def test_undo_all_goes_back_to_the_beginning(tmp_path: Path) -> None:
    with Session(clips(), Watch()) as session:
        began = session.project
        for _ in range(3):
            session.carry_out([step("cut", start=0, end=0.5)])
        session.carry_out([step("undo", steps="all")])
        assert session.project == began
