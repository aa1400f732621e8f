import re

import pytest

from saycut.audio.bed.identity import credit, title
from saycut.audio.bed.moods import moods
from saycut.audio.bed.spec import GENERATOR_VERSION, BedSpec
from saycut.errors import NotFound


@pytest.mark.parametrize("mood", list(moods()))
def test_titles_are_words_and_a_number_and_depend_on_the_seed_alone(mood: str) -> None:
    titles = {title(BedSpec(mood, seed, 30.0)) for seed in range(50)}
    assert all(re.fullmatch(r"[A-Z][\w-]+ [A-Z]\w+ No\. \d{1,3}", found) for found in titles)
    assert len(titles) >= 45
    assert title(BedSpec(mood, 7, 30.0)) == title(BedSpec(mood, 7, 90.0, 100.0))


def test_the_credit_says_where_the_piece_comes_from() -> None:
    entry = credit(BedSpec("lofi", 412, 30.0))
    assert entry["author"] == "Saycut bed generator"
    assert entry["source"] == "generated on this machine"
    assert entry["licence"] == "CC0-1.0"
    assert (entry["mood"], entry["seed"]) == ("lofi", 412)
    assert entry["generator_version"] == GENERATOR_VERSION
    text = str(entry["licence_text"])
    assert "seed" in text
    assert "samples" in text
    assert text.count(".") == 2  # one sentence, and the point of CC0 1.0


def test_an_unknown_mood_has_no_title() -> None:
    with pytest.raises(NotFound):
        title(BedSpec("polka", 1, 30.0))
