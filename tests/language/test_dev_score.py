"""The scorer's own figures on the development utterances: floors that were reached.

The rows were looked at while the tables were written, so these floors guard against falling back;
they do not say how well unseen sentences are understood.
"""

import importlib.util
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from saycut.language.understand import Context, understand, understanding_row
from tests.shared import shared_data

_FLOORS = {"kind_acc": 0.99, "op_f1": 0.99, "arg_acc": 0.99, "all_correct": 0.98}
_LANGUAGES_APART = 0.03
_EDITS_ON_A_GUESS = 0.03


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("utterance_score", shared_data("utterances/score.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def gold() -> list[dict[str, Any]]:
    lines = shared_data("utterances/dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def predictions(gold: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        row["id"]: understanding_row(row["id"], understand(row["text"], Context.from_json(row["context"])))
        for row in gold
    }


@pytest.fixture(scope="module")
def figures(
    scorer: ModuleType, gold: list[dict[str, Any]], predictions: dict[str, dict[str, Any]]
) -> Callable[[str], dict[str, float]]:
    everything, by_language, *_ = scorer.evaluate(gold, predictions)
    counters = {"all": everything, **by_language}
    return lambda name: scorer.line(name, counters[name])


@pytest.mark.parametrize(("figure", "floor"), _FLOORS.items())
def test_dev_reaches_its_floor(figures: Callable[[str], dict[str, float]], figure: str, floor: float) -> None:
    assert figures("all")[figure] >= floor


@pytest.mark.parametrize("figure", _FLOORS)
def test_chinese_keeps_up_with_english(figures: Callable[[str], dict[str, float]], figure: str) -> None:
    assert figures("zh")[figure] >= figures("en")[figure] - _LANGUAGES_APART


def test_nothing_is_edited_where_a_question_or_a_refusal_is_due(
    gold: list[dict[str, Any]], predictions: dict[str, dict[str, Any]]
) -> None:
    unclear = [row["id"] for row in gold if row["kind"] in ("clarify", "out_of_scope")]
    edited = [row_id for row_id in unclear if predictions[row_id]["kind"] in ("edit", "export")]

    assert len(edited) <= _EDITS_ON_A_GUESS * len(unclear), edited
