"""The averaged weights of a checkpoint as the ONNX file that the wheel carries, and its fingerprint."""

import argparse
import hashlib
from pathlib import Path

import torch
from torch import Tensor, nn

from training.checkpoint import State
from training.net import Net
from training.spectra import BANDS


class Masks(nn.Module):
    """1 x 2 x frames x BANDS features -> 1 x 3 x frames x BANDS masks that sum to one."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, seen: Tensor) -> Tensor:
        logits: Tensor = self.net(seen)
        return logits.softmax(1)


def export(checkpoint: Path, out: Path) -> str:
    """Write `out` and give its SHA-256."""
    state = State.load(checkpoint)
    masks = Masks(state.average).eval()
    torch.onnx.export(
        masks,
        (torch.zeros(1, 2, 100, BANDS),),
        str(out),
        input_names=["features"],
        output_names=["masks"],
        dynamic_axes={"features": {2: "frames"}, "masks": {2: "frames"}},
        opset_version=17,
        dynamo=False,
    )
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main() -> None:
    """`python -m training.export CHECKPOINT --out FILE`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=Path("src/saycut/audio/ears/ears.onnx"))
    options = parser.parse_args()
    print(export(options.checkpoint, options.out))


if __name__ == "__main__":
    main()
