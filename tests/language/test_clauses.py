"""Compound requests: where they fall apart, what they share, and in which order they take effect."""

import pytest

from saycut.language.understand import understand


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
    from saycut.language.understand import Context

    beside = Context.from_json({"tracks": ["voice", "music"]})

    assert _ops("remove the music") == ["remove_music"]
    (step,) = understand("remove the music", beside).steps
    assert (step.op, step.args) == ("delete", {"target": "music"})
