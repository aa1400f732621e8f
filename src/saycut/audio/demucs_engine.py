"""Demucs (MIT) on a stream, with weights that a person brings: the extra `demucs`.

Weights are never fetched. A folder is laid out as for demucs' own `--repo`: NAME.yaml is a bag (which files,
and how much each counts for each source), SIGNATURE-CHECKSUM.th one network. Of the package only the networks
are imported; what of it knows addresses (`demucs.pretrained`, `demucs.hf`) is not. A .th is a pickle, which
could run anything: it is read as plain weights, and of other names in it only those that the official files
are known to hold are allowed.
"""

import hashlib
import pickle
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from saycut.audio.resampling import resample
from saycut.errors import EngineFailed, Impossible, NotFound, Usage
from saycut.pcm import BLOCK_SAMPLES, RATE_HZ, Blocks, Pcm, reblock

Sound = NDArray[np.float32]  # (samples,)

_VOICE = "vocals"
_RATES_HZ = (44_100, 48_000)  # below these the voice would lose its upper band
_WINDOW_S = 10.0  # or what the network was made for, when that is less
_SHORTEST_WINDOW_S = 1.0
_HOP_QUARTERS = 3  # of a window; the fourth quarter is crossfaded with the next, as demucs does
_SILENCE = 1e-7  # standard deviation under which nothing is asked


class _Bag(msgspec.Struct, frozen=True):
    """A NAME.yaml; `weights` has a row for each model and in it a number for each source."""

    models: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...] | None = None


class _Voice(msgspec.Struct, frozen=True):
    """The networks that have a say in the voice, and how much each counts."""

    name: str
    networks: tuple[tuple[Any, float], ...]  # demucs' own classes, which have no type stubs

    @property
    def rate_hz(self) -> int:
        return int(self.networks[0][0].samplerate)

    @property
    def window_samples(self) -> int:
        shortest_s = min(float(network.segment) for network, _ in self.networks)
        return int(min(_WINDOW_S, shortest_s) * self.rate_hz)


def load_demucs(place: Path) -> Callable[[Blocks], Blocks]:
    """A function from a mono 48 kHz stream (samples, 1) to the voice in it, aligned and exactly as long.

    `place` is FOLDER/NAME, or FOLDER when it holds one model. What lies above the model's band (20.5 kHz
    for one at 44.1 kHz) is not voice. Raises NotFound for a model that is not there, Usage for a folder of
    several and for a missing extra, Impossible for a file that is no such model.
    """
    folder, name = _chosen(place)
    _asked_for()
    voice = _loaded(folder, name)

    def heard(blocks: Blocks) -> Blocks:
        return at_its_rate(
            blocks, lambda sound: _vocals(voice, sound), rate_hz=voice.rate_hz, size=voice.window_samples
        )

    return heard


def at_its_rate(blocks: Blocks, model: Callable[[Sound], Sound], *, rate_hz: int, size: int) -> Blocks:
    """The mono 48 kHz stream through `model`, which takes and gives windows of `size` samples at `rate_hz`:
    aligned and exactly as long, in blocks of a second. Samples that are not numbers count as zero."""
    taken = given = 0

    def counted() -> Blocks:
        nonlocal taken
        for block in blocks:
            taken += len(block)
            yield np.nan_to_num(block, posinf=0.0, neginf=0.0)  # one would spoil all that a filter spans

    wet = in_windows(
        resample(counted(), RATE_HZ, rate_hz, 1), model, size, overlap=size - size * _HOP_QUARTERS // 4
    )
    for block in reblock(resample(wet, rate_hz, RATE_HZ, 1), BLOCK_SAMPLES):
        out: Pcm = block[: taken - given]  # there and back may round to a sample more than went in,
        if len(out):
            given += len(out)
            yield out
    if given < taken:  # or less
        yield np.zeros((taken - given, 1), np.float32)


