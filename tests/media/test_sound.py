"""Decoded sound lies where the picture says it does, to the sample."""

import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from saycut.errors import Cancelled, Impossible
from saycut.media.info import Source
from saycut.media.probe import open_source
from saycut.media.sound import decode_sound, store_sound
from saycut.pcm import Pcm
from saycut.watch import Watch
from tests.factory import CLIPS, Clip, Picture, Sound, locate_sound, make
from tests.media.material import made, real

CODED = [
    *("cfr30", "vfr", "vfr_mkv", "edit_list", "offset_ts", "offset_mp4", "offset_mkv", "sound_late"),
    *(
        "sound_early",
        "sound_late_mkv",
        "sound_early_ts",
        "mono16k",
        "sound44k",
        "surround",
        "mov",
        "mkv_opus",
    ),
    *("mkv_live", "webm", "avi_mp3", "avi_mjpeg", "fragmented", "wav24", "mp3", "aac", "flac", "ogg", "opus"),
]


def whole(source: Source, **options: object) -> Pcm:
    return np.concatenate(list(decode_sound(source, **options)))  # type: ignore[arg-type]  # only ints and rationals


@pytest.mark.parametrize("name", CODED)
def test_every_container_and_codec_keeps_its_place(name: str) -> None:
    clip = CLIPS[name]
    pcm = whole(made(name))
    assert pcm.dtype == np.float32
    assert pcm.shape[1] == 2
    for at in (20_000, 75_000):
        if at + 16_384 <= len(pcm):
            found, confidence = locate_sound(pcm, at)
            assert confidence > 0.6
            assert found == pytest.approx(at - float(clip.lag_s) * 48_000, abs=1.0)


