"""`doctor`: what this install can do, found out by doing it."""

import importlib.metadata
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from saycut import __version__
from saycut.audio import rnnoise
from saycut.audio.ears import hearing, net
from saycut.audio.speech import speech_probabilities
from saycut.errors import SaycutError
from saycut.media import encoders, ffmpeg, sandbox
from saycut.pcm import RATE_HZ
from saycut.watch import Watch


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was tried."""

    name: str
    ok: bool
    found: str

    def as_data(self) -> dict[str, Any]:
        """The row of `--json`."""
        return {"name": self.name, "ok": self.ok, "found": self.found}


def examined(*, offline: bool, watch: Watch) -> list[Check]:
    """Every check, none of which needs a network. With `offline`, a way to the network that is not cut
    counts as a failure."""
    tried: list[tuple[str, Callable[[], str]]] = [
        ("saycut", lambda: __version__),
        ("ffmpeg (encodes)", lambda: f"{ffmpeg.FFMPEG_RELEASE} ({ffmpeg.binary().name})"),
        ("chips (encode)", _chips),
        ("PyAV (reads)", lambda: importlib.metadata.version("av")),
        ("own network (denoise, music)", _ears),
        ("RNNoise", _rnnoise),
        ("Silero (speech)", _silero),
        ("ONNX Runtime", lambda: importlib.metadata.version("onnxruntime")),
        ("demucs (extra)", _demucs),
        ("work folder", _work_folder),
        ("network of children", lambda: _network(offline)),
    ]
    checks = []
    for name, attempt in tried:
        watch.check()
        try:
            checks.append(Check(name=name, ok=True, found=attempt()))
        except (SaycutError, OSError, ImportError, importlib.metadata.PackageNotFoundError) as error:
            checks.append(Check(name=name, ok=False, found=str(error)))
    return checks


def _ears() -> str:
    quiet = iter([np.zeros((RATE_HZ, 1), np.float32)])
    frames = sum(len(heard.gain) for heard in hearing.heard(quiet))
    return f"works ({net.SHA256[:12]}, {frames} frames of a second of silence)"


def _rnnoise() -> str:
    quiet = iter([np.zeros((RATE_HZ, 1), np.float32)])
    samples = sum(len(block) for block in rnnoise.suppressed(quiet))
    return f"works ({samples} of {RATE_HZ} samples came back)"


def _demucs() -> str:
    try:
        return importlib.metadata.version("demucs")
    except importlib.metadata.PackageNotFoundError:
        return "not installed (pip install 'saycut[demucs]')"


def _chips() -> str:
    return ", ".join(chip for chip in encoders.HARDWARE if encoders.works(chip)) or "none that works"


def _silero() -> str:
    quiet = iter([np.zeros((RATE_HZ, 1), np.float32)])
    highest = float(speech_probabilities(quiet, RATE_HZ).max())
    return f"works (silence scores {highest:.2f})"


def _work_folder() -> str:
    folder = Path(tempfile.gettempdir())
    free_gb = shutil.disk_usage(folder).free / 1e9
    return f"{free_gb:.0f} GB free"


def _network(offline: bool) -> str:
    how = sandbox.network_isolation()
    if offline and how == "allow-lists only":
        raise OSError("this system allows no network namespace; children are held by allow-lists alone")
    return f"cut off ({how})" if how != "allow-lists only" else how
