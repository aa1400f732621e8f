"""Sound files hold exactly what was given."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.errors import Cancelled, Usage
from saycut.media.packets import stream_ends
from saycut.media.probe import open_source
from saycut.media.sound_encode import SOUND_SUFFIXES, encode_sound
from saycut.pcm import Pcm, PcmArray, blocks_of
from saycut.watch import Watch
from tests.factory import locate_sound, read_sound
from tests.factory.sound import time_code

SAMPLES = 100_003  # no multiple of any codec's frame
CODE = time_code(0, 3, channels=2)[:SAMPLES]


def code(block: int = 7001) -> Iterator[Pcm]:
    return blocks_of(PcmArray(CODE), block)


@pytest.mark.parametrize("suffix", SOUND_SUFFIXES)
def test_every_format_keeps_every_sample_in_its_place(suffix: str, tmp_path: Path) -> None:
    out = tmp_path / f"out{suffix}"
    encode_sound(code(), out, expected_s=3)
    pcm = read_sound(out)
    late = 1024 if suffix == ".aac" else 0  # the one format that cannot say where its sound begins
    found, confidence = locate_sound(pcm, 50_000)
    assert confidence > 0.95
    assert found == pytest.approx(50_000 - late, abs=0.5)
    if suffix != ".aac":
        assert len(pcm) == SAMPLES
        ends = stream_ends(open_source(out))
        assert ends.audio_end_s is not None
        assert ends.audio_start_s is not None
        assert float((ends.audio_end_s - ends.audio_start_s) * 48_000) == pytest.approx(SAMPLES, abs=0.5)


@pytest.mark.parametrize(("suffix", "worst"), [(".wav", 2**-15), (".flac", 2**-15)])
def test_lossless_formats_are_exact_to_sixteen_bits(suffix: str, worst: float, tmp_path: Path) -> None:
    out = tmp_path / f"out{suffix}"
    encode_sound(code(), out)
    assert np.abs(read_sound(out) - CODE).max() <= worst


def test_codecs_rates_and_bit_rates(tmp_path: Path) -> None:
    for suffix, codec, least, most in (
        (".m4a", "aac", 150_000, 215_000),
        (".mp3", "mp3", 180_000, 200_000),
        (".opus", "opus", 90_000, 160_000),
    ):
        out = tmp_path / f"out{suffix}"
        encode_sound(code(), out)
        audio = open_source(out).info.audio
        assert audio is not None
        assert (audio.codec, audio.sample_rate_hz, audio.channels) == (codec, 48_000, 2)
        assert least < (audio.bit_rate or 0) < most
    encode_sound(code(), tmp_path / "small.m4a", bitrate_kbps=64)
    small = open_source(tmp_path / "small.m4a").info.audio
    assert small is not None
    assert (small.bit_rate or 0) < 80_000


def test_mono_and_titles(tmp_path: Path) -> None:
    out = tmp_path / "out.m4a"
    encode_sound(blocks_of(PcmArray(CODE[:, :1])), out, channels=1, title="-i; “x” = 1\n2")
    info = open_source(out).info
    assert info.audio is not None
    assert info.audio.channels == 1
    assert info.tags["title"] == "-i; “x” = 1\n2"
    assert info.duration_s == Fraction(SAMPLES, 48_000)


def test_progress_is_told(tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    watch = Watch(lambda stage, fraction: heard.append((stage, fraction)))
    encode_sound(code(), tmp_path / "out.m4a", expected_s=Fraction(SAMPLES, 48_000), watch=watch)
    assert heard[-1] == ("encode sound", pytest.approx(1.0, abs=0.02))


def test_it_stops_with_its_blocks(tmp_path: Path) -> None:
    def failing() -> Iterator[Pcm]:
        yield CODE
        raise Cancelled()

    with pytest.raises(Cancelled):
        encode_sound(failing(), tmp_path / "out.m4a")


def test_other_suffixes(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="is not one of"):
        encode_sound(code(), tmp_path / "out.wma")
