"""What a fetched file is called."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.service.fetch.naming import MOST_CHARACTERS, cleaned, file_name
from saycut.service.fetch.target import target_of

ASKED = target_of("http://a.test/watch?v=1", (80,))
ANSWERED = target_of("http://cdn.test/x/%E8%A7%86%E9%A2%91.mp4?sig=1", (80,))


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (None, "视频.mp4"),
        ("attachment", "视频.mp4"),
        ('attachment; filename="talk.mp4"', "talk.mp4"),
        ("attachment; filename=talk.mp4", "talk.mp4"),
        ("attachment; filename=\"a.mp4\"; filename*=UTF-8''%e2%82%ac.mp4", "€.mp4"),
        ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ('attachment; filename="..\\\\..\\\\talk.mp4"', "talk.mp4"),
        ('attachment; filename="/etc/passwd"', "passwd"),
        ('attachment; filename=".."', "视频.mp4"),
        ('attachment; filename=".bashrc"', "bashrc"),
        ('attachment; filename=""', "视频.mp4"),
        ("attachment; filename*=nonsense''%ff%fe; filename=a.mp4", "a.mp4"),
        ("attachment; filename*=UTF-8''a%00b%0d%0a%1b%e2%80%aec.mp4", "abc.mp4"),
        ('attachment; filename="视频.mp4"'.encode().decode("latin-1"), "视频.mp4"),
    ],
)
def test_the_name_of_a_fetched_file(disposition: str | None, name: str) -> None:
    assert file_name(disposition, ASKED, ANSWERED) == name


def test_the_path_with_a_suffix_is_the_better_name() -> None:
    film = target_of("http://a.test/talk.mp4", (80,))
    opaque = target_of("http://cdn.test/0123abcd", (80,))
    bare = target_of("http://cdn.test/", (80,))
    assert file_name(None, film, opaque) == "talk.mp4"
    assert file_name(None, opaque, bare) == "0123abcd"
    assert file_name(None, bare, bare) == "download"


@given(st.text())
def test_every_name_is_a_plain_one(text: str) -> None:
    name = cleaned(text)
    assert len(name) <= MOST_CHARACTERS
    assert not name.startswith(".")
    assert not set(name) & set("/\\")
    assert not any(unicodedata.category(letter)[0] == "C" for letter in name)


def test_a_long_name_keeps_its_suffix() -> None:
    assert cleaned("a" * 300 + ".mp4") == "a" * 116 + ".mp4"


@given(st.text(st.characters(max_codepoint=255)), st.booleans())
def test_any_header_gives_a_name(text: str, named: bool) -> None:
    header = f"attachment; filename{text}" if named else text
    name = file_name(header, ASKED, ANSWERED)
    assert 0 < len(name) <= MOST_CHARACTERS
