"""Corrections, repetitions and answers: sentences that speak of what was done or asked before."""

from typing import Any

import pytest

from saycut.language.understand import Context, understand


def _after(op: str, args: dict[str, Any], text: str) -> list[tuple[str, dict[str, Any]]]:
    context = Context.from_json({"history": [{"op": op, "args": args}]})
    return [(step.op, step.args) for step in understand(text, context).steps]


@pytest.mark.parametrize(
    ("op", "args", "text", "corrected"),
    [
        ("cut", {"start": 0, "end": 10}, "no I meant 20 seconds", {"start": 0, "end": 20.0}),
        ("cut", {"start": 0, "end": 10}, "the last 10 seconds instead", {"start": -10.0}),
        ("cut", {"start": -10}, "make that 5 seconds", {"start": -5.0}),
        ("mute", {}, "only in the first half", {"start": 0, "end": "50%"}),
        (
            "volume",
            {"target": "voice", "gain_db": -6},
            "not the voice, the music",
            {"target": "music", "gain_db": -6},
        ),
        (
            "volume",
            {"target": "music", "direction": "down"},
            "no, by 6 dB",
            {"target": "music", "gain_db": 6},
        ),
        (
            "fade",
            {"direction": "out", "duration": 1},
            "actually 3 seconds",
            {"direction": "out", "duration": 3.0},
        ),
        ("speed", {"factor": 2}, "no, 1.5x", {"factor": 1.5}),
        ("cut", {"start": 0, "end": 10}, "说错了，是20秒", {"start": 0, "end": 20.0}),
    ],
)
def test_a_correction_undoes_and_does_the_whole_corrected_operation(
    op: str, args: dict[str, Any], text: str, corrected: dict[str, Any]
) -> None:
    assert _after(op, args, text) == [("undo", {}), (op, corrected)]


@pytest.mark.parametrize(
    ("args", "text", "further"),
    [
        ({"direction": "up"}, "louder", {"direction": "up"}),
        ({"target": "music", "direction": "down"}, "a bit more", {"target": "music", "direction": "down"}),
        ({"target": "voice", "gain_db": 6}, "a bit less", {"target": "voice", "direction": "down"}),
        ({"direction": "up"}, "再大一点", {"direction": "up"}),
    ],
)
def test_more_and_less_go_further_without_an_undo(
    args: dict[str, Any], text: str, further: dict[str, Any]
) -> None:
    assert _after("volume", args, text) == [("volume", further)]


def test_the_same_is_done_to_another_clip() -> None:
    assert _after("mute", {"clip": 1}, "do that to the third clip too") == [("mute", {"clip": 3})]


def test_a_new_wish_after_an_edit_is_no_correction() -> None:
    assert _after("cut", {"start": 0, "end": 10}, "now remove the background noise") == [("denoise", {})]


def test_a_yes_takes_the_first_choice_of_the_last_question() -> None:
    context = Context.from_json({"last_question": ["Trim the silences", "Export the video"]})

    assert [step.op for step in understand("yes", context).steps] == ["trim_silence"]
    assert [step.op for step in understand("2", context).steps] == ["export"]


def test_a_new_wish_after_a_question_is_taken_as_it_stands() -> None:
    context = Context.from_json({"last_question": ["Trim the silences", "Export the video"]})

    assert [step.op for step in understand("remove the noise", context).steps] == ["denoise"]


@pytest.mark.parametrize(
    ("op", "args", "text", "changed"),
    [
        ("cut", {"start": 0, "end": 10}, "no the end not the beginning", {"start": -10}),
        ("cut", {"start": -5}, "from the start not the end", {"start": 0, "end": 5}),
        ("mute", {"clip": 1}, "不是第一段，是第二段", {"clip": 2}),
    ],
)
def test_what_was_done_is_done_elsewhere(
    op: str, args: dict[str, Any], text: str, changed: dict[str, Any]
) -> None:
    assert _after(op, args, text) == [("undo", {}), (op, changed)]


def test_also_another_clip_repeats_without_an_undo() -> None:
    assert _after("mute", {"clip": 1}, "also clip 2") == [("mute", {"clip": 2})]
