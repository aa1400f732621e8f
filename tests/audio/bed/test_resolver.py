import pytest

from saycut.audio.bed.moods import moods
from saycut.audio.bed.resolver import DEFAULT_MOOD, mood_for


@pytest.mark.parametrize(
    ("words", "mood"),
    [
        ("chill", "lofi"),
        ("relaxing", "calm"),
        ("something soft and quiet", "calm"),
        ("energetic", "upbeat"),
        ("Fast Paced", "upbeat"),
        ("lo-fi beats", "lofi"),
        ("lofi hip hop", "lofi"),
        ("hip   hop", "lofi"),
        ("epic orchestral trailer", "cinematic"),
        ("acoustic guitar", "acoustic"),
        ("warm acoustic", "acoustic"),
        ("upbeat corporate", "corporate"),
        ("inspiring", "corporate"),
        ("scary", "tense"),
        ("happy ukulele", "happy"),
        ("a sad piano", "sad"),
        ("dark ambient", "ambient"),
        ("EDM", "electronic"),
        ("groovy", "funky"),
        ("smooth jazz", "jazzy"),
        ("ＬＯＦＩ", "lofi"),
        ("轻快", "upbeat"),
        ("来点轻快的背景音乐", "upbeat"),
        ("節奏感強一點", "upbeat"),
        ("舒缓", "calm"),
        ("慢一点", "calm"),
        ("史诗", "cinematic"),
        ("大气磅礴", "cinematic"),
        ("民谣吉他", "acoustic"),
        ("企业宣传片", "corporate"),
        ("悬疑", "tense"),
        ("欢快一点的bgm", "happy"),
        ("快乐", "happy"),
        ("伤感", "sad"),
        ("空灵的氛围音乐", "ambient"),
        ("电子舞曲", "electronic"),
        ("放克", "funky"),
        ("慵懒的爵士", "jazzy"),
    ],
)
def test_words_find_their_mood(words: str, mood: str) -> None:
    assert mood_for(words) == mood


@pytest.mark.parametrize(
    "words", [None, "", "   ", "a royalty-free track", "something instrumental", "换一首音乐", "🎵"]
)
def test_words_that_name_no_mood_get_the_default(words: str | None) -> None:
    assert mood_for(words) == DEFAULT_MOOD


@pytest.mark.parametrize(
    ("words", "mood"),
    [
        ("not sad", DEFAULT_MOOD),
        ("not too dramatic, just happy", "happy"),
        ("no drums, sad", "sad"),
        ("不要太悲伤", DEFAULT_MOOD),
        ("不要悲伤，要开心", "happy"),
    ],
)
def test_what_is_negated_does_not_count(words: str, mood: str) -> None:
    assert mood_for(words) == mood


@pytest.mark.parametrize("name", list(moods()))
def test_a_mood_is_called_by_its_name(name: str) -> None:
    assert mood_for(name) == name
    assert mood_for(name.upper()) == name
    assert mood_for(f"something {name} please") == name


def test_words_inside_other_words_do_not_count() -> None:
    assert mood_for("a popular saddle in a warehouse") == DEFAULT_MOOD
