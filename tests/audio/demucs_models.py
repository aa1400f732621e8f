"""Tiny networks of demucs with random weights, kept as demucs keeps its own."""

import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

SOURCES = ("drums", "bass", "other", "vocals")


def tiny(seed: int, *, half: bool = False, **changed: Any) -> dict[str, Any]:
    """What demucs.states.serialize_model makes of a network, without the settings of its training."""
    import numpy as np
    import torch
    from demucs.htdemucs import HTDemucs

    given = {"channels": 8, "t_layers": 1, "segment": Fraction(13, 10), "sources": list(SOURCES), **changed}
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch on networks so small
        network = HTDemucs(**given)
    kind = torch.half if half else torch.float32
    state = {name: value.to(kind) for name, value in network.state_dict().items()}
    settings = {"seed": seed, "best": np.float64(0.5)}  # official files hold numbers of numpy, too
    return {"klass": HTDemucs, "args": (), "kwargs": given, "state": state, "training_args": settings}


def kept(folder: Path, signature: str, package: Any, *, checksum: str | None = None) -> Path:
    """`package` as SIGNATURE-CHECKSUM.th in `folder`."""
    import torch

    buffer = io.BytesIO()
    torch.save(package, buffer)
    ending = checksum or hashlib.sha256(buffer.getvalue()).hexdigest()[:8]
    path = folder / f"{signature}-{ending}.th"
    path.write_bytes(buffer.getvalue())
    return path


def as_numpy_1_wrote(file: Path) -> Path:
    """`file` with the name that numpy before 2 had for a number, as in the official files; no checksum."""
    old = file.with_name(f"{file.stem.rsplit('-', 1)[0]}1.th")
    with zipfile.ZipFile(file) as read, zipfile.ZipFile(old, "w") as written:
        for entry in read.infolist():
            content = read.read(entry)
            if entry.filename.endswith("data.pkl"):
                assert b"cnumpy._core.multiarray\n" in content
                content = content.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
            written.writestr(entry, content)
    return old


def bag(folder: Path, name: str, models: Sequence[str], **more: Any) -> Path:
    """NAME.yaml: JSON is YAML, too."""
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps({"models": list(models), **more}))
    return path