def in_windows(blocks: Blocks, model: Callable[[Sound], Sound], size: int, overlap: int) -> Blocks:
    """The mono stream through `model`, which takes and gives `size` samples: aligned and exactly as long.

    Neighbouring windows share `overlap` samples, crossfaded. The last window ends with the stream, so that it
    hears as much as the others; only a stream shorter than one is padded, on both sides. Held at once: two
    windows.
    """
    hop = size - overlap
    fade_in = np.arange(overlap, dtype=np.float32) / np.float32(overlap)
    before = tail = held = np.zeros(0, np.float32)
    for block in reblock(blocks, hop):
        held = np.concatenate((held, block[:, 0]))
        while len(held) > size:
            out = _faded(tail, model(held[:size]), fade_in)
            yield out[:hop, None]
            tail, before, held = out[hop:], held[:hop], held[hop:]
    if len(held):
        last = np.concatenate((before, held))[-size:]
        lead = (size - len(last)) // 2
        out = model(np.pad(last, (lead, size - len(last) - lead)))[lead : lead + len(last)]
        yield _faded(tail, out[len(last) - len(held) :], fade_in)[:, None]


def _faded(tail: Sound, out: Sound, fade_in: Sound) -> Sound:
    """`out` with its beginning faded in over `tail` (nothing, at first); equal parts stay what they are."""
    shared = len(tail)
    return np.concatenate((tail + (out[:shared] - tail) * fade_in[:shared], out[shared:]))


def _vocals(voice: _Voice, sound: Sound) -> Sound:
    import torch
    from demucs.apply import apply_model

    level = np.float32(sound.std())
    if level < _SILENCE:
        return np.zeros_like(sound)
    out = np.zeros_like(sound)
    try:
        with torch.inference_mode():
            for network, weight in voice.networks:
                mix = torch.from_numpy(sound / level).expand(1, network.audio_channels, -1)
                stems = apply_model(network, mix, shifts=0, split=False)[0]
                out += stems[network.sources.index(_VOICE)].mean(0).numpy() * np.float32(weight)
    except Exception as error:  # torch's own exceptions share no base but this one
        raise EngineFailed(reason=f"{voice.name}: {_first_line(error)}") from error
    total = np.float32(sum(weight for _, weight in voice.networks))
    whole: Sound = np.nan_to_num(out * (level / total), posinf=0.0, neginf=0.0)
    return whole


# ---- finding ----


def _chosen(place: Path) -> tuple[Path, str]:
    """The folder and the name of the model. Nothing but the folder is looked at."""
    if not place.is_dir():
        if place.parent.is_dir() and place.name in _names(place.parent):
            return place.parent, place.name
        raise _missing(place.name, place.parent)
    names = _bags(place) or _files(place)
    if len(names) > 1:
        listed = ", ".join(sorted(names))
        raise Usage(
            reason=f"{place} holds several models ({listed}): write demucs:{place}/NAME.",
            reason_zh=f"{place} 中有多个模型（{listed}）：请写 demucs:{place}/名称。",
        )
    if not names:
        raise NotFound(name=f"A demucs model in {place}", name_zh=f"{place} 中的 demucs 模型")
    return place, next(iter(names))


def _names(folder: Path) -> set[str]:
    return {*_bags(folder), *_files(folder)}


