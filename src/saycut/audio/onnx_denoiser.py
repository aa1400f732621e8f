"""Any ONNX noise-reduction model a person brings, run as a streaming mono denoiser.

Two kinds fit, told apart by the first input: a waveform model ([N], [1, N] or [1, 1, N], N free or fixed,
with or without state) and a streaming STFT model (one frame [1, bins, 1, 2], real and imaginary), as GTCRN
and UL-UNAS are exported. The first output is the denoised sound in the same shape. Each further input is a
state, zeros at first, that takes the next further output of its shape; a single left-over number (a limit,
a switch) is given 0.
"""

from collections import deque
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from saycut.audio.resampling import resample
from saycut.errors import EngineFailed, Impossible, NotFound
from saycut.pcm import BLOCK_SAMPLES, RATE_HZ, Blocks, Pcm, reblock

Tensor = NDArray[np.float32]

_RATES_HZ = (16_000, 24_000, 48_000)
_RATE_OF_BINS_HZ = {257: 16_000}  # the one frame size whose rate goes without saying
_WINDOW_S = 4.0  # what a waveform model without state and of free length hears at once;
_OVERLAP = 4  # a quarter of every window is crossfaded with the next
_LONGEST_DELAY_S = 0.1
_CLEAR_PEAK = 0.5  # normalised cross-correlation above which a delay is believed
_GAIN_FRAME = 480  # 10 ms at 48 kHz
_GAIN_MEMORY = 0.8  # per frame: the gain above the model's band follows within about 50 ms


class _Model(msgspec.Struct, frozen=True):
    """A loaded model and how to feed it."""

    name: str
    session: Any  # onnxruntime.InferenceSession, which has no type stubs
    rate_hz: int
    sound: tuple[str, tuple[int, ...]]  # the sound input and its shape; a free dimension is 0
    states: tuple[tuple[str, int, tuple[int, ...]], ...]  # an input, the output it takes next, its shape
    numbers: tuple[tuple[str, tuple[int, ...]], ...]  # inputs that are given 0


def load_denoiser(model: Path, *, rate_hz: int | None = None) -> Callable[[Blocks], Blocks]:
    """A function from a mono 48 kHz stream (samples, 1) to the denoised one, aligned and exactly as long.

    The model's rate is `rate_hz`, else its metadata "sample_rate", else 16 kHz for 257 bins. A model under
    48 kHz works on its own band; what lies above is scaled by the smoothed gain it has on the whole. Its
    delay is measured and taken out. Raises NotFound for a missing file and Impossible for a model that does
    not fit.
    """
    loaded = _loaded(model, rate_hz)
    delay = _measured_delay(loaded)

    def denoised(blocks: Blocks) -> Blocks:
        if loaded.rate_hz == RATE_HZ:
            return _aligned(loaded, blocks, delay)
        return _banded(loaded, blocks, delay)

    return denoised


# ---- loading ----


def _loaded(path: Path, rate_hz: int | None) -> _Model:
    import onnxruntime

    if not path.is_file():
        raise NotFound(name=str(path))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no base but this one
        raise _unfit(path.name, f"it cannot be loaded ({_first_line(error)})", "无法加载") from error
    inputs, outputs = list(session.get_inputs()), list(session.get_outputs())
    if any(tensor.type != "tensor(float)" for tensor in inputs):
        raise _unfit(path.name, "an input is not float32", "有输入不是 float32")
    sound = (inputs[0].name, _fixed(inputs[0].shape))
    states, numbers = _states(path.name, inputs[1:], [_fixed(output.shape) for output in outputs])
    stated = session.get_modelmeta().custom_metadata_map.get("sample_rate", "")
    model = _Model(path.name, session, 0, sound, states, numbers)
    rate = rate_hz or (int(stated) if stated.isdecimal() else 0) or _implied_rate(model)
    if rate not in _RATES_HZ:
        known = ", ".join(map(str, _RATES_HZ))
        raise _unfit(
            path.name,
            f"its sample rate must be one of {known} Hz and stated in its metadata as sample_rate",
            f"元数据 sample_rate 须为 {known} Hz 之一",
        )
    model = msgspec.structs.replace(model, rate_hz=rate)
    _tried(model)
    return model


def _fixed(shape: list[int | str | None]) -> tuple[int, ...]:
    return tuple(size if isinstance(size, int) and size > 0 else 0 for size in shape)


