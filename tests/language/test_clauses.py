"""Compound requests: where they fall apart, what they share, and in which order they take effect."""

import pytest

from saycut.language.understand import Context, understand


def _ops(text: str) -> list[str]:
    return [step.op for step in understand(text).steps]


@pytest.mark.parametrize(
    "text",
    [
        "remove the background noise, trim the silences and export it",
        "remove the background noise and trim the silences and then export it",
        "remove the background noise trim the silences export it",
        "remove the background noise. trim the silences. export it.",
        "去掉背景噪音，剪掉停顿，导出",
        "去掉背景噪音剪掉停顿导出",
        "把背景噪音去掉把停顿剪掉然后导出",
        "背景噪音去掉停顿剪掉再导出",
    ],
)
def test_punctuation_makes_no_difference(text: str) -> None:
    assert _ops(text) == ["denoise", "trim_silence", "export"]


@pytest.mark.parametrize(
    ("text", "ops"),
    [
        ("normalise it before you render", ["normalize", "export"]),
        ("before exporting remove the hum", ["denoise", "export"]),
        ("export it but first remove the noise", ["denoise", "export"]),
        ("trim the silences after you denoise it", ["denoise", "trim_silence"]),
        ("after denoising it, trim the silences", ["denoise", "trim_silence"]),
        ("导出之前先降噪", ["denoise", "export"]),
        ("降噪之后再剪掉停顿", ["denoise", "trim_silence"]),
        ("先导出，不过先降噪".replace("先导出", "导出"), ["denoise", "export"]),
    ],
)
def test_words_of_order_win_over_spoken_order(text: str, ops: list[str]) -> None:
    assert _ops(text) == ops


def test_two_things_share_a_verb() -> None:
    steps = understand("cut out 0:10 to 0:20 and 1:00 to 1:10").steps

    assert [(step.op, step.args) for step in steps] == [
        ("cut", {"start": 10.0, "end": 20.0}),
        ("cut", {"start": 60.0, "end": 70.0}),
    ]


def test_two_verbs_share_a_thing() -> None:
    assert _ops("cleaning and syncing audio tracks") == ["enhance_audio", "sync_audio"]


def test_values_bind_to_their_own_clause() -> None:
    steps = understand("set the music to 15% and the voice to 120%").steps

    assert [step.args for step in steps] == [
        {"target": "music", "percent": 15.0},
        {"target": "voice", "percent": 120.0},
    ]


def test_what_is_said_about_added_music_becomes_its_arguments() -> None:
    (step,) = understand("add upbeat music, at 30%, fade it in over 2 seconds and duck it when I talk").steps

    assert step.op == "add_music"
    assert step.args == {"mood": "upbeat", "volume": 30.0, "fade_in": 2.0, "duck": True}


def test_a_fade_of_the_picture_is_not_folded_into_the_music() -> None:
    assert _ops("add upbeat music and fade out the picture at the end") == ["add_music", "fade"]


def test_the_file_named_in_one_clause_serves_the_other() -> None:
    (step,) = understand("I recorded a better one in vo.wav, put it in place of the camera audio").steps

    assert (step.op, step.args) == ("replace_audio", {"source": "vo.wav"})


def test_the_parts_that_cannot_be_done_are_named_and_the_others_run() -> None:
    understanding = understand("trim the silence, brighten it up and export")

    assert [step.op for step in understanding.steps] == ["trim_silence", "unsupported", "export"]
    assert len(understanding.unsupported) == 1
    assert "colours" in understanding.unsupported[0].en


def test_the_same_wish_said_twice_is_done_once() -> None:
    assert _ops("there is an echo, remove the echo") == ["denoise"]


def test_music_on_a_track_of_its_own_is_deleted_and_not_separated() -> None:
    beside = Context.from_json({"tracks": ["voice", "music"]})

    assert _ops("remove the music") == ["remove_music"]
    (step,) = understand("remove the music", beside).steps
    assert (step.op, step.args) == ("delete", {"target": "music"})


def test_two_clips_or_two_kinds_of_noise_are_two_steps() -> None:
    clips = understand("delete the second and the fourth clip").steps
    noises = understand("remove the echo and the hum").steps

    assert [step.args for step in clips] == [{"target": "clip:2"}, {"target": "clip:4"}]
    assert [(step.op, step.args) for step in noises] == [
        ("denoise", {"type": "reverb"}),
        ("denoise", {"type": "hum"}),
    ]


def test_one_operation_is_aimed_at_one_track() -> None:
    steps = understand("music louder voice softer").steps

    assert [step.args for step in steps] == [
        {"target": "music", "direction": "up"},
        {"target": "voice", "direction": "down"},
    ]


def test_after_a_split_a_half_is_a_clip() -> None:
    split, rest = understand("split the clip at 0:25 then delete the second half").steps
    (alone,) = understand("delete the second half").steps

    assert (split.op, rest.op, rest.args) == ("split", "delete", {"target": "clip:2"})
    assert (alone.op, alone.args) == ("cut", {"start": "50%"})


def test_an_export_of_a_range_keeps_the_range_first() -> None:
    steps = understand("export the first three seconds as a gif").steps

    assert [(step.op, step.args) for step in steps] == [
        ("trim", {"start": 0, "end": 3.0}),
        ("export", {"format": "gif"}),
    ]


def test_a_reason_is_no_second_wish() -> None:
    assert _ops("the wind is so loud you can barely hear me") == ["denoise"]
    assert _ops("cut 0:45 to 1:10 because I stumbled over my words") == ["cut"]


def test_louder_or_quieter_is_a_question() -> None:
    understanding = understand("make it louder or quieter")

    assert understanding.kind == "clarify"
    assert understanding.steps == ()


def test_something_done_to_a_thing_nobody_knows_is_refused() -> None:
    assert understand("change my trousers to blue").kind == "out_of_scope"
    assert understand("cut it").kind == "clarify"


@pytest.mark.parametrize(
    ("text", "op", "args"),
    [
        ("remove the music but keep the ambience", "delete", {"target": "music"}),
        ("remove a.mp3", "delete", {"target": "music"}),
        ("take a.mp3 out of the recording", "remove_music", {"source": "a.mp3"}),
    ],
)
def test_music_on_a_track_of_its_own_is_deleted_unless_it_is_said_to_be_in_the_recording(
    text: str, op: str, args: dict[str, str]
) -> None:
    beside = Context.from_json({"tracks": ["voice", "music"]})

    (step,) = understand(text, beside).steps

    assert (step.op, step.args) == (op, args)


def test_what_is_said_of_other_sounds_is_no_step_of_its_own() -> None:
    assert _ops("keep the ambience") == []
    assert _ops("normalise it, keep the ambience, then export") == ["normalize", "export"]
