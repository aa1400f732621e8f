"""How well speech is found, and what trimming silences by it would lose.

    python -m benchmarks.speech_eval [speech] [trim]

speech: F1, precision and recall of `speech_regions` in frames of 20 ms on the 16 kHz dev mixes of
denoise_eval, against the clean speech (frames within 40 dB of the loudest, gaps up to 100 ms bridged).
trim: the same clean clips, joined with pauses of 0.4 to 3 s under each noise; the share of active speech
that the default silence trimming cuts out, and of the pauses beyond what it keeps that it finds.
Needs the shared data folder (SAYCUT_SHARED).
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tests.audio.scored_clips import pauses, stems
from tests.shared import shared_data

from benchmarks.denoise_eval import Method, at_rate, read
from benchmarks.speech_scores import Mono, active_frames, si_sdr_db
from saycut.audio.pauses import cuts
from saycut.audio.speech import Regions, speech_regions
from saycut.pcm import RATE_HZ, Pcm, PcmArray, blocks_of

SNRS_DB = (0, 5, 10, 15)
ISOLATION_SNRS_DB = (-5, 0, 5, 10)
FRAME_S = 0.02
BRIDGED_S = 0.1


def dev_items() -> tuple[Path, list[dict[str, Any]]]:
    """The folder and the 16 kHz mixes."""
    manifest = shared_data("denoise_eval/manifest.json")
    return manifest.parent, [item for item in json.loads(manifest.read_text()) if item["sr"] == 16_000]


def marked(spans: Regions, frames: int) -> NDArray[np.bool_]:
    """Which 20 ms frames have their middle in one of the spans."""
    centres_s = (np.arange(frames) + 0.5) * FRAME_S
    inside: NDArray[np.bool_] = np.zeros(frames, np.bool_)
    for start_s, end_s in spans:
        inside |= (start_s <= centres_s) & (centres_s < end_s)
    return inside


# ---- speech ----


def speech_table() -> str:
    """F1 by SNR."""
    folder, items = dev_items()
    counts = {snr: np.zeros(3) for snr in SNRS_DB}  # frames: found rightly, found, spoken
    cpu_s = 0.0
    for item in items:
        truth = active_frames(read(folder / item["clean"]), 16_000, bridged_s=BRIDGED_S)
        mix = at_rate(read(folder / item["mix"]), 16_000, RATE_HZ)
        start = time.process_time()
        found = marked(speech_regions(blocks_of(PcmArray(mix)), RATE_HZ), len(truth))
        cpu_s += time.process_time() - start
        counts[item["snr"]] += np.sum(truth & found), np.sum(found), np.sum(truth)
    lines = ["| SNR dB | F1 | precision | recall |\n|---|---|---|---|"]
    for snr, (hits, found_frames, spoken_frames) in counts.items():
        precision, recall = hits / found_frames, hits / spoken_frames
        f1 = 2 * hits / (found_frames + spoken_frames)
        lines.append(f"| {snr} | {f1:.3f} | {precision:.3f} | {recall:.3f} |")
    return "\n".join([*lines, f"\n{cpu_s / (8 * len(items)):.3f} CPU-s per s"])


# ---- trimming ----


class Talk(NamedTuple):
    """Clean speech with pauses put in, 16 kHz, and the pauses as [start, end) samples."""

    clean: Mono
    pauses: list[tuple[int, int]]


def talk_of(clips: list[Mono], seed: int = 7) -> Talk:
    """The clips one after the other with silences of 0.4 to 3 s, after construction 3 of the notes."""
    rng = np.random.default_rng(seed)
    parts: list[Mono] = []
    gaps: list[tuple[int, int]] = []
    at = 0
    for clip in clips:
        gap = round(rng.uniform(0.4, 3.0) * 16_000)
        parts += [clip, np.zeros(gap, np.float32)]
        gaps.append((at + len(clip), at + len(clip) + gap))
        at += len(clip) + gap
    return Talk(np.concatenate(parts), gaps)


def noises(folder: Path, items: list[dict[str, Any]]) -> Iterator[tuple[str, Mono]]:
    """Each noise alone, looped out of one mix at 0 dB."""
    seen = set()
    for item in items:
        if item["snr"] == 0 and item["noise_name"] not in seen:
            seen.add(item["noise_name"])
            noise = read(folder / item["mix"]) - read(folder / item["clean"]) * np.float32(item["gain"])
            yield item["noise_name"], noise


def trim_table() -> str:
    """Speech lost to the default trimming, and pauses found, by SNR over all noises."""
    folder, items = dev_items()
    names = sorted({item["clean"] for item in items})
    talk = talk_of([read(folder / name) for name in names])
    active = active_frames(talk.clean, 16_000)
    spoken = np.repeat(active, round(16_000 * FRAME_S))
    level = float(np.sqrt(np.mean(np.square(talk.clean[: len(spoken)][spoken]))))
    lines = ["| SNR dB | speech lost % | worst noise % | cut out of the silences % |\n|---|---|---|---|"]
    beds = {name: np.resize(noise, len(talk.clean)) for name, noise in noises(folder, items)}
    for snr in (*SNRS_DB, 40):
        lost, found = [], []
        for bed in beds.values():
            scale = level * 10 ** (-snr / 20) / float(np.sqrt(np.mean(np.square(bed))))
            mix = at_rate(talk.clean + bed * np.float32(scale), 16_000, RATE_HZ)
            regions = speech_regions(blocks_of(PcmArray(mix)), RATE_HZ)
            spans = cuts(regions, len(mix) / RATE_HZ)
            gone = marked(tuple((float(a), float(b)) for a, b in spans), len(active))
            lost.append(100 * float(np.sum(active & gone) / np.sum(active)))
            silent = marked(tuple((a / 16_000, b / 16_000) for a, b in talk.pauses), len(active))
            found.append(100 * float(np.sum(silent & gone) / np.sum(silent)))
        lines.append(f"| {snr} | {np.mean(lost):.2f} | {max(lost):.2f} | {np.mean(found):.0f} |")
    return "\n".join(lines)


# ---- isolation ----


def scored(out: Mono, mix: Mono, voice: Mono, music: Mono, spans_s: Regions) -> tuple[float, float]:
    """SI-SDR improvement and the level in the pauses over the music's, dB."""
    silent = pauses(len(out), spans_s)
    left = float(np.mean(np.square(out[silent], dtype=np.float64))) + 1e-20
    there = float(np.mean(np.square(music[silent], dtype=np.float64)))
    return si_sdr_db(out, voice) - si_sdr_db(mix, voice), 10 * float(np.log10(left / there))


