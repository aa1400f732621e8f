"""RNNoise 0.2 (Valin, BSD-3) through the C library inside the `pyrnnoise` distribution.

The library is found by the distribution's file list and called by ctypes: importing `pyrnnoise` itself would
pull in matplotlib, and its own loop quantises to int16 and leaves the delay in.
"""

import ctypes
from functools import cache
from importlib.metadata import PackageNotFoundError, files

import numpy as np
from numpy.typing import NDArray

from saycut.errors import Internal
from saycut.pcm import BLOCK_SAMPLES, Blocks, Pcm, reblock

FRAME_SAMPLES = 480  # 10 ms at 48 kHz, fixed in the library
DELAY_SAMPLES = 960  # one frame of overlap-add and one of lookahead; measured by cross-correlation
_FULL_SCALE = np.float32(32768)  # the network was trained on 16-bit values
_SUFFIXES = (".so", ".dylib", ".dll")
_INSTALL = "pip install --force-reinstall pyrnnoise==0.4.5"


def suppressed(blocks: Blocks) -> Blocks:
    """The mono 48 kHz stream with its noise removed, aligned with the input and exactly as long.

    `blocks` are (samples, 1). Samples that are not numbers count as zero.
    Raises Internal when the library is missing from the install.
    """
    library = _library()
    state = library.rnnoise_create(None)
    if not state:
        raise Internal(reason="RNNoise could not allocate its state")
    try:
        yield from _aligned(library, state, blocks)
    finally:
        library.rnnoise_destroy(state)


def _aligned(library: ctypes.CDLL, state: int, blocks: Blocks) -> Blocks:
    late, owed = DELAY_SAMPLES, 0
    for block in reblock(blocks, BLOCK_SAMPLES):
        owed += len(block)
        wet = _processed(library, state, block[:, 0])
        wet, late = wet[late:], max(0, late - len(wet))
        if len(wet):
            yield wet[:owed]
            owed -= min(owed, len(wet))
    if owed:
        yield _processed(library, state, np.zeros(late + DELAY_SAMPLES, np.float32))[late:][:owed]


def _processed(library: ctypes.CDLL, state: int, samples: NDArray[np.float32]) -> Pcm:
    """Whole frames through the library in place (the last one padded), delay still in."""
    frames = -(-len(samples) // FRAME_SAMPLES)
    buffer = np.zeros(frames * FRAME_SAMPLES, np.float32)
    buffer[: len(samples)] = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    buffer *= _FULL_SCALE
    address, stride, process = (
        buffer.ctypes.data,
        FRAME_SAMPLES * buffer.itemsize,
        library.rnnoise_process_frame,
    )
    for at in range(address, address + frames * stride, stride):
        process(state, at, at)
    buffer /= _FULL_SCALE
    return buffer[:, None]


@cache
def _library() -> ctypes.CDLL:
    try:
        listed = files("pyrnnoise") or []
    except PackageNotFoundError:
        raise Internal(reason=f"pyrnnoise is not installed (`{_INSTALL}`)") from None
    found = [entry for entry in listed if entry.suffix in _SUFFIXES and "rnnoise" in entry.name]
    if not found:
        raise Internal(reason=f"pyrnnoise came without its library (`{_INSTALL}`)")
    try:
        library = ctypes.CDLL(str(found[0].locate()))
    except OSError as error:
        raise Internal(reason=f"the RNNoise library cannot be loaded: {error} (`{_INSTALL}`)") from error
    library.rnnoise_create.argtypes = [ctypes.c_void_p]
    library.rnnoise_create.restype = ctypes.c_void_p
    library.rnnoise_destroy.argtypes = [ctypes.c_void_p]
    library.rnnoise_destroy.restype = None
    library.rnnoise_process_frame.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    library.rnnoise_process_frame.restype = ctypes.c_float
    if library.rnnoise_get_frame_size() != FRAME_SAMPLES:
        raise Internal(reason="this RNNoise library works in frames of another size")
    return library
