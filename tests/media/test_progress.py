"""ffmpeg's progress lines."""

from hypothesis import given
from hypothesis import strategies as st

from saycut.media.progress import ProgressReader

TEXT = (
    b"frame=0\nout_time_us=N/A\nprogress=continue\nframe=30\nout_time_us=1000000\nprogress=continue\n"
    b"out_time_us=-5\nout_time_us=2500000\nprogress=continue\nout_time_us=9000000\nprogress=end\n"
)


@given(cuts=st.lists(st.integers(0, len(TEXT)), max_size=8).map(sorted))
def test_lines_may_be_cut_anywhere(cuts: list[int]) -> None:
    heard: list[float] = []
    reader = ProgressReader(5.0, heard.append)
    for begin, end in zip([0, *cuts], [*cuts, len(TEXT)], strict=True):
        reader.feed(TEXT[begin:end])
    assert heard == [0.2, 0.2, 0.5, 1.0]


def test_the_word_end_says_nothing() -> None:
    heard: list[float] = []
    ProgressReader(5.0, heard.append).feed(b"progress=end\n")
    assert heard == []
