"""Recordings decoded once: their rate, their channels, their places in the flat file."""

import csv
from pathlib import Path

import av
import numpy as np
import pytest
from training.material import RATE_HZ, Material, prepare

_COLUMNS = ("file", "seconds", "rate", "kind", "speaker_or_piece", "est_snr_db")


def write(path: Path, sound: np.ndarray, rate_hz: int) -> None:
    layout = "mono" if len(sound) == 1 else "stereo"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("flac", rate=rate_hz, layout=layout)
        packed = np.ascontiguousarray((sound.T * 32_767).astype(np.int16).reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(packed, "s16", layout)
        frame.sample_rate = rate_hz
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("source")
    for family in ("speech", "music"):
        (folder / family).mkdir()
    at_s = np.arange(48_000) / 48_000
    write(folder / "speech" / "a.flac", 0.5 * np.sin(2 * np.pi * 500 * at_s)[None], 48_000)
    tones = np.stack([np.sin(2 * np.pi * hz * at_s[:44_100] * 48_000 / 44_100) for hz in (300, 600)])
    write(folder / "music" / "b.flac", 0.25 * tones, 44_100)
    with (folder / "MANIFEST.csv").open("w", newline="") as file:
        rows = csv.DictWriter(file, _COLUMNS)
        rows.writeheader()
        rows.writerow(
            dict(zip(_COLUMNS, ("speech/a.flac", 1, 48_000, "speech, en", "anna", 51.5), strict=True))
        )
        rows.writerow(dict(zip(_COLUMNS, ("music/b.flac", 1, 44_100, "music, sung", "b", ""), strict=True)))
    return prepare([folder], tmp_path_factory.mktemp("prepared"))


def test_everything_is_at_16_khz_and_as_loud_as_it_was(material: Material) -> None:
    first, second = material.clips
    assert (first.family, first.channels, first.snr_db) == ("speech", 1, 51.5)
    assert (second.family, second.channels) == ("sung", 2)
    for clip, levels in ((first, (0.5,)), (second, (0.25, 0.25))):
        assert abs(clip.samples - RATE_HZ) <= 1
        sound = material.read(clip, 2000, 8000)
        assert sound.shape == (clip.channels, 8000)
        assert np.sqrt(2) * np.std(sound, axis=1) == pytest.approx(levels, rel=0.02)


def test_channels_stay_apart(material: Material) -> None:
    sound = material.read(material.clips[1], 0, 16_000)[:, :15_000]
    loudest = np.abs(np.fft.rfft(sound, axis=1)).argmax(axis=1) * RATE_HZ / sound.shape[1]
    assert loudest == pytest.approx([300, 600], abs=2)


def test_a_part_is_that_part_of_the_whole(material: Material) -> None:
    clip = material.clips[1]
    np.testing.assert_array_equal(material.read(clip, 700, 50), material.read(clip)[:, 700:750])
