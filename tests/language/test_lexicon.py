"""Every row of every table proves itself: it has an example, and the example becomes what the row says."""

from typing import Any

import pytest

from saycut.language import data
from saycut.language.frames import Frame, frames
from saycut.language.lexicon import Row, lexicon
from saycut.language.patterns import Pattern, patterns
from saycut.language.slots import KINDS
from saycut.language.understand import Understanding, understand

from .reading import items_of, slots_of

# Frames whose operation is resolved into another one before it leaves the room.
_BECOMES = {
    "use_audio": "add_audio",
    "replace_music": "add_music",
    "keep_sounds": "remove_music",
    "unsupported": "kind:out_of_scope",
}
_MADE_BY_SIGNS = {"stop", "comma", "any topic", "~free", "*"}
_RANGE_SIDES = {"head", "tail", "inner", "open", "keep", "off", "only"}
_FILE_KINDS = {"audio", "music", "video", "image"}


def _is(understanding: Understanding, said: str) -> bool:
    if said.startswith("kind:"):
        return understanding.kind == said.removeprefix("kind:")
    return said in [step.op for step in understanding.steps]


@pytest.mark.parametrize("row", lexicon().rows, ids=lambda row: f"{row.reading.table}-{row.reading.concept}")
def test_every_word_row_has_an_example_that_uses_it(row: Row) -> None:
    understanding = understand(row.example)

    assert any(item.has(row.reading.concept) for item in items_of(row.example)), "the example does not say it"
    assert _is(understanding, row.op), understanding


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.example)
def test_every_pattern_has_an_example_that_writes_its_slot(pattern: Pattern) -> None:
    understanding = understand(pattern.example)

    assert pattern.kind in [slot.kind for slot in slots_of(pattern.example)]
    assert _is(understanding, pattern.op), understanding


@pytest.mark.parametrize("frame", frames(), ids=lambda frame: frame.examples[0])
def test_every_frame_has_an_example_in_english_and_chinese(frame: Frame) -> None:
    said = frame.op or f"kind:{frame.kind}"

    for example in frame.examples:
        understanding = understand(example)
        assert _is(understanding, _BECOMES.get(said, said)), understanding


def test_a_row_without_an_example_is_noticed() -> None:
    required = {
        "words": ("says", "example", "op"),
        "patterns": ("says", "kind", "example", "op"),
        "frames": ("en", "zh"),
    }
    for folder, keys in required.items():
        for name, table in data.tables(folder):
            for label, row in _labelled_rows(table):
                missing = [key for key in keys if not row.get(key)]
                assert not missing, f"{folder}/{name} [{label}] lacks {missing}"


def _labelled_rows(table: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    listed = table.get("pattern") or table.get("frame")
    if listed is not None:
        return [(str(index), row) for index, row in enumerate(listed, 1)]
    return [(name, row) for name, row in table.items() if isinstance(row, dict)]


def test_frames_ask_only_for_what_a_table_can_say() -> None:
    concepts = {row.reading.concept for row in lexicon().rows} | _MADE_BY_SIGNS
    gifts = {key for row in lexicon().rows for key, _ in row.reading.gives}
    known = (
        concepts
        | {f"#{gift}" for gift in gifts}
        | {f"@{kind}" for kind in KINDS}
        | {f"@range.{side}" for side in _RANGE_SIDES}
        | {f"@file.{kind}" for kind in _FILE_KINDS}
        | {"@point.edge"}
    )
    for frame in frames():
        asked = frame.explains | frame.without
        unknown = {token for token in asked if token.removeprefix("old.").removeprefix("new.") not in known}
        assert not unknown, (frame.examples[0], unknown)


def test_every_refused_topic_has_its_sentence_in_both_languages() -> None:
    rows = data.table("unsupported.toml")
    features = {row.reading.feature for row in lexicon().rows if row.reading.role == "topic"}

    assert features <= rows.keys()
    assert all(row["en"] and row["zh"] for row in rows.values())


def test_every_question_has_two_or_three_choices_in_both_languages() -> None:
    for row in data.table("questions.toml").values():
        assert 2 <= len(row["choices"]) <= 3
        assert all(choice["en"] and choice["zh"] for choice in row["choices"])


def test_every_question_that_a_frame_asks_exists() -> None:
    assert {frame.ask for frame in frames() if frame.ask} <= data.table("questions.toml").keys()


def test_the_choices_of_a_question_can_be_taken_as_they_stand() -> None:
    asked = [name for name, row in data.table("questions.toml").items() if "about" in row]
    for name in ("what", "length", "size", "speed", "unsure", *asked):
        for choice in data.table("questions.toml")[name]["choices"]:
            for language in ("en", "zh"):
                assert understand(choice[language]).kind in ("edit", "export"), choice[language]


def test_traditional_and_simplified_characters_are_paired() -> None:
    pairs = data.table("characters.toml")

    assert len(pairs["traditional"]) == len(pairs["simplified"])
    assert all(old != new for old, new in zip(pairs["traditional"], pairs["simplified"], strict=True))
