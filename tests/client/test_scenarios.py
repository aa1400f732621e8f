"""Every scenario of the tables, against a service that behaves as badly as the cloud one may."""

from pathlib import Path

import pytest

from tests.client import (
    cases_of_deliveries,
    cases_of_drops,
    cases_of_refusals,
    cases_of_screens,
    cases_of_silence,
    cases_of_turns,
)
from tests.client.case import Case, play

CASES = (
    *cases_of_turns.CASES,
    *cases_of_silence.CASES,
    *cases_of_refusals.CASES,
    *cases_of_drops.CASES,
    *cases_of_screens.CASES,
    *cases_of_deliveries.CASES,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_scenario(case: Case, tmp_path: Path) -> None:
    play(case, tmp_path)
