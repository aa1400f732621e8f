"""A folder of rendered pieces with a manifest in the columns of the shared training data."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from training.synthetic.beds import any_bed
from training.synthetic.general_midi import general_midi
from training.synthetic.sound import Sound
from training.synthetic.sung import sung

COLUMNS = (
    *("file", "seconds", "rate", "kind", "speaker_or_piece", "source_repository", "path", "licence", "codec"),
    *("est_snr_db", "active_rms_dbfs", "bandwidth_hz"),
)
MANIFEST = "MANIFEST.csv"
_RATE_HZ = 48_000
_MIDI_RATE_HZ = 44_100
_SECONDS = (40.0, 60.0)
_FLOOR_DB = -60.0  # under the spectral peak of a piece: above its highest such frequency it counts as empty
_ACTIVE_DB = -40.0  # under the loudest 20 ms

_Made = tuple[Sound, str]


@dataclass(frozen=True)
class Kind:
    """A kind of piece: what the manifest says, its rate, and what makes (sound, description) of (seed, s)."""

    label: str
    licence: str
    rate_hz: int
    make: Callable[[int, float], _Made]


def _bed(seed: int, seconds: float) -> _Made:
    sound, mood = any_bed(np.random.default_rng((seed, 1)), seconds, _RATE_HZ)
    return sound, f"bed, {mood}"


def _midi(seed: int, seconds: float) -> _Made:
    sound, piece = general_midi(seed, seconds - 6, _MIDI_RATE_HZ)
    return sound, f"{piece.genre}, {piece.mode} on {piece.tonic}, {piece.tempo_bpm:.0f} a minute"


def _sung(seed: int, seconds: float) -> _Made:
    return sung(np.random.default_rng((seed, 3)), seconds, _RATE_HZ), "sung"


KINDS: dict[str, Kind] = {
    "midi": Kind(
        "music, general midi, stereo", "our own arrangement, FluidR3_GM samples MIT", _MIDI_RATE_HZ, _midi
    ),
    "sung": Kind("music, sung", "our own (seeded)", _RATE_HZ, _sung),
    "bed": Kind("music, bed, stereo", "our own (seeded)", _RATE_HZ, _bed),
}


def fill(folder: Path, counts: dict[str, int], seed: int) -> Iterator[str]:
    """Renders `counts` pieces of each kind into `folder`/music, and the manifest; yields a line per piece.

    A piece whose file and row are there is not made again, so that a run that was stopped goes on. Rows of
    other seeds stay. Raises what the makers raise (PlayerMissing for "midi"), OSError for the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = _known(folder / MANIFEST)
    for name, count in counts.items():
        for index in range(count):
            file = f"music/{name}_{seed}_{index:04d}.flac"
            if file in rows and (folder / file).is_file():
                yield f"{file}: there"
                continue
            rows[file] = _render(folder, file, KINDS[name], seed * 100_000 + index)
            _write(folder / MANIFEST, rows)
            yield f"{file}: {rows[file]['seconds']} s, {rows[file]['speaker_or_piece']}"


def _render(folder: Path, file: str, kind: Kind, seed: int) -> dict[str, str]:
    seconds = float(np.random.default_rng((seed, 9)).uniform(*_SECONDS))
    sound, description = kind.make(seed, seconds)
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    soundfile.write(part, sound, kind.rate_hz, format="FLAC", subtype="PCM_16")
    part.replace(path)
    return {
        **dict.fromkeys(COLUMNS, ""),
        "file": file,
        "seconds": f"{len(sound) / kind.rate_hz:.2f}",
        "rate": str(kind.rate_hz),
        "kind": kind.label,
        "speaker_or_piece": f"{path.stem} ({description})",
        "source_repository": "our own",
        "path": f"training.synthetic, seed {seed}",
        "licence": kind.licence,
        "codec": "flac",
        "active_rms_dbfs": f"{_active_db(sound, kind.rate_hz):.1f}",
        "bandwidth_hz": str(round(_bandwidth_hz(sound, kind.rate_hz))),
    }


def _active_db(sound: Sound, rate_hz: int) -> float:
    """The level of the 20 ms frames within 40 dB of the loudest."""
    hop = rate_hz // 50
    mono = np.square(sound, dtype=np.float64).mean(axis=1)
    frames = mono[: len(mono) // hop * hop].reshape(-1, hop).mean(axis=1)
    active = frames[frames > frames.max() * 10 ** (_ACTIVE_DB / 10)]
    return float(10 * np.log10(active.mean() + 1e-12)) if len(active) else -120.0


def _bandwidth_hz(sound: Sound, rate_hz: int) -> float:
    size = 4096
    mono = sound.mean(axis=1, dtype=np.float64)
    frames = np.lib.stride_tricks.sliding_window_view(mono, size)[:: size * 4] * np.hanning(size)
    power_db = 10 * np.log10(np.square(np.abs(np.fft.rfft(frames, axis=1))).mean(axis=0) + 1e-15)
    return float(np.flatnonzero(power_db > power_db.max() + _FLOOR_DB).max() * rate_hz / size)


def _known(manifest: Path) -> dict[str, dict[str, str]]:
    if not manifest.is_file():
        return {}
    with manifest.open(newline="", encoding="utf-8") as text:
        return {row["file"]: row for row in csv.DictReader(text)}


def _write(manifest: Path, rows: dict[str, dict[str, str]]) -> None:
    part = manifest.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerows(rows[file] for file in sorted(rows))
    part.replace(manifest)
