"""A small prepared folder of material: tones for music, pulses for speech, hiss for noise, one room."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from training.material import RATE_HZ, Clip, Material

_S = 6  # seconds each
_EACH = 40  # so that some of each family are held out


def small_material(folder: Path) -> Material:
    """Forty recordings of each family, one or two channels, and three rooms."""
    rng = np.random.default_rng(1)
    clips: list[Clip] = []
    parts: list[np.ndarray] = []
    begin = 0
    for family in ("speech", "music", "sung", "noise", "rir"):
        for number in range(3 if family == "rir" else _EACH):
            sound = _sound(family, number, rng)
            channels, samples = sound.shape
            clips.append(
                Clip(
                    f"{family}/{number}", family, family, f"{family} {number}", begin, channels, samples, 50.0
                )
            )
            parts.append(np.round(sound * 32_767).astype(np.int16).ravel())
            begin += sound.size
    np.save(folder / "flat.npy", np.concatenate(parts))
    (folder / "index.json").write_text(json.dumps([asdict(clip) for clip in clips]), "utf-8")
    return Material(folder)


def _sound(family: str, number: int, rng: np.random.Generator) -> np.ndarray:
    at_s = np.arange(_S * RATE_HZ) / RATE_HZ
    match family:
        case "speech" | "sung":
            pitch_hz = 90 + 4 * number
            pulses = sum(np.sin(2 * np.pi * pitch_hz * k * at_s) / k for k in range(1, 20))
            return 0.1 * (pulses * (np.sin(2 * np.pi * 3 * at_s) > 0))[None]
        case "music":
            return 0.1 * np.stack(
                [np.sin(2 * np.pi * (200 + 10 * number) * at_s + phase) for phase in (0, 1)]
            )
        case "noise":
            return 0.1 * np.clip(rng.normal(0, 1, (1, at_s.size)), -4, 4)
    fall = np.exp(-np.arange(RATE_HZ // 4) / 800)
    response = rng.normal(0, 0.05, fall.size) * fall
    response[20] = 0.9
    return response[None]
