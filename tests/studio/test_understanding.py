"""What `understand` tells people and programs: the plan in words, one question, which words meant what."""

import json
from pathlib import Path

import pytest

from saycut.errors import NotFound, Usage
from saycut.studio.understanding import told, understood_row, understood_rows


def test_the_plan_is_said_a_line_an_operation_with_its_defaults() -> None:
    lines = told("trim the silences and lower the music", None, "en")

    assert lines[0] == "An edit (100% of the words explained)"
    assert lines[1].startswith("  • Trim pauses longer than 0.75 s, keeping")
    assert len(lines) == 3


def test_the_plan_is_said_in_chinese() -> None:
    lines = told("剪掉停顿，撤销两步", None, "zh")

    assert lines[0] == "剪辑（听懂了 100% 的词）"
    assert "0.75 秒" in lines[1]
    assert lines[2] == "  • 撤销 2 步"


def test_words_are_explained_only_when_asked_for() -> None:
    plain = told("cut the first 10 seconds", None, "en")
    explained = told("cut the first 10 seconds", None, "en", explain=True)

    assert explained[: len(plain)] == plain
    assert explained[len(plain) :] == [
        "    “cut” → cut: cut",
        "    “the first 10 seconds” → cut: 0 s to 10 s",
    ]


def test_a_half_understood_sentence_asks_one_question_about_the_thing_it_named() -> None:
    lines = told("frobnicate the voice somehow", None, "en")

    assert lines[1] == "  ? What should happen to the voice?"
    assert 2 <= len(lines[2:]) <= 3


def test_what_cannot_be_done_is_said_beside_what_can() -> None:
    row = understood_row("trim the pauses and stabilize it", None, "en")

    assert row["kind"] == "edit"
    assert len(row["plan"]) == 1
    assert row["unsupported"] == ["I cannot stabilise the picture; the sound and the cut I can do."]


def test_what_this_version_cannot_do_says_so() -> None:
    row = understood_row("add captions", None, "en")

    assert row["plan"] == ["“captions” is understood, but this version cannot do it."]


def test_an_object_holds_the_question_its_choices_and_the_words() -> None:
    row = understood_row("make it shorter", None, "en", explain=True)

    assert row["kind"] == "clarify"
    assert row["question"] == "How short should it be?"
    assert 2 <= len(row["choices"]) <= 3
    assert row["explained"] == [
        {"words": "make", "became": "clarify: set"},
        {"words": "shorter", "became": "clarify: shorter"},
    ]


def test_the_context_says_what_was_done_before() -> None:
    context = json.dumps({"history": [{"op": "cut", "args": {"start": 0, "end": 10}}]})

    row = understood_row("no, 20 seconds", context, "en")

    assert row["plan"] == ["Undo the last change", "Cut out the part from 0 s to 20 s"]


def test_a_link_is_named(tmp_path: Path) -> None:
    assert understood_row("here is the link https://example.org/a.mp4", None, "en")["plan"] == [
        "Add https://example.org/a.mp4"
    ]


def test_rows_come_out_one_for_one_in_their_order(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        '{"id": "b", "text": "mute it", "context": null}\n\n{"id": "a", "text": "还剩多少积分"}\n', "utf-8"
    )

    assert [json.loads(row) for row in understood_rows(rows)] == [
        {"id": "b", "kind": "edit", "ops": [{"op": "mute", "args": {}}], "question": None},
        {"id": "a", "kind": "credits", "ops": [], "question": None},
    ]


def test_broken_rows_are_named_with_their_line(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "a", "text": "mute it"}\n{"id": "b"}\n', "utf-8")

    with pytest.raises(Usage, match="Line 2"):
        list(understood_rows(rows))
    with pytest.raises(NotFound):
        list(understood_rows(tmp_path / "none.jsonl"))
