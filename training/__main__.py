"""From recordings to the network in the package, in one command: `python -m training SOURCE… --work FOLDER`.

Renders our own pieces, decodes everything once, trains (or goes on where a checkpoint lies), and writes the
ONNX file, its fingerprint and the model card. Whatever is there already is not made again."""

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from training.card import card
from training.checkpoint import config_of
from training.export import export
from training.material import prepare
from training.run import Plan, train

_CONFIG = Path("training/ears.toml")
_NETWORK = Path("src/saycut/audio/ears/ears.onnx")
_CODE = Path("src/saycut/audio/ears/net.py")
_CARD = Path("docs/reference/network.md")
_PIECES = {"beds": 40, "midi": 80, "sung": 60}


def main() -> int:
    """Every stage in order."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("sources", nargs="+", type=Path, help="folders of recordings with a MANIFEST.csv")
    parser.add_argument("--work", type=Path, required=True, help="what is made on the way; some gigabytes")
    parser.add_argument("--steps", type=int, default=4_700)
    parser.add_argument("--decay-steps", type=int, default=2_500, help="the last ones, with a falling rate")
    parser.add_argument("--processes", type=int, default=2, help="one a core")
    asked = parser.parse_args()
    config = config_of(tomllib.loads(_CONFIG.read_text("utf-8")))
    own = asked.work / "synthetic"
    counts = [text for name, count in _PIECES.items() for text in (f"--{name}", str(count))]
    command = [sys.executable, "-m", "training.synthetic", "--out", str(own), "--seed", str(config.seed)]
    subprocess.run([*command, *counts], check=True)
    material = asked.work / "material"
    if not (material / "index.json").exists():
        prepare([*asked.sources, own], material)
    plan = Plan(material, asked.work / "run", asked.steps, asked.decay_steps, asked.processes, 200)
    train(plan, config)
    digest = export(plan.out / "checkpoint.pt", _NETWORK)
    code = _CODE.read_text("utf-8")
    _CODE.write_text(re.sub(r'^SHA256 = ".*"$', f'SHA256 = "{digest}"', code, flags=re.MULTILINE), "utf-8")
    _CARD.write_text(card(_CARD.read_text("utf-8"), [*asked.sources, own], plan.out), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
