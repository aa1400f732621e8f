from hypothesis import given
from hypothesis import strategies as st

from saycut.audio.bed.form import form


@given(st.integers(1, 5000))
def test_sections_fill_the_piece_without_gaps(bars: int) -> None:
    sections = form(bars, tag=False)
    place = 0
    for index, section in enumerate(sections):
        assert section.index == index
        assert section.first_bar == place
        assert section.bars >= 1
        place += section.bars
    assert place == bars
    assert sections[-1].kind == "outro"


@given(st.integers(28, 5000))
def test_long_pieces_start_thin_and_never_sag_before_the_end(bars: int) -> None:
    sections = form(bars, tag=False)
    intro = [section for section in sections if section.kind == "intro"]
    assert [section.intensity for section in intro] == sorted(section.intensity for section in intro)
    assert intro[0].intensity < min(s.intensity for s in sections if s.kind in ("a", "b"))
    assert sections[-2].kind != "break"
    assert all(section.bars == 8 for section in sections if section.kind in ("a", "b", "break"))


def test_hours_change_their_palette() -> None:
    sections = form(1200, tag=False)
    assert sections[-1].cycle >= 20
    cycles = [section.cycle for section in sections]
    assert cycles == sorted(cycles)


def test_a_tag_is_one_section() -> None:
    (section,) = form(1, tag=True)
    assert section.kind == "tag"
