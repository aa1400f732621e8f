"""How much noise `denoise` takes away, and whether the words stay as clear as they were.

    python -m benchmarks.denoise_eval [light|medium|strong ...] [--rate 16000] [--snr 0,5,10,15]

The dev mixes of denoise_eval (real speech, real noise) at 0, 5, 10, 15 dB: SI-SDR improvement, STOI,
PESQ-WB, noise left in the pauses, CPU seconds a second of sound; beside the noisy mix and the engine's own
output. Below the table: clips whose STOI falls by more than 0.005. Sound of 16 kHz is converted to 48 kHz
and back; STOI and PESQ are measured at 16 kHz. Needs the shared data folder (SAYCUT_SHARED) and
`pip install -e '.[bench]'`.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
import soundfile
from tests.shared import shared_data

from benchmarks.speech_scores import Mono, left_in_pauses_db, pesq_wb, si_sdr_db, stoi
from saycut.audio import rnnoise
from saycut.audio.denoise import Strength, denoise
from saycut.audio.resampling import resample
from saycut.pcm import RATE_HZ, Pcm, PcmArray, blocks_of

Method = Callable[[Pcm], Pcm]  # (samples, 1) at 48 kHz, the same length out
SNRS_DB = (0, 5, 10, 15)
FALL_OF_STOI = 0.005


class Score(NamedTuple):
    """One clip: improvement in dB, STOI, PESQ-WB, noise left in the pauses in dB, CPU-s per s."""

    gain_db: float
    stoi: float
    pesq: float
    pause_db: float
    cpu_s_per_s: float


def engine_alone(sound: Pcm) -> Pcm:
    """What RNNoise itself puts out."""
    return np.concatenate(list(rnnoise.suppressed(blocks_of(PcmArray(sound)))))


def ours(strength: Strength) -> Method:
    """`denoise` as the product runs it."""

    def method(sound: Pcm) -> Pcm:
        return np.concatenate(list(denoise(PcmArray(sound), strength=strength)[0]))

    return method


def methods(strengths: list[Strength]) -> dict[str, Method]:
    """The rows of the table."""
    rows: dict[str, Method] = {"noisy": lambda sound: sound, "rnnoise0.2": engine_alone}
    return rows | {f"denoise {strength}": ours(strength) for strength in strengths}


def read(path: Path) -> Mono:
    """A mono file at its own rate."""
    sound: Mono = soundfile.read(path, dtype="float32")[0]
    return sound


def at_rate(sound: Mono, from_hz: int, to_hz: int) -> Mono:
    """`sound` at another rate."""
    return np.concatenate(list(resample(iter([sound[:, None]]), from_hz, to_hz, 1)))[:, 0]


def scored(method: Method, mix: Mono, truth: Mono, rate_hz: int) -> Score:
    """One clip through one method."""
    sound = at_rate(mix, rate_hz, RATE_HZ)[:, None]
    start = time.process_time()
    out = method(sound)[:, 0]
    cpu_s = time.process_time() - start
    if out is not sound:
        out = at_rate(out, RATE_HZ, rate_hz)[: len(mix)]
    return Score(
        si_sdr_db(out, truth) - si_sdr_db(mix, truth),
        stoi(out, truth, rate_hz),
        pesq_wb(out, truth, rate_hz),
        left_in_pauses_db(out, mix, truth, rate_hz),
        cpu_s / (len(mix) / rate_hz),
    )


def table(rate_hz: int, snrs_db: list[int], rows: dict[str, Method]) -> str:
    """Markdown for the mixes of one rate."""
    manifest = shared_data("denoise_eval/manifest.json")
    items = [item for item in json.loads(manifest.read_text()) if item["sr"] == rate_hz]
    found = {name: scores(manifest.parent, items, snrs_db, method) for name, method in rows.items()}
    over = "/".join(map(str, snrs_db))
    lines = [
        f"**{rate_hz // 1000} kHz, SNR {over} dB**\n",
        "| method | SI-SDRi dB | STOI | PESQ-WB | left in pauses dB | CPU-s per s |",
        "|---|---|---|---|---|---|",
    ]
    fallen = []
    for name, clips in found.items():
        by_snr = np.array(
            [np.nanmean([clips[key] for key in clips if key[1] == snr], axis=0) for snr in snrs_db]
        )
        cells = [
            "/".join(f"{value:z.{digits}f}" for value in by_snr[:, column])
            for column, digits in enumerate((1, 4, 2, 0))
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {by_snr[:, 4].mean():.3f} |")
        for key, score in clips.items():
            change = score.stoi - found["noisy"][key].stoi
            if change < -FALL_OF_STOI:
                fallen.append(f"- {name}: {key[0]} {change:+.4f}")
    return "\n".join([*lines, "\nSTOI falls by more than 0.005:", *(fallen or ["- nowhere"]), ""])


def scores(
    folder: Path, items: list[dict[str, Any]], snrs_db: list[int], method: Method
) -> dict[tuple[str, int], Score]:
    """Every clip through one method, by name and SNR."""
    return {
        (item["id"], item["snr"]): scored(
            method,
            read(folder / item["mix"]),
            read(folder / item["clean"]) * np.float32(item["gain"]),
            item["sr"],
        )
        for item in items
        if item["snr"] in snrs_db
    }


def main(words: list[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="denoise_eval")
    parser.add_argument("strengths", nargs="*", default=[], choices=[[], *get_args(Strength)])
    parser.add_argument("--rate", type=int, choices=(16_000, 48_000))
    parser.add_argument("--snr", default="0,5,10,15")
    asked = parser.parse_args(words)
    snrs_db = [int(snr) for snr in asked.snr.split(",")]
    for rate_hz in [asked.rate] if asked.rate else [16_000, 48_000]:
        print(table(rate_hz, snrs_db, methods(asked.strengths or list(get_args(Strength)))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
