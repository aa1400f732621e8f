"""Every engine on the same recordings, side by side, and the tables of it written into the docs.

    python -m benchmarks.engines [ENGINE ...] [--noise] [--music] [--write]

ENGINE is a name as `--separator` of the product takes it (embedded, rnnoise, onnx:PATH); with none given,
embedded and rnnoise. noise: the dev mixes of denoise_eval through the engine alone and through `denoise`;
music: the 48 mixes of separation_eval through the engine alone and through `isolate_voice`. Needs the
shared data folder (SAYCUT_SHARED) and `pip install -e '.[bench]'`."""

import argparse
import sys
from functools import partial
from pathlib import Path

import numpy as np
from training.card import between

from benchmarks.denoise_eval import SNRS_DB, Method, table
from benchmarks.speech_eval import isolation_table
from saycut.audio.denoise import denoise
from saycut.audio.engines import EMBEDDED
from saycut.audio.isolation import isolate_voice, voice_regions
from saycut.audio.separation import Rival, engine_of
from saycut.audio.suppression import synthesised
from saycut.pcm import Pcm, PcmArray, blocks_of

_DOCS = Path("docs/explanation/measurements.md")


def alone(engine: str, against: Rival, sound: Pcm) -> Pcm:
    """What the engine itself makes of (samples, channels): its shares of speech, and nothing else done."""
    frames = engine_of(engine, against)(blocks_of(PcmArray(sound)))
    return np.concatenate(list(synthesised(frames, sound.shape[1], len(sound))))


def denoised(engine: str, sound: Pcm) -> Pcm:
    """`denoise` at its usual strength."""
    return np.concatenate(list(denoise(PcmArray(sound), engine=engine)[0]))


def isolated(engine: str, sound: Pcm) -> Pcm:
    """`isolate_voice` in the spans that `voice_regions` finds."""
    reader = PcmArray(sound)
    spans = voice_regions(reader, engine=engine)
    return np.concatenate(list(isolate_voice(reader, spans, engine=engine)[0]))


def noise_tables(engines: list[str]) -> str:
    """The mixes of both rates."""
    rows: dict[str, Method] = {"noisy": lambda sound: sound}
    for engine in engines:
        rows[f"{shown(engine)} alone"] = partial(alone, engine, "noise")
        rows[f"denoise, {shown(engine)}"] = partial(denoised, engine)
    return "\n".join(table(rate_hz, list(SNRS_DB), rows) for rate_hz in (16_000, 48_000))


def music_table(engines: list[str]) -> str:
    """The mixes of voice and music."""
    rows: dict[str, Method] = {}
    for engine in engines:
        rows[f"{shown(engine)} alone"] = partial(alone, engine, "music")
        rows[f"isolate_voice, {shown(engine)}"] = partial(isolated, engine)
    return isolation_table([f"{number:02d}" for number in range(12)], rows)


def shown(engine: str) -> str:
    """An engine in the table; of a path the name."""
    return f"onnx:{Path(engine.removeprefix('onnx:')).name}" if engine.startswith("onnx:") else engine


def main(words: list[str]) -> None:
    """Print the tables that were asked for, or both."""
    parser = argparse.ArgumentParser(prog="engines", description=__doc__)
    parser.add_argument("engines", nargs="*", default=[EMBEDDED, "rnnoise"])
    parser.add_argument("--noise", action="store_true")
    parser.add_argument("--music", action="store_true")
    parser.add_argument("--write", action="store_true", help=f"into {_DOCS}, between the marks")
    asked = parser.parse_args(words)
    for name, wanted, tables in (("noise", asked.noise, noise_tables), ("music", asked.music, music_table)):
        if wanted or not (asked.noise or asked.music):
            text = tables(asked.engines)
            print(f"{text}\n", flush=True)
            if asked.write:
                _DOCS.write_text(between(_DOCS.read_text("utf-8"), f"engines: {name}", text), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
