"""How much of a known song the canceller takes out, and what it leaves of the voice.

    python -m benchmarks.cancellation_eval [CASE ...] [--items 00,02,04]

Each item of the separation set at 0 dB in each of tests/audio/scored_clips.CASES: SI-SDR of the
voice before and after, the music left in the pauses, and CPU seconds a second of sound.
`pitched` must be refused.
Needs the shared data folder (SAYCUT_SHARED).
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tests.audio.scored_clips import CASES, Clip, Stems, clip, pauses, si_sdr_db, stems
from tests.audio.takes import Mono, decoded
from tests.shared import shared_data

from saycut.audio.cancellation import Cancellation
from saycut.errors import Impossible
from saycut.pcm import RATE_HZ, Pcm, PcmArray

ITEMS = ("00", "02", "04", "11")
ROOM = "audiomentations_impulse_response_0.flac"


class Score(NamedTuple):
    """One clip: improvement and output in dB, level in pauses, CPU-s per second of sound."""

    gain_db: float
    output_db: float
    pause_db: float
    cpu_s_per_s: float


def scored(made: Clip) -> Score:
    """Cancel and measure; Impossible when the canceller refuses."""
    start = time.process_time()
    cancelling = Cancellation(PcmArray(made.mix), PcmArray(made.track))
    out: Pcm = np.concatenate(list(cancelling.blocks()))
    cancelling.report()
    cpu_s = time.process_time() - start
    voice = made.voice.mean(axis=1)
    before_db = si_sdr_db(made.mix.mean(axis=1), voice)
    after_db = si_sdr_db(out.mean(axis=1), voice)
    silent = pauses(len(out), made.speech_spans_s)
    left = float(np.mean((out - made.voice)[silent] ** 2) / np.mean(made.music[silent] ** 2))
    return Score(after_db - before_db, after_db, 10 * np.log10(left), cpu_s / (len(out) / RATE_HZ))


def other_piece(folder: Path, item: str) -> Pcm:
    """Music to stand before and after the piece in its track."""
    return stems(folder, "03" if item != "03" else "00").music


def case_scores(case: str, items: tuple[str, ...], room: Mono) -> list[Score]:
    """All items in one case; a refusal is printed and leaves no score."""
    folder = shared_data("separation_eval/manifest.json").parent
    found = []
    for item in items:
        pair: Stems = stems(folder, item)
        with tempfile.TemporaryDirectory() as scratch:
            made = clip(case, pair, other_piece(folder, item), Path(scratch), room)
        try:
            found.append(scored(made))
            print(f"  {case:18s} {item} " + "  ".join(f"{value:7.2f}" for value in found[-1]), flush=True)
        except Impossible as refusal:
            print(f"  {case:18s} {item} refused: {refusal.sentence('en')}", flush=True)
    return found


def main(words: list[str]) -> None:
    """Print a line a clip and a table."""
    items = ITEMS
    if "--items" in words:
        place = words.index("--items")
        items = tuple(words[place + 1].split(","))
        words = words[:place] + words[place + 2 :]
    room = decoded(shared_data("train/rir") / ROOM, "pan=mono|c0=c0")[:, 0]
    rows = []
    for case in words or CASES:
        scores = np.array(case_scores(case, items, room))
        if len(scores):
            rows.append(
                f"| {case} | {len(scores)} of {len(items)} "
                f"| {scores[:, 0].mean():.1f} ({scores[:, 0].min():.1f}) "
                f"| {scores[:, 1].mean():.1f} | {scores[:, 2].mean():.0f} | {scores[:, 3].mean():.2f} |"
            )
        else:
            rows.append(f"| {case} | 0 of {len(items)} | refused | | | |")
    print(
        "| case | cancelled | SI-SDRi dB (worst) | output dB | pauses dB | CPU-s per s |\n"
        "|---|---|---|---|---|---|"
    )
    print("\n".join(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
