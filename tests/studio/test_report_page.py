"""The report page: what it measures is right, and it needs nothing but itself."""

import base64
import wave
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from saycut.errors import Usage
from saycut.language.understand import Step
from saycut.media.probe import open_source
from saycut.pcm import RATE_HZ, PcmArray
from saycut.report import heard
from saycut.report.changes import missing_spans
from saycut.report.page import clock, joined_at
from saycut.report.portrait import HIGH_HZ, LOW_HZ, ROWS, portrait
from saycut.report.spectrogram import height_share, palette
from saycut.studio.edit import Wish, edit
from saycut.studio.report_page import EXCERPT_S, write_report_page
from saycut.watch import Watch
from tests.factory import Clip, Picture, Sound, make
from tests.studio.steps import done, step


def noise(seconds: float, seed: int) -> np.ndarray:
    """Noise that comes and goes once a second, as words do."""
    samples = round(seconds * RATE_HZ)
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * np.arange(samples) / RATE_HZ)
    return (0.1 * swell * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)[:, None]


def test_what_was_cut_is_found_to_the_hundredth_whatever_was_done_to_the_level() -> None:
    before = noise(20, 1)
    kept = [(1.5, 6.0), (7.25, 12.0), (12.2, 19.0)]
    after = 0.3 * np.concatenate([before[round(a * RATE_HZ) : round(b * RATE_HZ)] for a, b in kept])
    after += 0.01 * noise(len(after) / RATE_HZ, 2)
    found = missing_spans(PcmArray(before), PcmArray(after), Watch())
    assert found is not None
    wanted = [(0, 1.5), (6.0, 7.25), (12.0, 12.2), (19, 20)]
    assert np.abs(np.array(found) - np.array(wanted)).max() < 0.025


def test_nothing_is_missing_from_the_same_sound_and_another_one_is_not_found_in_it() -> None:
    sound = PcmArray(noise(8, 1))
    assert missing_spans(sound, sound, Watch()) == ()
    assert missing_spans(sound, PcmArray(noise(8, 3)), Watch()) is None
    assert missing_spans(sound, PcmArray(np.zeros((RATE_HZ, 1), np.float32)), Watch()) is None


def test_a_sine_reads_its_own_level_at_its_own_frequency() -> None:
    at_s = np.arange(4 * RATE_HZ) / RATE_HZ
    sine = (0.1 * np.sin(2 * np.pi * 1000 * at_s)).astype(np.float32)[:, None]
    seen = portrait(PcmArray(np.repeat(sine, 2, axis=1)), 50, Watch())
    row = int(height_share(1000) * ROWS)
    column = seen.spectrum[:, 25]
    assert column[row - 1 : row + 2].max() == pytest.approx(-20, abs=1.5)  # a Hann window loses up to 1.4
    assert abs(int(np.argmax(column)) - row) <= 1
    assert column[: row - 12].max() < -80
    assert seen.peak[25] == pytest.approx(-20, abs=0.1)
    assert seen.rms[25] == pytest.approx(-23.01, abs=0.1)
    assert (height_share(LOW_HZ), height_share(HIGH_HZ)) == (0.0, 1.0)
    # BS.1770: a stereo sine near 1 kHz reads its level in dBFS
    assert seen.loudness[-1] == pytest.approx(-20, abs=0.1)
    assert seen.loudness_s[0] == 3.0
    assert seen.integrated_lufs == pytest.approx(-20, abs=0.1)
    assert seen.true_peak_dbtp == pytest.approx(-20, abs=0.1)


def test_brighter_colours_stand_for_higher_levels() -> None:
    luminance = palette().astype(float) @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(luminance) >= 0).mean() > 0.98
    assert luminance[-1] > 240
    assert luminance[0] < 5


def test_joins_lie_where_the_cuts_closed() -> None:
    assert joined_at(((0, 1.5), (6.0, 7.25), (12.0, 12.25))) == [0, 4.5, 9.25]
    assert [clock(7.254), clock(65, 0), clock(59.999), clock(3723.5, 1)] == [
        "0:07.25",
        "1:05",
        "1:00.00",
        "1:02:03.5",
    ]


