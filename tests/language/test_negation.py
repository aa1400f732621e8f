"""What is not to be done, and what is to be left as it is."""

import pytest

from saycut.language.understand import understand


def _steps(text: str) -> list[tuple[str, object]]:
    return [(step.op, step.args.get("target")) for step in understand(text).steps]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("don't cut anything, just make it louder", [("volume", None)]),
        ("dont remove the pauses only the noise", [("denoise", None)]),
        ("denoise it but don't touch the music", [("denoise", None), ("protect", "music")]),
        (
            "leave the original audio alone and add soft guitar",
            [("protect", "original"), ("add_music", None)],
        ),
        ("make it louder but not the music", [("volume", None), ("protect", "music")]),
        ("don't cut it or mute it, just denoise it", [("denoise", None)]),
        ("trim the silence but no export yet", [("trim_silence", None)]),
        ("save it as mp4 without re-encoding", [("export", None)]),
        ("export it without sound", [("mute", None), ("export", None)]),
        ("rather than muting it, lower it by 12 dB", [("volume", None)]),
        ("take the song out but keep the voice", [("remove_music", None)]),
        ("别动音乐，只给人声降噪", [("protect", "music"), ("denoise", "voice")]),
        ("不要剪停顿也不要静音，只降噪", [("denoise", None)]),
        ("导出，不要声音", [("mute", None), ("export", None)]),
        ("去掉音乐保留人声", [("remove_music", None)]),
        ("先别导出，把停顿剪掉", [("trim_silence", None)]),
    ],
)
def test_a_not_reaches_its_own_clause_and_no_farther(text: str, steps: list[tuple[str, object]]) -> None:
    assert _steps(text) == steps


@pytest.mark.parametrize("text", ["don't do that", "please don't cut it", "不要动", "别剪"])
def test_a_lone_negation_is_asked_about(text: str) -> None:
    understanding = understand(text)

    assert understanding.kind == "clarify"
    assert understanding.question is not None
