"""What is quoted, named or linked is never parsed, and comes out verbatim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.language.understand import Context, understand

from .reading import slots_of


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('write "Cut the Cake & Mute" at the top', "Cut the Cake & Mute"),
        ("write “Remove All Noise” at the top", "Remove All Noise"),
        ("write 'it is over' at the top", "it is over"),
        ("顶部加文字「剪掉停顿」", "剪掉停顿"),
        ("底部写上《导出 MP4》", "导出 MP4"),
        ("add text saying Mute the Haters at the bottom in red", "Mute the Haters"),
        ("底部写上关注我，然后导出", "关注我"),
    ],
)
def test_quoted_text_is_copied_and_never_parsed(text: str, quoted: str) -> None:
    (first, *rest) = understand(text).steps

    assert first.op == "text"
    assert first.args["text"] == quoted
    assert {step.op for step in rest} <= {"export"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("replace the original audio with Final_Mix-2.WAV", "Final_Mix-2.WAV"),
        (
            ["replace the original audio with ~/my", "/"][0] + "/take 2".replace(" ", "_") + ".wav",
            "~/my/take_2.wav",
        ),
        ('replace the original audio with "cut the noise.wav"', "cut the noise.wav"),
        ("把原声换成新配音.wav", "新配音.wav"),
        ("原声不要了，换成旁白.mp3再导出", "旁白.mp3"),
        ("用“噪音 停顿.m4a”代替原声", "噪音 停顿.m4a"),
        ("元の音声をナレーション.wavに差し替えて", "ナレーション.wav"),
    ],
)
def test_file_names_are_copied_verbatim(text: str, name: str) -> None:
    (step,) = [step for step in understand(text).steps if step.op != "export"]

    assert step.op == "replace_audio"
    assert step.args["source"] == name


def test_a_known_file_with_spaces_needs_no_quotes() -> None:
    context = Context.from_json({"files": ["cam.mp4", "my cut of the music.wav"]})

    (step,) = understand("replace the audio with my cut of the music.wav", context).steps

    assert (step.op, step.args) == ("replace_audio", {"source": "my cut of the music.wav"})


def test_a_link_is_one_slot_and_an_upload() -> None:
    understanding = understand("here's the link https://example.org/mute/cut.mp4?x=remove")

    assert understanding.kind == "upload"
    assert understanding.steps[0].args == {"url": "https://example.org/mute/cut.mp4?x=remove"}


def test_characters_that_stand_for_slots_inside_are_harmless_outside() -> None:
    understanding = understand("remove the \ue000\ue0c0\uf8ff background noise")

    assert [step.op for step in understanding.steps] == ["denoise"]


@given(
    st.text(st.characters(exclude_characters='"', exclude_categories=["Cs", "Co"]), min_size=1, max_size=40)
)
def test_whatever_is_quoted_stays_one_text(quoted: str) -> None:
    slots = [
        slot for slot in slots_of(f'write "{quoted}" at the top') if slot.kind in ("quote", "file", "url")
    ]

    if quoted.strip():
        assert len(slots) >= 1
        if slots[0].kind == "quote":
            assert slots[0].value == quoted.strip()
