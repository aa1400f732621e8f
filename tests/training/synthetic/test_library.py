"""The library on disk: what its manifest says is true, and a run that was stopped goes on."""

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile
from training.synthetic.__main__ import main
from training.synthetic.beds import any_bed, bed
from training.synthetic.library import COLUMNS, KINDS, MANIFEST, fill

from tests.shared import shared_data


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / MANIFEST).open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_the_pieces_are_as_the_manifest_says_and_are_not_made_twice(tmp_path: Path) -> None:
    said = list(fill(tmp_path, {"sung": 2, "bed": 1}, seed=3))
    assert [line.split(":")[0] for line in said] == [
        "music/sung_3_0000.flac", "music/sung_3_0001.flac", "music/bed_3_0000.flac"
    ]  # fmt: skip
    listed = rows(tmp_path)
    assert {row["kind"] for row in listed} == {KINDS["sung"].label, KINDS["bed"].label}
    for row in listed:
        sound, rate_hz = soundfile.read(tmp_path / row["file"], dtype="float32")
        assert rate_hz == int(row["rate"]) and sound.shape[1] == 2
        assert len(sound) / rate_hz == pytest.approx(float(row["seconds"]), abs=0.01)
        assert (
            40 <= float(row["seconds"]) <= 60 and row["licence"] and 1000 < int(row["bandwidth_hz"]) <= 24_000
        )
        assert 0.05 < np.abs(sound).max() < 1
    assert len({row["speaker_or_piece"] for row in listed}) == 3
    first, second = (tmp_path / f"music/sung_3_000{index}.flac" for index in (0, 1))
    before, kept_ns = first.read_bytes(), second.stat().st_mtime_ns
    first.unlink()
    again = list(fill(tmp_path, {"sung": 2, "bed": 1}, seed=3))
    assert [line.endswith(": there") for line in again] == [False, True, True]
    assert first.read_bytes() == before and second.stat().st_mtime_ns == kept_ns
    assert rows(tmp_path) == listed
    assert not list(tmp_path.rglob("*.part"))


def test_the_columns_are_those_of_the_shared_material() -> None:
    with shared_data("train/MANIFEST.csv").open(newline="", encoding="utf-8") as text:
        assert tuple(next(csv.reader(text))) == COLUMNS


@pytest.mark.soak
def test_the_command_renders_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--out", str(tmp_path), "--sung", "1", "--seed", "5"]) == 0
    assert "music/sung_5_0000.flac" in capsys.readouterr().out
    monkeypatch.setenv("PATH", "")
    assert main(["--out", str(tmp_path / "none"), "--midi", "1"]) == 1
    assert "fluidsynth" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_beds_are_stereo_level_and_the_same_for_a_seed() -> None:
    sound = bed("calm", 4, 8.0, 16_000)
    assert sound.shape == (8 * 16_000, 2) and 0.05 < np.abs(sound).max() < 0.9
    np.testing.assert_array_equal(sound, bed("calm", 4, 8.0, 16_000))
    drawn = {any_bed(np.random.default_rng(seed), 1.0, 16_000)[1] for seed in range(6)}
    assert len(drawn) > 2
