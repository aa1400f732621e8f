"""Encoders: a chip is used only where it was seen to work, and never unasked."""

from fractions import Fraction
from pathlib import Path

import pytest

from saycut.errors import EngineFailed, Impossible
from saycut.media import encoders, sandbox
from saycut.media.encoders import HARDWARE, Encoder, chosen, works
from saycut.media.picture_codecs import Encoding, codec_args


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> set[Encoder]:
    """The chips of a machine, to be filled by the test."""
    chips: set[Encoder] = set()
    monkeypatch.setattr(encoders, "works", chips.__contains__)
    return chips


def test_without_a_word_it_is_libx264(machine: set[Encoder]) -> None:
    machine |= set(HARDWARE)
    assert chosen("x264") == "x264"


def test_auto_takes_the_first_chip_that_works(machine: set[Encoder]) -> None:
    assert chosen("auto") == "x264"
    machine.add("vaapi")
    assert chosen("auto") == "vaapi"
    machine.add("nvenc")
    assert chosen("auto") == "nvenc"


def test_a_chip_that_does_not_work_is_refused_by_name(machine: set[Encoder]) -> None:
    with pytest.raises(Impossible, match="Intel Quick Sync"):
        chosen("qsv")
    machine.add("qsv")
    assert chosen("qsv") == "qsv"


@pytest.mark.parametrize("encoder", HARDWARE)
def test_a_chip_that_is_said_to_work_encodes(encoder: Encoder, tmp_path: Path) -> None:
    out = tmp_path / "probe.mp4"
    if works(encoder):
        encoders._encode_pattern(encoder, out)
        assert out.stat().st_size > 1000
    else:  # it was tried, and the trial is what failed: no picture, or another one
        with pytest.raises((EngineFailed, AssertionError)):
            encoders._encode_pattern(encoder, out)
            assert out.stat().st_size == 0


def test_a_chip_that_writes_another_picture_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def upside_down(encoder: Encoder, out: Path) -> None:
        argv = [*encoders.head(), "-f", "lavfi", "-i", encoders._PATTERN, "-vf", "vflip", "-c:v", "libx264"]
        sandbox.run(
            [*argv, "-f", "mp4", encoders.file_operand(out)], limits=encoders._PROBE_LIMITS, writes=[out]
        )

    monkeypatch.setattr(encoders, "_encode_pattern", upside_down)
    assert not works.__wrapped__("nvenc")


def test_what_libx264_writes_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def right(encoder: Encoder, out: Path) -> None:
        argv = [
            *encoders.head(),
            "-f",
            "lavfi",
            "-i",
            encoders._PATTERN,
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
        ]
        sandbox.run(
            [*argv, "-f", "mp4", encoders.file_operand(out)], limits=encoders._PROBE_LIMITS, writes=[out]
        )

    monkeypatch.setattr(encoders, "_encode_pattern", right)
    assert works.__wrapped__("nvenc")


@pytest.mark.parametrize(
    "encoding",
    [
        Encoding(30, Fraction(30), encoder="nvenc", bitrate_kbps=800),
        Encoding(30, Fraction(30), encoder="nvenc", key_frames=(0, 7)),
        Encoding(30, Fraction(30), encoder="nvenc", still=True),
    ],
    ids=["a limit of size", "a splice", "a still"],
)
def test_what_chips_do_differently_is_left_to_libx264(encoding: Encoding) -> None:
    assert "libx264" in codec_args(encoding, ".mp4")
    assert "h264_nvenc" in codec_args(Encoding(30, encoding.frame_rate, encoder="nvenc"), ".mp4")
    assert "libvpx-vp9" in codec_args(Encoding(30, encoding.frame_rate, encoder="nvenc"), ".webm")
