"""What errors say, in the language of the person."""

import re
from pathlib import Path

import pytest

from saycut.errors import Impossible, InputRefused, SaycutError, Unreadable, Unsupported, Usage
from saycut.media import refusals
from saycut.media.publish import check_place
from saycut.media.sniff import sniff


@pytest.mark.parametrize(
    "content", [b"", b"just words\n" * 50, b"%PDF-1.7 " + bytes(400), bytes(range(256)) * 8]
)
def test_a_refused_file_is_refused_in_chinese_without_a_word_of_english(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "片段"
    path.write_bytes(content)
    with pytest.raises(InputRefused) as refused:
        sniff(path)
    said = refused.value.sentence("zh").replace("Saycut", "").replace("PDF", "")
    assert re.search("[A-Za-z]", said) is None, said
    assert "片段" in said


@pytest.mark.parametrize(
    "error",
    [
        refusals.unreadable(Path("a"), refusals.EMPTY),
        refusals.unsupported(Path("a"), refusals.UNKNOWN_KIND),
        Unreadable(name="a", reason="told in English alone"),
        Unsupported(name="a", kind="told in English alone"),
        Usage(reason="told in English alone"),
        Impossible(reason="told in English alone"),
    ],
)
def test_each_language_has_its_own_facts_and_english_stands_in_for_none(error: SaycutError) -> None:
    assert "文件" not in error.sentence("en")
    chinese = error.facts.get("reason_zh", error.facts.get("kind_zh", "told in English alone"))
    assert str(chinese) in error.sentence("zh")


def test_a_place_that_cannot_be_written_to_is_told_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(Usage) as refused:
        check_place(tmp_path / "absent" / "o.mp4")
    assert refused.value.sentence("en").endswith("is not there.")
    assert refused.value.sentence("zh").endswith("不存在。")