def _bags(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def _files(folder: Path) -> dict[str, Path]:
    """The .th files by signature: the name up to the last hyphen."""
    return {file.stem.rsplit("-", 1)[0]: file for file in sorted(folder.glob("*.th"))}


def _missing(name: str, folder: Path) -> NotFound:
    return NotFound(name=f"The demucs model {name} in {folder}", name_zh=f"{folder} 中的 demucs 模型 {name}")


# ---- loading ----


def _asked_for() -> None:
    """Import what the extra brings, and hold torch to one thread. Raises Usage without it."""
    try:
        import torch

        import_module("demucs.apply")
    except ImportError:
        raise Usage(
            reason="That engine needs demucs, which is not installed: pip install 'saycut[demucs]'.",
            reason_zh="该引擎需要尚未安装的 demucs：请先 pip install 'saycut[demucs]'。",
        ) from None
    torch.set_num_threads(1)


def _loaded(folder: Path, name: str) -> _Voice:
    files = _files(folder)
    bag = _Bag((name,)) if name in files else _bag(_bags(folder)[name])
    rows = bag.weights or ((),) * len(bag.models)
    if len(rows) != len(bag.models):
        raise _unfit(name, "it weighs more or fewer models than it names", "权重与模型的数目不符")
    kept: list[tuple[Any, float]] = []
    for signature, row in zip(bag.models, rows, strict=True):
        if signature not in files:
            raise _missing(signature, folder)
        network = _network(files[signature])
        at = network.sources.index(_VOICE)
        weight = (row[at] if at < len(row) else 0.0) if bag.weights else 1.0
        if weight > 0:  # of the four of htdemucs_ft one alone makes the voice
            kept.append((network, weight))
    if not kept or len({network.samplerate for network, _ in kept}) > 1:
        raise _unfit(name, "its models make no voice together", "其中的模型无法共同分离人声")
    return _Voice(name, tuple(kept))


def _bag(file: Path) -> _Bag:
    try:
        bag = msgspec.yaml.decode(file.read_bytes(), type=_Bag)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _unfit(file.name, "it lists no models", "没有列出模型") from error
    if not bag.models:
        raise _unfit(file.name, "it lists no models", "没有列出模型")
    return bag


def _network(file: Path) -> Any:
    """The network of a .th, checked, ready to run."""
    from demucs.states import load_model

    _checked(file)
    package = _package(file)
    try:
        network = load_model(package).eval().requires_grad_(False)
    except Exception as error:  # whatever a constructor makes of arguments that are not its own
        raise _unfit(file.name, f"it cannot be built ({_first_line(error)})", "无法构建") from error
    if _VOICE not in network.sources:
        raise _unfit(file.name, f"it knows no source named {_VOICE}", f"没有名为 {_VOICE} 的声源")
    if network.samplerate not in _RATES_HZ:
        known = ", ".join(map(str, _RATES_HZ))
        raise _unfit(file.name, f"its sample rate must be one of {known} Hz", f"采样率须为 {known} Hz 之一")
    if float(network.segment) < _SHORTEST_WINDOW_S:
        raise _unfit(file.name, "it hears less than a second at once", "每次处理不足一秒")
    return network


def _checked(file: Path) -> None:
    _, hyphen, promised = file.stem.rpartition("-")
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    if hyphen and not digest.startswith(promised):
        raise _unfit(
            file.name, "its content is not what the checksum in its name says", "内容与文件名中的校验和不符"
        )


def _package(file: Path) -> dict[str, Any]:
    """What demucs keeps in a .th: `klass`, `args`, `kwargs` and the `state`; nothing in it is run."""
    import torch
    from demucs.demucs import Demucs
    from demucs.hdemucs import HDemucs
    from demucs.htdemucs import HTDemucs

    classes = (Demucs, HDemucs, HTDemucs)
    scalar = np.float64(0).__reduce__()[0]  # files written with numpy 1 and 2 call it by two names
    scalars = [(scalar, f"numpy.{core}.multiarray.scalar") for core in ("core", "_core")]
    allowed = [*classes, Fraction, np.dtype, type(np.dtype(np.float64)), *scalars]
    try:
        with torch.serialization.safe_globals(allowed):
            package = torch.load(file, "cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise _unfit(file.name, "it holds something other than weights", "包含权重以外的内容") from error
    except Exception as error:  # as above: no common base
        raise _unfit(file.name, f"it cannot be loaded ({_first_line(error)})", "无法加载") from error
    if not isinstance(package, dict) or package.get("klass") not in classes:
        raise _unfit(file.name, "it names no network of demucs", "没有指明 demucs 的网络")
    state = package.get("state")
    if not isinstance(state, dict) or "__quantized" in state:
        raise _unfit(file.name, "its weights are packed (diffq) or missing", "权重被压缩（diffq）或缺失")
    return package


def _unfit(name: str, reason: str, reason_zh: str) -> Impossible:
    return Impossible(
        reason=f"{name} is no demucs model that Saycut can run: {reason}.",
        reason_zh=f"{name} 不是 Saycut 能运行的 demucs 模型：{reason_zh}。",
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", maxsplit=1)[0][:200]
