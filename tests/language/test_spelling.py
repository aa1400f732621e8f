"""Typos of lexicon words are repaired; other words, names and capitals are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.language.spelling import edit_distance

from .reading import normal


@pytest.mark.parametrize(
    ("said", "repaired"),
    [
        ("remvoe the backgroud nosie", "remove the background noise"),
        ("trimm the slience and nromalize it", "trim the silence and normalize it"),
        ("exprot teh vidoe", "export the video"),
        ("frist ten secnods", "first 10 seconds"),
        ("synchornize the sound", "synchronize the sound"),
    ],
)
def test_typos_are_repaired(said: str, repaired: str) -> None:
    assert normal(said) == repaired


@pytest.mark.parametrize(
    "said",
    [
        "the walk on the beach",
        "a loss of quality",
        "the concert in the house",
        "three stones",
        "the writer and the reader",
    ],
)
def test_english_words_that_look_like_the_lexicon_are_left_alone(said: str) -> None:
    assert normal(said) == said.replace("three", "3")


def test_a_name_with_a_capital_inside_the_sentence_is_left_alone() -> None:
    assert normal("put Musix at the end") == "put musix at the end"


@given(st.text("abcdef", max_size=8), st.text("abcdef", max_size=8))
def test_edit_distance_is_a_distance(one: str, other: str) -> None:
    assert edit_distance(one, other, 9) == edit_distance(other, one, 9)
    assert (edit_distance(one, other, 9) == 0) == (one == other)
    assert edit_distance(one, other, 9) <= max(len(one), len(other))


@given(st.text("abcdef", min_size=2, max_size=8), st.integers(0, 6))
def test_a_transposition_counts_one(word: str, at: int) -> None:
    at %= len(word) - 1
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    assert edit_distance(word, swapped, 3) == int(word != swapped)
