"""The network itself: what it wants to see, and the masks that it gives."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saycut.errors import Internal

Real = NDArray[np.float32]

SHA256 = "d8e2bb57231e5a7b5b7902cc6e7effe9ec335b12fa630f74a6288bdd3488c08e"
FRAME_S = 0.016
BINS = 384  # of 20.8 Hz, below 8 kHz: what it was trained on
SINGLE, GROUP = 128, 4  # bands: every bin up to 2.7 kHz, then four at a time
BANDS = SINGLE + (BINS - SINGLE) // GROUP
_FLOOR = 1e-9
_INSTALL = "pip install --force-reinstall saycut"


def features(power: Real) -> Real:
    """Powers (…, BINS), full scale 1, as the network sees them: (…, BANDS) of log power."""
    grouped = power[..., SINGLE:].reshape(*power.shape[:-1], -1, GROUP).mean(axis=-1)
    bands = np.concatenate((power[..., :SINGLE], grouped), axis=-1)
    return np.asarray((np.log10(bands + np.float32(_FLOOR)) + 5) / 2, np.float32)


def masks(seen: Real) -> Real:
    """(2, frames, BANDS) features of the middle and the side -> (3, frames, BINS): the shares of speech,
    music and the rest, which add up to one. Raises Internal when the file in the package is not the one it
    should be."""
    frames = seen.shape[1]
    even = np.pad(seen, ((0, 0), (0, frames % 2), (0, 0)), mode="edge")  # it takes frames in pairs
    (given,) = _session().run(None, {"features": even[None]})
    shares: Real = given[0, :, :frames]
    return np.concatenate((shares[..., :SINGLE], np.repeat(shares[..., SINGLE:], GROUP, axis=-1)), axis=-1)


@cache
def _session() -> Any:  # onnxruntime.InferenceSession, which has no type stubs
    import onnxruntime

    try:
        weights = (files("saycut.audio.ears") / "ears.onnx").read_bytes()
    except OSError as error:
        raise Internal(reason=f"the network is missing from the install: {_INSTALL}") from error
    if hashlib.sha256(weights).hexdigest() != SHA256:
        raise Internal(reason=f"the network in the install is damaged: {_INSTALL}")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