class Page(HTMLParser):
    """Everything that a page would load, and what its pictures are called."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.described: list[bool] = []
        self.language = ""
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "poster")]
        if tag == "html":
            self.language = known["lang"] or ""
        if tag == "svg":
            self.described.append(known.get("role") == "img" and bool(known.get("aria-label")))
        if tag == "img":
            self.described.append("alt" in known)
        if tag == "audio":
            self.described.append("controls" in known and "aria-labelledby" in known)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, Page, dict[str, object]]:
    """A clip and what was made of it by taking out seconds 2 to 3, in both languages; and the figures."""
    folder = tmp_path_factory.mktemp("report")
    before = folder / "a<b>&c.mp4"
    before.write_bytes(make(Clip(picture=Picture(frames=180))).read_bytes())
    after = folder / "after.mp4"
    done([before], step("cut", start=2, end=3), out=after)
    told = write_report_page(before, after, folder / "en.html", "en", Watch())
    write_report_page(before, after, folder / "zh.html", "zh", Watch())
    english, chinese = ((folder / f"{name}.html").read_text("utf-8") for name in ("en", "zh"))
    return Page(english), Page(chinese), told


def test_the_page_loads_nothing_and_needs_no_script(pages: tuple[Page, Page, dict[str, object]]) -> None:
    page = pages[0]
    assert page.loaded
    assert all(address.startswith("data:") for address in page.loaded)
    assert not {"script", "link", "iframe", "object"} & set(page.tags)


def test_every_picture_and_player_is_described(pages: tuple[Page, Page, dict[str, object]]) -> None:
    assert pages[0].described
    assert all(pages[0].described)


def test_the_page_is_english_or_chinese(pages: tuple[Page, Page, dict[str, object]]) -> None:
    english, chinese, _ = pages
    assert (english.language, chinese.language) == ("en", "zh-Hans")
    assert "Loudness over time" in english.words
    assert "响度随时间的变化" in chinese.words
    assert "a<b>&c.mp4" in english.words


def test_the_page_says_what_was_cut(pages: tuple[Page, Page, dict[str, object]]) -> None:
    page, _, told = pages
    assert told["cut"] == [[pytest.approx(2, abs=0.03), pytest.approx(3, abs=0.03)]]
    assert "1 part, 1.00 s in all." in page.words
    assert told["picture_identical"] is False


def test_a_recipe_beside_the_result_says_cuts_and_music_exactly(tmp_path: Path) -> None:
    before, after = make(Clip(picture=Picture(frames=180))), tmp_path / "after.mp4"
    steps = (step("cut", start=2.5, end=3.5), step("add_music", mood="calm"))
    edit([before], Wish(steps=steps, out=after, recipe_out=tmp_path / "recipe.json"), Watch())
    told = write_report_page(before, after, tmp_path / "page.html", "en", Watch())
    assert told["cut"] == [[2.5, 3.5]]
    page = Page((tmp_path / "page.html").read_text("utf-8"))
    assert "As recorded in the recipe" in page.words
    assert "Music added" in page.words
    assert "dotted: target −14 LUFS" in page.words
    other = make("cfr30")
    write_report_page(other, after, tmp_path / "page.html", "en", Watch())
    words = Page((tmp_path / "page.html").read_text("utf-8")).words
    assert "As recorded" not in words
    assert "dotted: target" not in words


def test_music_that_is_heard_is_shown_and_that_it_is_gone(material: Path, tmp_path: Path) -> None:
    before, after, out = material / "vlog.mp4", tmp_path / "after.mp4", tmp_path / "page.html"
    done([before], step("remove_music"), out=after)
    write_report_page(before, after, out, "en", Watch())
    page = Page(out.read_text("utf-8"))
    assert page.words.count("Music: 0 s–22 s.") == 1
    assert "where both are heard" in page.words
    assert "No music is heard." in page.words
    assert all(page.described)
    write_report_page(before, before, out, "zh", Watch())
    assert Page(out.read_text("utf-8")).words.count("人声比音乐") == 2


def test_levels_of_a_long_sound_are_thinned_by_power() -> None:
    thin = heard._thinned((-20.0, -10.0) * 750)
    assert len(thin) == 500
    assert thin[0] == pytest.approx(10 * np.log10((0.01 + 0.1 + 0.01) / 3))
    assert len(heard._thinned(())) == 0
    assert heard._thinned((-33.0,)).tolist() == [pytest.approx(-33)]


@pytest.mark.parametrize(
    ("wanted", "said"), [(step("normalize", lufs=-16), "−16 LUFS"), (step("mute"), None)]
)
def test_the_loudness_that_was_aimed_at_is_drawn_and_no_other(
    wanted: Step, said: str | None, tmp_path: Path
) -> None:
    before, after = make(Clip(picture=Picture(frames=120))), tmp_path / "after.mp4"
    edit([before], Wish(steps=(wanted,), out=after, recipe_out=tmp_path / "recipe.json"), Watch())
    write_report_page(before, after, tmp_path / "page.html", "en", Watch())
    text = (tmp_path / "page.html").read_text("utf-8")
    assert ("dotted: target" in text) == ('class="target"' in text) == (said is not None)
    assert said is None or f"dotted: target {said}" in text


def test_the_players_hold_at_most_a_minute_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    pcm = (1e4 * noise(EXCERPT_S + 5, 4)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm.tobytes())
    out = tmp_path / "page.html"
    write_report_page(path, path, out, "en", Watch())
    page = Page(out.read_text("utf-8"))
    sounds = [address for address in page.loaded if address.startswith("data:audio/mp4;base64,")]
    assert len(sounds) == 2
    excerpt = tmp_path / "excerpt.m4a"
    excerpt.write_bytes(base64.b64decode(sounds[0].partition(",")[2]))
    assert float(open_source(excerpt).info.duration_s) == pytest.approx(EXCERPT_S, abs=0.05)
    assert f"The first {EXCERPT_S} s" in page.words
    assert "Nothing was cut." in page.words


def test_clips_without_sound_are_compared_by_what_they_have(tmp_path: Path) -> None:
    clip = make(Clip(sounds=(), picture=Picture(frames=30)))
    told = write_report_page(clip, clip, tmp_path / "page.html", "en", Watch())
    assert told["picture_identical"] is True
    assert told["cut"] is None
    page = Page((tmp_path / "page.html").read_text("utf-8"))
    assert "audio" not in page.tags
    assert "the same, bit for bit" in page.words


def test_the_page_never_lies_over_a_file_it_tells_of(tmp_path: Path) -> None:
    clip = tmp_path / "a.wav"
    clip.write_bytes(make(Clip("wav", None, (Sound("pcm_s16le"),))).read_bytes())
    with pytest.raises(Usage):
        write_report_page(clip, clip, clip, "en", Watch())
    assert clip.read_bytes()[:4] == b"RIFF"