def isolation_table(items: list[str], rows: dict[str, Method]) -> str:
    """Each method by SNR: stereo in, its mean over both channels scored."""
    folder = shared_data("separation_eval/manifest.json").parent
    lines = [
        "| method | SNR dB | SI-SDRi dB | worst | pauses dB | worst | CPU-s per s |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, method in rows.items():
        for snr in ISOLATION_SNRS_DB:
            found, cpu_s, length_s = [], 0.0, 0.0
            for item in items:
                voice, music, spans_s = stems(folder, item, snr)
                mix: Pcm = voice + music
                start = time.process_time()
                out = method(mix).mean(axis=1)
                cpu_s += time.process_time() - start
                length_s += len(mix) / RATE_HZ
                found.append(scored(out, mix.mean(axis=1), voice.mean(axis=1), music.mean(axis=1), spans_s))
            gains_db, left_db = np.array(found).T
            lines.append(
                f"| {name} | {snr} | {gains_db.mean():.1f} | {gains_db.min():.1f} "
                f"| {left_db.mean():.0f} | {left_db.max():.0f} | {cpu_s / length_s:.3f} |"
            )
    return "\n".join(lines)


def main(words: list[str]) -> None:
    """Print the tables that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="speech_eval")
    parser.add_argument("tables", nargs="*", default=["speech", "trim"])
    asked = parser.parse_args(words)
    tables: dict[str, Callable[[], str]] = {"speech": speech_table, "trim": trim_table}
    for name in asked.tables:
        print(f"**{name}**\n\n{tables[name]()}\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