def _states(
    name: str, inputs: list[Any], outputs: list[tuple[int, ...]]
) -> tuple[tuple[tuple[str, int, tuple[int, ...]], ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    """Further inputs: each with the next further output of its shape, and the single numbers left over."""
    states, numbers = [], []
    following = 1
    for tensor in inputs:
        shape = _fixed(tensor.shape)
        match = next(
            (at for at in range(following, len(outputs)) if outputs[at] == shape and 0 not in shape), None
        )
        if match is not None:
            states.append((tensor.name, match, shape))
            following = match + 1
        elif 0 not in shape and int(np.prod(shape)) == 1:
            numbers.append((tensor.name, shape))
        else:
            raise _unfit(
                name, f"nothing is known to feed its input {tensor.name}", f"不知道如何提供输入 {tensor.name}"
            )
    return tuple(states), tuple(numbers)


def _implied_rate(model: _Model) -> int:
    shape = model.sound[1]
    return _RATE_OF_BINS_HZ.get(shape[1], 0) if len(shape) == 4 else 0


def _is_spectral(model: _Model) -> bool:
    return len(model.sound[1]) == 4


def _tried(model: _Model) -> None:
    """Run the model once on silence: what comes out must have the shape of what went in."""
    shape = model.sound[1]
    spectral = (
        len(shape) == 4 and shape[0] in (0, 1) and shape[1] > 1 and shape[2] in (0, 1) and shape[3] == 2
    )
    if not spectral and not (1 <= len(shape) <= 3 and all(size in (0, 1) for size in shape[:-1])):
        raise _unfit(
            model.name, f"its first input has the shape {list(shape)}", f"第一个输入的形状是 {list(shape)}"
        )
    if spectral and not model.states:
        raise _unfit(model.name, "it takes single frames but keeps no state", "按帧输入却没有状态")
    size = shape[1] * 2 if spectral else shape[-1] or model.rate_hz
    try:
        _call(model, np.zeros(size, np.float32), _silent_states(model))
    except EngineFailed as error:
        raise _unfit(model.name, str(error.facts["reason"]), "试运行失败") from error


def _unfit(name: str, reason: str, reason_zh: str) -> Impossible:
    return Impossible(
        reason=f"{name} is no noise reduction model that Saycut can run: {reason}.",
        reason_zh=f"{name} 不是 Saycut 能运行的降噪模型：{reason_zh}。",
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0][:200]


# ---- running ----


def _silent_states(model: _Model) -> dict[str, Tensor]:
    return {name: np.zeros(shape, np.float32) for name, _, shape in model.states}


def _call(model: _Model, sound: Tensor, states: dict[str, Tensor]) -> Tensor:
    """One run on the flat `sound`; `states` are replaced by the model's. The result is flat, too."""
    name, shape = model.sound
    feeds = {**states, **{other: np.zeros(size, np.float32) for other, size in model.numbers}}
    feeds[name] = sound.reshape([size or 1 for size in shape[:-1]] + [shape[-1] or sound.size])
    try:
        outputs = model.session.run(None, feeds)
    except Exception as error:  # as above: no common base
        raise EngineFailed(reason=f"{model.name}: {_first_line(error)}") from error
    if np.size(outputs[0]) != sound.size:
        raise EngineFailed(reason=f"{model.name} made {np.size(outputs[0])} values of {sound.size}")
    states.update({state: outputs[at] for state, at, _ in model.states})
    out: Tensor = np.nan_to_num(np.asarray(outputs[0], np.float32).ravel(), posinf=0.0, neginf=0.0)
    return out


def _run(model: _Model, blocks: Blocks) -> Blocks:
    """The stream at the model's rate through the model, exactly as long, the model's delay still in."""
    if _is_spectral(model):
        return _run_spectral(model, blocks)
    return _run_framed(model, blocks) if model.states else _run_windowed(model, blocks)


def _run_framed(model: _Model, blocks: Blocks) -> Blocks:
    states = _silent_states(model)
    size = model.sound[1][-1] or model.rate_hz
    for block in reblock(blocks, max(1, model.rate_hz // size) * size):
        padded = np.pad(block[:, 0], (0, -len(block) % size)).reshape(-1, size)
        out = np.concatenate([_call(model, frame, states) for frame in padded])
        yield out[: len(block), None]


def _run_windowed(model: _Model, blocks: Blocks) -> Blocks:
    size = model.sound[1][-1] or round(_WINDOW_S * model.rate_hz)
    overlap = size // _OVERLAP
    fade_in = np.linspace(0, 1, overlap, endpoint=False, dtype=np.float32)
    tail: Tensor | None = None
    held: Tensor = np.zeros(0, np.float32)
    for block in reblock(blocks, size - overlap):
        held = np.concatenate((held, block[:, 0]))
        while len(held) >= size:
            out = _faded(_call(model, held[:size], {}), tail, fade_in)
            tail, held = out[size - overlap :], held[size - overlap :]
            yield out[: size - overlap, None]
    if len(held) and not (tail is not None and len(held) <= overlap):
        out = _faded(_call(model, np.pad(held, (0, size - len(held))), {}), tail, fade_in)
        yield out[: len(held), None]
    elif tail is not None and len(held):
        yield tail[: len(held), None]


def _faded(out: Tensor, tail: Tensor | None, fade_in: Tensor) -> Tensor:
    if tail is not None:
        out[: len(tail)] = out[: len(tail)] * fade_in + tail * (1 - fade_in)
    return out


def _run_spectral(model: _Model, blocks: Blocks) -> Blocks:
    """Frames of 2 (bins - 1) samples, half overlapped, square-root Hann windows (as in training)."""
    states = _silent_states(model)
    hop = _latency(model)
    window = np.sqrt(0.5 - 0.5 * np.cos(np.pi * np.arange(2 * hop) / hop)).astype(np.float32)
    heard = tail = np.zeros(hop, np.float32)
    for block in reblock(blocks, BLOCK_SAMPLES // hop * hop):
        out: list[Tensor] = []
        for part in np.pad(block[:, 0], (0, -len(block) % hop)).reshape(-1, hop):
            spectrum = np.fft.rfft(np.concatenate((heard, part)) * window)
            interleaved = np.stack((spectrum.real, spectrum.imag), axis=-1).astype(np.float32)
            real, imaginary = _call(model, interleaved.ravel(), states).reshape(-1, 2).T
            sound = np.fft.irfft(real + 1j * imaginary).astype(np.float32) * window
            out.append(tail + sound[:hop])
            heard, tail = part, sound[hop:]
        yield np.concatenate(out)[: len(block), None]


def _latency(model: _Model) -> int:
    """Samples by which `_run` is late by construction."""
    return model.sound[1][1] - 1 if _is_spectral(model) else 0


def _aligned(model: _Model, blocks: Blocks, delay: int) -> Blocks:
    """The stream at the model's rate, denoised, on time and exactly as long."""
    skip = _latency(model) + delay
    flush = np.zeros((skip, 1), np.float32)
    for out in _run(model, chain(blocks, [flush] if skip else [])):
        if len(out) > skip:
            yield out[skip:]
        skip = max(0, skip - len(out))


def _measured_delay(model: _Model) -> int:
    """By how many samples the model is late for a voice-like glide; 0 when it does not let that pass."""
    at_s = np.arange(model.rate_hz) / model.rate_hz
    phase = 2 * np.pi * np.cumsum(120 + 60 * at_s + 10 * np.sin(30 * at_s)) / model.rate_hz
    voice = sum(np.sin(order * phase) / order for order in range(1, 21)) * np.hanning(len(at_s)) * 0.1
    probe = np.asarray(voice, np.float32)
    out = np.concatenate(list(_aligned(model, iter([probe[:, None]]), 0)))[:, 0]
    lags = range(round(_LONGEST_DELAY_S * model.rate_hz))
    match = np.array([float(probe[: len(probe) - lag] @ out[lag:]) for lag in lags])
    match /= float(np.linalg.norm(probe) * np.linalg.norm(out)) + 1e-12
    best = int(np.argmax(match))
    return best if match[best] > _CLEAR_PEAK else 0


def _banded(model: _Model, blocks: Blocks, delay: int) -> Blocks:
    """A model of a lower rate on 48 kHz sound: its band denoised, the band above scaled by its gain."""
    whole: deque[Pcm] = deque()
    band: deque[Pcm] = deque()

    def kept(stream: Blocks, held: deque[Pcm]) -> Blocks:
        for block in stream:
            held.append(block)
            yield block

    def both() -> Blocks:
        narrow = kept(resample(kept(blocks, whole), RATE_HZ, model.rate_hz, 1), band)
        for wet in _aligned(model, narrow, delay):
            yield np.column_stack((_taken(band, len(wet)), wet))

    gain = 1.0
    last_gain = 1.0
    for pair in reblock(resample(both(), model.rate_hz, RATE_HZ, 2), BLOCK_SAMPLES):
        sound = _taken(whole, len(pair))
        if not len(sound):  # rounding of lengths may leave one sample too many
            break
        gains, gain = _smoothed_gains(pair[: len(sound)], gain)
        at = np.arange(1, len(gains) + 1) * _GAIN_FRAME
        curve = np.interp(
            np.arange(len(sound)), np.concatenate(([0], at)), np.concatenate(([last_gain], gains))
        )
        last_gain = gain
        yield pair[: len(sound), 1:] + (sound - pair[: len(sound), :1]) * curve[:, None].astype(np.float32)
    if whole:
        yield _taken(whole, sum(map(len, whole))) * np.float32(gain)


def _smoothed_gains(pair: Pcm, gain: float) -> tuple[NDArray[np.float64], float]:
    """The gain 0..1 of the second column over the first in each begun 10 ms, smoothed; and the last."""
    energy = np.add.reduceat(np.square(pair, dtype=np.float64), np.arange(0, len(pair), _GAIN_FRAME), axis=0)
    gains = np.sqrt(np.minimum(energy[:, 1] / (energy[:, 0] + 1e-12), 1))
    for at, value in enumerate(gains.tolist()):
        gain = _GAIN_MEMORY * gain + (1 - _GAIN_MEMORY) * value
        gains[at] = gain
    return gains, gain


def _taken(held: deque[Pcm], count: int) -> Pcm:
    """The first `count` samples of what is held (fewer when there are fewer), taken out of it."""
    parts: list[Pcm] = []
    while held and count > 0:
        part = held.popleft()
        if len(part) > count:
            held.appendleft(part[count:])
            part = part[:count]
        parts.append(part)
        count -= len(part)
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)
