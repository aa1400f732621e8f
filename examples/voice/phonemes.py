"""The sounds and the words, read from their tables."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent
SILENT_DB = -90.0
Three = tuple[float, float, float]


@dataclass(frozen=True)
class Phoneme:
    """One sound: formant targets and bandwidths (Hz), durations (ms), levels (dB below a vowel)."""

    name: str
    kind: str
    formants_hz: Three
    glide_hz: Three
    bandwidths_hz: Three
    ms: float
    min_ms: float
    voice_db: float
    noise_db: float
    shape_db: tuple[float, ...]

    @property
    def voiced(self) -> bool:
        return self.voice_db > SILENT_DB


@dataclass(frozen=True)
class Spoken:
    """A phoneme as it stands in a sentence."""

    phoneme: Phoneme
    stressed: bool
    word_end: bool


def spell(words: str) -> list[Spoken]:
    """The sounds of a sentence whose words are all in the lexicon; KeyError names the one that is not."""
    spoken: list[Spoken] = []
    for word in words.lower().replace(",", " ").replace(".", " ").split():
        symbols = _lexicon()[word].split()
        for at, symbol in enumerate(symbols):
            phoneme = table()[symbol.rstrip("01")]
            spoken.append(Spoken(phoneme, symbol.endswith("1"), at == len(symbols) - 1))
    return spoken


@lru_cache(maxsize=1)
def table() -> dict[str, Phoneme]:
    """All phonemes by their ARPAbet name."""
    rows = tomllib.loads((_HERE / "phonemes.toml").read_text("utf-8"))
    return {
        name: Phoneme(
            name=name,
            kind=row["kind"],
            formants_hz=tuple(row["f"]),
            glide_hz=tuple(row.get("f2", row["f"])),
            bandwidths_hz=tuple(row["b"]),
            ms=row["ms"],
            min_ms=row["min_ms"],
            voice_db=row.get("voice_db", SILENT_DB),
            noise_db=row.get("noise_db", SILENT_DB),
            shape_db=tuple(row.get("shape", (-60.0,) * 6)),
        )
        for name, row in rows.items()
    }


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, str]:
    return tomllib.loads((_HERE / "lexicon.toml").read_text("utf-8"))
