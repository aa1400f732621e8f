"""Recordings to train on, decoded once to 16 kHz into one flat file that every process maps into memory."""

import argparse
import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import numpy as np
import soxr
from numpy.typing import NDArray

Pcm = NDArray[np.float32]  # channels x samples
RATE_HZ = 16_000
_KEPT_OUT = 12  # one speaker or piece in so many is never trained on: the runs are watched by those
_FULL_SCALE = 32_767.0


@dataclass(frozen=True)
class Clip:
    """One recording in the flat file: `channels` x `samples` of int16 from `begin` on."""

    file: str
    family: str  # speech, music, sung, noise, rir
    kind: str
    origin: str  # speaker or piece
    begin: int
    channels: int
    samples: int
    snr_db: float  # 95th minus 5th percentile of 20 ms levels; NaN where nobody measured it

    @property
    def held_out(self) -> bool:
        """Whether it serves for watching only. By the hash of its origin: the same on every machine."""
        digest = hashlib.sha256(f"{self.family}/{self.origin}".encode()).digest()
        return digest[0] % _KEPT_OUT == 0 and self.family != "rir"


class Material:
    """All clips of a prepared folder."""

    def __init__(self, folder: Path) -> None:
        self.clips = [Clip(**row) for row in json.loads((folder / "index.json").read_text("utf-8"))]
        self._flat: NDArray[np.int16] = np.load(folder / "flat.npy", mmap_mode="r")
        self._sides: dict[tuple[str, bool], list[Clip]] = defaultdict(list)
        for clip in self.clips:
            self._sides[clip.family, clip.held_out].append(clip)

    def of(self, family: str, *, held_out: bool) -> list[Clip]:
        """The clips of one family, of the side that is trained on or of the other."""
        return self._sides[family, held_out]

    def read(self, clip: Clip, first: int = 0, samples: int | None = None) -> Pcm:
        """`samples` from `first` on, full scale 1."""
        whole = self._flat[clip.begin : clip.begin + clip.channels * clip.samples]
        part = whole.reshape(clip.channels, clip.samples)[:, first:][:, :samples]
        return part.astype(np.float32) / _FULL_SCALE


def prepare(sources: Sequence[Path], folder: Path) -> Material:
    """Decode every file that the manifests of `sources` name into `folder`. Raises OSError,
    av.FFmpegError."""
    folder.mkdir(parents=True, exist_ok=True)
    clips: list[Clip] = []
    parts: list[NDArray[np.int16]] = []
    begin = 0
    for source, row in _rows(sources):
        sound = decoded(source / row["file"], float(row["rate"]))
        clips.append(_clip(row, sound, begin))
        parts.append(np.round(np.clip(sound, -1, 1) * _FULL_SCALE).astype(np.int16).ravel())
        begin += sound.size
        if len(clips) % 200 == 0:
            print(f"{len(clips)} recordings", flush=True)
    np.save(folder / "flat.npy", np.concatenate(parts))
    (folder / "index.json").write_text(json.dumps([asdict(clip) for clip in clips]), "utf-8")
    return Material(folder)


def decoded(path: Path, rate_hz: float) -> Pcm:
    """The sound of a file at 16 kHz, by way of the rate it was recorded at: Opus decodes to 48 kHz, and what
    lies above the half of the first rate is the coder's, not the recording's."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        layout = "mono" if stream.channels == 1 else "stereo"
        to_float = av.AudioResampler(format="fltp", layout=layout)
        frames = [out.to_ndarray() for frame in file.decode(stream) for out in to_float.resample(frame)]
        frames += [out.to_ndarray() for out in to_float.resample(None)]
        given_hz = float(stream.rate)
    sound = np.concatenate(frames, axis=1).T
    for rate in (min(rate_hz, given_hz), float(RATE_HZ)):
        if rate != given_hz:
            sound, given_hz = soxr.resample(sound, given_hz, rate), rate
    return np.ascontiguousarray(sound.T, np.float32)


def _rows(sources: Sequence[Path]) -> Iterator[tuple[Path, dict[str, str]]]:
    for source in sources:
        with (source / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield source, row


def _clip(row: dict[str, str], sound: Pcm, begin: int) -> Clip:
    family = "sung" if row["kind"] == "music, sung" else row["file"].split("/")[0]
    return Clip(
        file=row["file"],
        family=family,
        kind=row["kind"],
        origin=row["speaker_or_piece"],
        begin=begin,
        channels=sound.shape[0],
        samples=sound.shape[1],
        snr_db=float(row["est_snr_db"] or "nan"),
    )


def main() -> None:
    """`python -m training.material SOURCE… --out FOLDER`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+", type=Path, help="folders with a MANIFEST.csv")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    made = prepare(options.sources, options.out)
    hours = sum(clip.samples for clip in made.clips) / RATE_HZ / 3600
    print(f"{len(made.clips)} recordings, {hours:.2f} h")


if __name__ == "__main__":
    main()
