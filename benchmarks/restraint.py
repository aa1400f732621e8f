"""What taking music out costs a voice, and how far what is said of it is right.

    python -m benchmarks.restraint [--write]

The twelve pairs of voice and music of separation_eval at 0 to 30 dB, through what remove_music does (the map,
the spans of speech, the usual engine), held back and not. "taken of the voice" is the voice alone through the
same gains: what they take from it, against it; "estimated" what the receipt says. Needs the shared data
folder (SAYCUT_SHARED)."""

import argparse
from pathlib import Path

import msgspec
import numpy as np
from tests.audio.scored_clips import stems
from tests.shared import shared_data
from training.card import between

from benchmarks.speech_scores import si_sdr_db
from saycut.audio.isolation import isolate_voice, voice_regions
from saycut.audio.restraint import NO_RESTRAINT, Restraint, restraint
from saycut.audio.sound_map import sound_map
from saycut.audio.speech import Regions
from saycut.audio.suppression import spectra_of
from saycut.pcm import RATE_HZ, Pcm, PcmArray, blocks_of

_DOCS = Path("docs/explanation/measurements.md")
_SNRS_DB = (0.0, 5.0, 10.0, 15.0, 20.0, 30.0)
_CLIPS = 12
_LEAST = 1e-9


class Scored(msgspec.Struct):
    """One mix: all in dB."""

    gain: float  # SI-SDR improvement
    taken: float
    estimated: float


def scored(voice: Pcm, music: Pcm, speech: Regions, held: Restraint) -> Scored:
    """A mix of (samples, channels) with that much held back."""
    mix = voice + music
    blocks, report = isolate_voice(PcmArray(mix), speech, restrained=held)
    out, wanted, heard = (sound.mean(axis=1) for sound in (np.concatenate(list(blocks)), voice, mix))
    return Scored(
        si_sdr_db(out, wanted) - si_sdr_db(heard, wanted),
        _taken_db(mix, np.asarray(out, np.float32), voice),
        report.voice_damage_db if report.voice_damage_db is not None else float("nan"),
    )


def _taken_db(mix: Pcm, out: Pcm, voice: Pcm) -> float:
    """What the gains between the mix and its result take from the voice, against the voice."""
    before, after, alone = (_spectra(sound) for sound in (mix.mean(axis=1), out, voice.mean(axis=1)))
    gain = np.clip(np.abs(after) / (np.abs(before) + _LEAST), 0, 1)
    power = np.square(np.abs(alone))
    return float(10 * np.log10((power * np.square(1 - gain)).sum() / power.sum() + _LEAST))


def _spectra(sound: Pcm) -> np.ndarray:
    return np.concatenate([part[0] for part in spectra_of(blocks_of(PcmArray(sound[:, None])))])


def table() -> str:
    """Means and the worst by level."""
    folder = shared_data("separation_eval/manifest.json").parent
    lines = [
        "| voice over music dB | SI-SDRi dB (worst) free | held back "
        "| taken of the voice dB free | held back | estimated | mean error of that |",
        "|---|---|---|---|---|---|---|",
    ]
    for snr_db in _SNRS_DB:
        loose: list[Scored] = []
        tight: list[Scored] = []
        for number in range(_CLIPS):
            voice, music, _ = stems(folder, f"{number:02d}", snr_db)
            reader = PcmArray(voice + music)
            held = restraint(sound_map(blocks_of(reader), reader.samples / RATE_HZ))
            speech = voice_regions(reader)
            loose.append(scored(voice, music, speech, NO_RESTRAINT))
            tight.append(scored(voice, music, speech, held))
        estimated = np.mean([each.estimated for each in tight])
        error = np.mean([abs(each.estimated - each.taken) for each in tight])
        lines.append(
            f"| {snr_db:.0f} | {_gain(loose)} | {_gain(tight)} | {_taken(loose)} | {_taken(tight)} "
            f"| {estimated:.0f} | {error:.1f} |"
        )
    return "\n".join(lines)


def _gain(rows: list[Scored]) -> str:
    gains = [row.gain for row in rows]
    return f"{np.mean(gains):.1f} ({min(gains):.1f})"


def _taken(rows: list[Scored]) -> str:
    return f"{np.mean([row.taken for row in rows]):.0f}"


def main() -> None:
    """Print the table, or write it into the docs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"into {_DOCS}, between the marks")
    asked = parser.parse_args()
    text = table()
    print(text)
    if asked.write:
        _DOCS.write_text(between(_DOCS.read_text("utf-8"), "restraint", text), "utf-8")


if __name__ == "__main__":
    main()
