"""Sentences as podcasters, YouTubers and vloggers say them, with the steps they must become."""

from collections import Counter
from typing import Any

import pytest

from saycut.language.understand import Context, understand

from .sentences import rows

_MOOD = "mood"  # free text: any words for the mood will do


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_sentence_becomes_exactly_its_steps(row: dict[str, Any]) -> None:
    understanding = understand(row["text"], Context.from_json(row["context"]))

    assert understanding.kind == row["kind"], understanding
    steps = [_comparable(step.op, step.args) for step in understanding.steps]
    assert steps == [_comparable(each["op"], each["args"]) for each in row["expect"]], understanding


def _comparable(op: str, args: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if op == "unsupported":
        return op, {}
    return op, {key: _plain(key, value) for key, value in args.items()}


def _plain(key: str, value: Any) -> Any:
    if key == _MOOD:
        return bool(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return pytest.approx(value)
    return value


def test_there_are_sentences_enough_in_both_languages() -> None:
    languages = Counter(row["lang"] for row in rows())

    assert languages["en"] >= 200
    assert languages["zh"] >= 120
    assert len({row["text"] + str(row["context"]) for row in rows()}) == len(rows())


@pytest.mark.parametrize(
    "row", [row for row in rows() if row["kind"] in ("clarify", "out_of_scope")], ids=lambda row: row["id"]
)
def test_an_unclear_or_foreign_wish_runs_nothing_and_is_answered(row: dict[str, Any]) -> None:
    understanding = understand(row["text"], Context.from_json(row["context"]))

    assert understanding.steps == ()
    if understanding.kind == "clarify":
        assert understanding.question is not None
        assert 2 <= len(understanding.question.choices) <= 3
    else:
        assert understanding.unsupported
