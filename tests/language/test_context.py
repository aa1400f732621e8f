"""The context of a sentence as it comes in rows, and the file it makes a wish mean."""

import pytest

from saycut.language.understand import Context, FileRef, Step, understand, understanding_row


def test_the_forms_of_rows_are_read() -> None:
    context = Context.from_json(
        {
            "assets": ["cam.mp4", "zoom_0001.wav", "cover.png"],
            "last_upload": "zoom_0001.wav",
            "tracks": [{"role": "music"}, "voice"],
            "history": [{"op": "mute"}],
            "duration_s": 12,
            "last_question": {"choices": [{"en": "Yes"}, "No"]},
            "unheard_of": 1,
        }
    )

    assert context.files == (
        FileRef("cam.mp4", "video"),
        FileRef("zoom_0001.wav", "audio"),
        FileRef("cover.png", "image"),
    )
    assert context.tracks == ("music", "voice")
    assert context.history == (Step("mute", {}),)
    assert context.duration_s == 12.0
    assert context.last_question == ("Yes", "No")


@pytest.mark.parametrize("nothing", [None, {}, {"files": None, "history": None, "duration": "long"}])
def test_no_context_is_an_empty_context(nothing: dict[str, object] | None) -> None:
    assert Context.from_json(nothing) == Context()


def test_the_only_sound_is_meant_and_marked_as_inferred() -> None:
    context = Context(files=(FileRef("cam.mp4", "video"), FileRef("voice.wav", "audio")))

    understanding = understand("replace the original audio with the voiceover I recorded", context)

    assert understanding.steps == (Step("replace_audio", {"source": "voice.wav"}, inferred=("source",)),)
    assert understanding_row("1", understanding)["ops"] == [{"op": "replace_audio", "args": {}}]


def test_of_several_sounds_the_recording_is_meant_and_no_guess_is_made_between_two() -> None:
    one = Context.from_json({"files": ["cam.mp4", "lav_mic.wav", "song.mp3"]})
    two = Context.from_json({"files": ["cam.mp4", "lav_mic.wav", "zoom.wav"]})
    fresh = Context.from_json({"files": ["cam.mp4", "a.wav", "b.wav"], "last_upload": "b.wav"})

    assert understand("sync my recording to the video", one).steps[0].args == {"source": "lav_mic.wav"}
    assert understand("sync my recording to the video", two).steps[0].args == {}
    assert understand("sync my recording to the video", fresh).steps[0].args == {"source": "b.wav"}
