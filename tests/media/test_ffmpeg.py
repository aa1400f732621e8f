"""The pinned program and the shape of its argument lists."""

from importlib import metadata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.errors import EngineFailed, Internal
from saycut.media import ffmpeg
from saycut.media.copying import copy_picture_argv
from saycut.media.info import Source
from saycut.media.picture import PicturePlan, PictureRun, StillRun
from saycut.media.picture_encode import Encoding, encode_argv
from saycut.media.picture_graph import Still, filter_graph
from saycut.media.sound_encode import encode_sound_argv
from tests.media.material import made

HOSTILE = st.text(
    st.sampled_from("-iyf'\":;,[]%{}\\|= \n\t$`~*?#@é中🎬\u202eabc0.ffmpeg/"), min_size=1, max_size=40
)


def shape(argv: list[str], values: list[str]) -> list[str]:
    """The argv with everything that came from outside replaced by one word."""
    return ["VALUE" if any(value in arg for value in values) else arg for arg in argv]


@settings(max_examples=400, deadline=None)
@given(name=HOSTILE, title=HOSTILE)
def test_names_and_titles_never_change_the_shape(name: str, title: str) -> None:
    check_shapes(name, title)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@given(name=HOSTILE, title=HOSTILE)
def test_ten_thousand_names_and_titles(name: str, title: str) -> None:
    check_shapes(name, title)


def check_shapes(name: str, title: str) -> None:
    source, plain = made("cfr30"), Source(Path("/plain/in.mp4"), made("cfr30").info)
    path = Path("/", "folder", name.replace("/", "_"), "in.mp4")
    other = msgspec.structs.replace(source, path=path)
    out = path.with_name("out.mp4")
    sound_out = out.with_suffix(".m4a")
    pairs = [
        (
            copy_picture_argv(other, other, out, title=title),
            copy_picture_argv(plain, plain, Path("/plain/out.mp4"), title="plain"),
        ),
        (
            encode_sound_argv(sound_out, channels=2, rate_hz=48_000, bitrate_kbps=None, title=title),
            encode_sound_argv(
                Path("/plain/o.m4a"), channels=2, rate_hz=48_000, bitrate_kbps=None, title="plain"
            ),
        ),
        (picture_argv(other, out), picture_argv(plain, Path("/plain/out.mp4"))),
    ]
    for hostile, harmless in pairs:
        values = [str(path.parent), f"title={title}"]
        assert shape(hostile, values) == shape(harmless, ["/plain/", "title=plain"])
    assert graph_text(other) == graph_text(plain)


def picture_argv(source: Source, out: Path) -> list[str]:
    graph = filter_graph(picture_plan(source), lambda image: Still(image.path, 10, 10, False))
    return encode_argv(graph, Encoding(9, picture_plan(source).frame_rate), out.with_name("graph.txt"), out)


def graph_text(source: Source) -> str:
    return filter_graph(picture_plan(source), lambda image: Still(image.path, 10, 10, False)).text


def picture_plan(source: Source) -> PicturePlan:
    video = source.info.video
    assert video is not None
    runs = (PictureRun(source, ((1, 5), (8, 9))), StillRun(source, 4, fit="blur"))
    return PicturePlan(runs=runs, width=640, height=480, frame_rate=video.frame_rate)


def test_every_foreign_input_is_fenced_by_lists() -> None:
    argv = copy_picture_argv(made("webm"), made("m4a"), Path("/tmp/out.mkv"))
    for demuxer in ("matroska", "mov"):
        place = argv.index(demuxer)
        assert argv[place - 1 : place + 3] == ["-format_whitelist", demuxer, "-protocol_whitelist", "file"]
    assert argv.count("-codec_whitelist") == argv.count("-i") == 2
    assert "magicyuv" not in argv[argv.index("-codec_whitelist") + 1].split(",")


def test_it_is_the_pinned_program() -> None:
    assert ffmpeg.FFMPEG_RELEASE in ffmpeg.binary().name
    assert "site-packages" in ffmpeg.binary().parts


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    ffmpeg.binary.cache_clear()
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/bin/true")
    try:
        assert ffmpeg.binary().name.startswith("ffmpeg-")
        ffmpeg.binary.cache_clear()
        monkeypatch.setattr(metadata, "version", lambda _: "0.4.9")
        with pytest.raises(Internal, match=r"0\.4\.9"):
            ffmpeg.binary()
    finally:
        ffmpeg.binary.cache_clear()


def test_the_end_of_progress_is_not_success() -> None:
    with pytest.raises(EngineFailed, match=r"Invalid argument|not found|Error"):
        ffmpeg.execute([*ffmpeg.head(), "-f", "lavfi", "-i", "nosuchfilter", "-f", "null", "-"], expected_s=1)