def test_late_sound_is_preceded_by_zeros_and_early_sound_cut() -> None:
    late = whole(made("sound_late_mkv"))
    assert not late[: 48_000 // 4 - 1200].any()
    assert late[48_000 // 4 + 48 :].any(axis=1).mean() > 0.99
    assert len(whole(made("sound_early"))) == pytest.approx(3 * 48_000, abs=1)


@pytest.mark.parametrize("name", ["wav24", "mp3", "mkv_opus", "sound44k"])
@pytest.mark.parametrize("start_s", [Fraction(1, 3), Fraction(19, 10)])
def test_any_stretch_equals_the_whole_cut(name: str, start_s: Fraction) -> None:
    source = made(name)
    first = round(start_s * 48_000)
    expected = whole(source)[first : first + 24_000]
    part = whole(source, start_s=start_s, duration_s=Fraction(1, 2))
    assert np.allclose(part, expected, atol=2e-5)


def test_a_stretch_deep_inside_is_sought_and_still_equals_the_whole_cut() -> None:
    source = made(Clip(picture=Picture(frames=900, gop=60), sounds=(Sound(rate_hz=44_100),)))
    start_s = Fraction(25_001, 1000)
    first = round(start_s * 48_000)
    part = whole(source, start_s=start_s, duration_s=Fraction(1))
    # AAC fills some bands with noise of its own, which differs with where decoding begins.
    assert np.allclose(part, whole(source)[first : first + 48_000], atol=5e-4)


def test_the_asked_length_comes_padded_or_cut() -> None:
    source = made("wav")
    assert len(whole(source, duration_s=Fraction(1, 7))) == round(48_000 / 7)
    beyond = whole(source, start_s=Fraction(2), duration_s=Fraction(5))
    assert len(beyond) == 5 * 48_000
    assert beyond[:47_000].any(axis=1).mean() > 0.99
    assert not beyond[48_100:].any()
    assert not whole(source, start_s=Fraction(60), duration_s=Fraction(1)).any()
    before = whole(source, start_s=Fraction(-1), duration_s=Fraction(2))
    assert not before[:47_900].any()
    assert np.allclose(before[48_000:], whole(source)[:48_000], atol=2e-5)


def test_rates_and_channels_are_as_asked() -> None:
    source = made("wav")
    assert len(whole(source, rate_hz=16_000)) == 48_000
    mono, stereo = whole(source, channels=1), whole(source)
    assert mono.shape[1] == 1
    assert np.allclose(mono[:, 0], stereo.mean(axis=1), atol=1e-6)
    both = whole(made("mono16k"))
    assert np.array_equal(both[:, 0], both[:, 1])


def test_another_track_than_the_main_one() -> None:
    source = made("two_sounds")
    second = source.info.audios[1]
    found, confidence = locate_sound(whole(source, stream_index=second.index), 40_000, source=1)
    assert confidence > 0.9
    assert found == pytest.approx(40_000, abs=1)


def test_a_file_without_sound() -> None:
    with pytest.raises(Impossible, match="has no sound"):
        decode_sound(made("no_sound"))


def remuxed(
    source: Path, out: Path, *, drop: range = range(0), shift: dict[int, int] | None = None
) -> Source:
    """The sound of `source` in Matroska without packets `drop`; `shift` moves what follows a packet by ms."""
    with av.open(str(source)) as file, av.open(str(out), "w", format="matroska") as copy:
        stream = copy.add_stream_from_template(file.streams.audio[0])
        moved = 0
        for number, packet in enumerate(file.demux(file.streams.audio[0])):
            moved += (shift or {}).get(number, 0)
            if packet.dts is None or number in drop:
                continue
            ticks = round(moved / 1000 / packet.time_base)
            packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
            packet.stream = stream
            copy.mux(packet)
    return open_source(out)


def origin(folder: Path) -> float:
    """Where the unchanged copy begins: Matroska made this way does not hide the priming."""
    return locate_sound(whole(remuxed(make("m4a"), folder / "origin.mka")), 20_000)[0] - 20_000


def test_missing_packets_become_silence_and_what_follows_keeps_its_place(tmp_path: Path) -> None:
    first = origin(tmp_path)
    source = remuxed(make("m4a"), tmp_path / "gap.mka", drop=range(40, 60))
    stream = decode_sound(source)
    pcm = np.concatenate(list(stream))
    assert stream.faults is not None
    assert stream.faults.silenced_s == pytest.approx(20 * 1024 / 48_000, abs=0.003)
    found, _ = locate_sound(pcm, 90_000)
    assert found == pytest.approx(90_000 + first, abs=48)  # Matroska counts in milliseconds
    assert not pcm[45_000:50_000].any()


def test_jumps_of_the_clock_are_followed_and_jitter_is_not(tmp_path: Path) -> None:
    first = origin(tmp_path)
    jumped = remuxed(make("m4a"), tmp_path / "jump.mka", shift={50: 200})
    found, _ = locate_sound(whole(jumped), 90_000)
    assert found == pytest.approx(90_000 + first - 9_600, abs=48)
    shift = {number: (-1) ** number * 12 for number in range(20, 90)}
    jitter = remuxed(make("m4a"), tmp_path / "jitter.mka", shift=shift)
    plain = remuxed(make("m4a"), tmp_path / "plain.mka")
    assert np.array_equal(whole(jitter)[:140_000], whole(plain)[:140_000])


def test_broken_packets_are_silenced_and_counted(tmp_path: Path) -> None:
    data = bytearray(make("mp3").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = os.urandom(3000)
    path = tmp_path / "broken.mp3"
    path.write_bytes(data)
    stream = decode_sound(open_source(path))
    pcm = np.concatenate(list(stream))
    assert stream.faults is not None
    assert stream.faults.bad_packets + round(stream.faults.silenced_s * 100) > 0
    assert locate_sound(pcm, 20_000)[0] == pytest.approx(20_000, abs=1)


def test_the_real_file_whose_sound_fails_is_read_to_its_end() -> None:
    source = real("failing_audio.mp4")
    assert len(whole(source)) == pytest.approx(float(source.info.duration_s) * 48_000, abs=2)


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    samples = np.zeros(48_000, "<f4")
    samples[100:200] = np.nan
    samples[300:400] = np.inf
    header = b"RIFF" + (36 + samples.nbytes).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    shape = (3, 1, 48_000, 192_000, 4, 32)
    fields = b"".join(
        value.to_bytes(size, "little") for value, size in zip(shape, (2, 2, 4, 4, 2, 2), strict=True)
    )
    path = tmp_path / "nan.wav"
    path.write_bytes(header + fields + b"data" + samples.nbytes.to_bytes(4, "little") + samples.tobytes())
    pcm = whole(open_source(path))
    assert np.isfinite(pcm).all()
    assert pcm[350, 0] == 1.0


def test_it_is_stored_privately_and_gone_afterwards(tmp_path: Path) -> None:
    kept, faults = store_sound(made("cfr30"), tmp_path)
    with kept:
        assert kept.samples == 144_000
        assert faults.bad_packets == 0
        assert np.array_equal(kept.read(0, 144_000), whole(made("cfr30")))
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_reader_leaves_no_work_file(tmp_path: Path) -> None:
    watch = Watch()
    stream = decode_sound(made("long_gop"), watch=watch)
    next(stream)
    watch.cancel()
    with pytest.raises(Cancelled):
        list(stream)
    with pytest.raises(Cancelled):
        store_sound(made("cfr30"), tmp_path, watch=watch)
    assert list(tmp_path.iterdir()) == []
