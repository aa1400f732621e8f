import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.errors import Impossible
from saycut.operations.base import Operation
from saycut.operations.catalogue import OPERATIONS, as_data, build, in_working_order

EXAMPLES: dict[str, dict[str, object]] = {
    "add_audio": {"source": "ding.wav", "role": "sfx", "start": 3},
    "add_music": {"mood": "calm"},
    "crop": {"edges": ["top"], "percent": 5},
    "cut": {"start": 3, "end": 5},
    "delete": {"target": "clip:2"},
    "denoise": {"type": "hum", "start": 1, "end": "50%"},
    "duck": {},
    "enhance_audio": {},
    "export": {"format": "mp4"},
    "extract_audio": {"format": "wav"},
    "fade": {"direction": "in", "duration": 2},
    "flip": {"direction": "vertical"},
    "isolate_music": {},
    "loop": {"count": 3},
    "merge": {"clips": ["intro", 2], "transition": "crossfade"},
    "mute": {"start": 2, "end": 4},
    "normalize": {"lufs": -16},
    "protect": {"target": "music"},
    "reframe": {"aspect": "1:1"},
    "remove_music": {"keep": "ambience"},
    "reorder": {"swap": [1, 2]},
    "replace_audio": {"source": "voice.wav"},
    "resize": {"resolution": "720p"},
    "reverse": {"clip": -1},
    "rotate": {"degrees": 180},
    "speed": {"factor": 1.5, "clip": 2},
    "split": {"at": [3, "50%"], "clip": "current"},
    "sync_audio": {"offset": 1.5},
    "text": {"text": "Hello", "color": "yellow"},
    "transition": {"type": "zoom", "clip": 1},
    "trim": {"end": 10},
    "trim_silence": {"min_silence": 2},
    "unmute": {},
    "volume": {"gain_db": 3},
}


def test_every_verb_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_plans_survive_being_data(name: str) -> None:
    operation = build(name, EXAMPLES[name])
    data = as_data(operation)
    assert build(data["op"], data["args"]) == operation


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_verb_says_itself_in_both_languages(name: str) -> None:
    said = build(name, EXAMPLES[name]).describe()
    assert said.en
    assert any("\u4e00" <= character <= "\u9fff" for character in said.zh)


@pytest.mark.parametrize(
    ("op", "args", "words"),
    [
        ("levitate", {}, "cannot do it"),
        ("denoise", {"type": "politics"}, r"\$\.type"),
        ("mute", {"colour": "red"}, "colour"),
        ("reorder", {"swap": [1]}, r"\$\.swap"),
        ("trim", {"start": [1]}, r"\$\.start"),
    ],
)
def test_what_is_not_taken_is_refused_by_name(op: str, args: dict[str, object], words: str) -> None:
    with pytest.raises(Impossible, match=words):
        build(op, args)


def names(operations: list[Operation]) -> list[str]:
    return [operation.name for operation in operations]


def test_sync_goes_before_what_listens_to_the_synced_voice() -> None:
    said = [build(name, {}) for name in ("denoise", "trim_silence", "sync_audio")]
    assert names(in_working_order(said)) == ["sync_audio", "denoise", "trim_silence"]


def test_mute_before_replace_stays_before_it() -> None:
    said = [build(name, {}) for name in ("mute", "replace_audio", "export")]
    assert names(in_working_order(said)) == ["mute", "replace_audio", "export"]


@given(st.lists(st.sampled_from(sorted(OPERATIONS)), max_size=8))
def test_working_order_only_moves_and_ends_in_order(said: list[str]) -> None:
    operations = [build(name, EXAMPLES[name]) for name in said]
    ordered = in_working_order(operations)
    assert sorted(names(ordered)) == sorted(said)
    for place, operation in enumerate(ordered):
        assert not any(other.name in operation.precedes for other in ordered[:place])
