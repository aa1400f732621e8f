"""Renders pieces: `python -m training.synthetic --out FOLDER --beds 40 --midi 60 --sung 60 --seed 7`."""

import argparse
import sys
import time
from pathlib import Path

from training.synthetic.general_midi import PlayerMissing, check_player
from training.synthetic.library import fill


def main(arguments: list[str] | None = None) -> int:
    """Renders, telling each piece on a line; 1 when FluidSynth is wanted and missing."""
    parser = argparse.ArgumentParser(prog="python -m training.synthetic", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the FLAC files and MANIFEST.csv")
    parser.add_argument("--beds", type=int, default=0, help="pieces of the product's own music generator")
    parser.add_argument("--midi", type=int, default=0, help="General MIDI arrangements (needs fluidsynth)")
    parser.add_argument("--sung", type=int, default=0, help="synthetic singers and choirs")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    if asked.midi:
        try:
            check_player()
        except PlayerMissing as missing:
            sys.stderr.write(f"{missing}\n")
            return 1
    began = time.monotonic()
    for said in fill(asked.out, {"midi": asked.midi, "sung": asked.sung, "bed": asked.beds}, asked.seed):
        sys.stdout.write(f"{time.monotonic() - began:7.1f} s  {said}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
