"""Who tells a voice from the rest: one interface for every engine, by name.

`embedded` is our own network (see audio/ears) and RNNoise together, `rnnoise` the library of that name,
`onnx:PATH` a model that the person brings, `demucs:FOLDER` (or FOLDER/NAME) demucs with weights that they
bring. An engine hears a stream and gives frames with the share of speech in every bin; the embedded one
knows the share of music, too."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from saycut.audio import rnnoise
from saycut.audio.demucs_engine import load_demucs
from saycut.audio.ears.hearing import heard_by_two
from saycut.audio.engines import DEMUCS, EMBEDDED, ONNX, RNNOISE
from saycut.audio.onnx_denoiser import load_denoiser
from saycut.audio.suppression import Frames, analysed
from saycut.errors import Usage
from saycut.pcm import Blocks

Listening = Callable[[Blocks], Iterator[Frames]]  # 48 kHz, any channels
Rival = Literal["music", "noise"]

# How much RNNoise's word counts beside the network's: it knows noise better than music. On the dev mixes of
# noise 0.6 to 0.7 gives the best PESQ that costs no clip 0.005 of STOI; on those of music 0.3 to 0.4 the best
# SI-SDR, 0.2 dB above that of 0.6.
_OTHERS_WEIGHT: dict[Rival, float] = {"music": 0.4, "noise": 0.65}


def engine_of(name: str, against: Rival = "music") -> Listening:
    """The engine of that name, for voices `against` music or noise. Raises Usage for another; NotFound,
    Impossible for a model that will not do; Usage, too, for demucs without its extra."""
    if name == EMBEDDED:
        return partial(_by_two, others_weight=_OTHERS_WEIGHT[against])
    if name == RNNOISE:
        return partial(analysed, engine=rnnoise.suppressed)
    if name.startswith(ONNX):
        return partial(analysed, engine=load_denoiser(Path(name.removeprefix(ONNX))))
    if name.startswith(DEMUCS):
        return partial(analysed, engine=load_demucs(Path(name.removeprefix(DEMUCS))))
    raise Usage(reason=f"{name} is no engine: {EMBEDDED}, {RNNOISE}, {ONNX}PATH or {DEMUCS}FOLDER")


def _by_two(blocks: Blocks, others_weight: float) -> Iterator[Frames]:
    return heard_by_two(analysed(blocks, rnnoise.suppressed), others_weight)
