"""Where music plays: how much of it is found, and how much is imagined.

    python -m benchmarks.sound_map [--write]

found: each voice of separation_eval three times in a row, music under the middle one at -5 to 25 dB below
the voice; the share of the music's seconds that are found, and of the others that are called music.
imagined: the seconds called music in voices alone and in the mixes of voices and noise of denoise_eval,
where there is none. Needs the shared data folder (SAYCUT_SHARED)."""

import argparse
import json
import time
from pathlib import Path

import numpy as np
from tests.audio.scored_clips import stems
from tests.shared import shared_data
from training.card import between

from benchmarks.denoise_eval import at_rate, read
from saycut.audio.sound_map import STEP_S, SoundMap, inside, sound_map
from saycut.pcm import RATE_HZ, Pcm, PcmArray, blocks_of

_DOCS = Path("docs/explanation/measurements.md")
_OVER_DB = (-5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0)
_EDGE_S = 1.0  # around the ends of the music nothing is counted


def mapped(sound: Pcm) -> SoundMap:
    """The map of (samples, channels)."""
    return sound_map(blocks_of(PcmArray(sound)), len(sound) / RATE_HZ)


def marked(found: SoundMap) -> np.ndarray:
    """Which steps are called music."""
    return inside(found.music_s, len(found.music_dbfs))


def believed(found: SoundMap) -> np.ndarray:
    """Which steps are taken for music when somebody says that there is some."""
    return inside(found.perhaps_music_s, len(found.music_dbfs))


def found_table() -> str:
    """Shares by level."""
    folder = shared_data("separation_eval/manifest.json").parent
    lines = [
        "| voice over music dB | found % | worst | imagined beside it % | found when asked % | worst |",
        "|---|---|---|---|---|---|",
    ]
    for over_db in _OVER_DB:
        hits, misses, asked = [], [], []
        for number in range(12):
            voice, music, _ = stems(folder, f"{number:02d}", over_db)
            part_s = len(voice) / RATE_HZ
            heard = mapped(np.concatenate((voice, voice + music, voice)))
            marks = marked(heard)
            at_s = (np.arange(len(marks)) + 0.5) * STEP_S
            under = (at_s > part_s + _EDGE_S) & (at_s < 2 * part_s - _EDGE_S)
            beside = (at_s < part_s - _EDGE_S) | (at_s > 2 * part_s + _EDGE_S)
            hits.append(100 * marks[under].mean())
            misses.append(100 * marks[beside].mean())
            asked.append(100 * believed(heard)[under].mean())
        lines.append(
            f"| {over_db:.0f} | {np.mean(hits):.0f} | {min(hits):.0f} | {np.mean(misses):.1f} "
            f"| {np.mean(asked):.0f} | {min(asked):.0f} |"
        )
    return "\n".join(lines)


def imagined_table() -> str:
    """Shares where there is no music, by kind of recording."""
    manifest = shared_data("denoise_eval/manifest.json")
    shares: dict[str, list[tuple[float, float]]] = {}
    heard_s, began = 0.0, time.process_time()
    for item in json.loads(manifest.read_text()):
        sound = at_rate(read(manifest.parent / item["mix"]), item["sr"], RATE_HZ)[:, None]
        heard_s += len(sound) / RATE_HZ
        heard = mapped(sound)
        both = 100 * float(marked(heard).mean()), 100 * float(believed(heard).mean())
        shares.setdefault(item["noise_name"], []).append(both)
    cpu_s = (time.process_time() - began) / heard_s
    lines = ["| noise | called music % | worst clip | when asked % |", "|---|---|---|---|"]
    for name, values in shares.items():
        called, asked = np.transpose(values)
        lines.append(f"| {name} | {called.mean():.1f} | {called.max():.0f} | {asked.mean():.1f} |")
    return "\n".join([*lines, f"\n{cpu_s:.3f} CPU-s per s"])


def main() -> None:
    """Print both tables, or write them into the docs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"into {_DOCS}, between the marks")
    asked = parser.parse_args()
    text = f"**found**\n\n{found_table()}\n\n**imagined**\n\n{imagined_table()}"
    print(text)
    if asked.write:
        _DOCS.write_text(between(_DOCS.read_text("utf-8"), "sound map", text), "utf-8")


if __name__ == "__main__":
    main()
