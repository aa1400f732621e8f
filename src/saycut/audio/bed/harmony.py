"""Scales and chords: roman numerals in, pitch classes out.

A progression is written as bars parted by spaces; chords that share a bar are joined by a
dot: ``"IImaj9 V9sus.V13 Imaj9"``. The numeral counts steps of the major scale above the
tonic in every mode (``bVI`` is eight semitones up), what follows it is the quality, and
``/7`` puts that step of the major scale into the bass.
"""

import re
from functools import lru_cache

import msgspec

from saycut.errors import Internal

MODES: dict[str, tuple[int, ...]] = {
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "harmonic_minor": (0, 2, 3, 5, 7, 8, 11),
}

# Intervals above the root in the order in which a voicing wants them: the tones that give
# the chord its colour first, the fifth (which the ear supplies by itself) late.
QUALITIES: dict[str, tuple[int, ...]] = {
    "": (4, 0, 7),
    "m": (3, 0, 7),
    "sus2": (2, 0, 7),
    "sus": (5, 0, 7),
    "add9": (4, 2, 0, 7),
    "madd9": (3, 2, 0, 7),
    "6": (4, 9, 0, 7),
    "m6": (3, 9, 0, 7),
    "69": (4, 9, 2, 7),
    "maj7": (4, 11, 7, 0),
    "maj9": (4, 11, 2, 7),
    "maj7#11": (4, 11, 6, 7),
    "7": (4, 10, 0, 7),
    "9": (4, 10, 2, 7),
    "13": (4, 10, 9, 2),
    "7sus": (5, 10, 0, 7),
    "9sus": (5, 10, 2, 7),
    "13sus": (5, 10, 9, 2),
    "m7": (3, 10, 7, 0),
    "m9": (3, 10, 2, 7),
    "m11": (3, 10, 5, 2),
    "mmaj9": (3, 11, 2, 7),
    "m7b5": (3, 10, 6, 0),
    "dim7": (3, 9, 6, 0),
    "7b9": (4, 10, 1, 7),
}

_STEPS = {"1": 0, "2": 2, "3": 4, "4": 5, "5": 7, "6": 9, "7": 11}
_NUMERALS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_CHORD = re.compile(r"(b|#)?(VII|VI|IV|V|III|II|I)([^/]*)(?:/(b|#)?([1-7]))?")
_ACCIDENTAL = {"b": -1, "#": 1, None: 0}


class Chord(msgspec.Struct, frozen=True):
    """Pitch classes (0..11, C = 0): `root`, `bass`, and `tones` in order of importance."""

    root: int
    bass: int
    tones: tuple[int, ...]
    name: str

    @property
    def fifth(self) -> int:
        """The pitch class of the fifth (perfect when the chord names none)."""
        for interval in (7, 6):
            if (self.root + interval) % 12 in self.tones:
                return (self.root + interval) % 12
        return (self.root + 7) % 12

    @property
    def third(self) -> int:
        """The pitch class that stands for the third (of a suspended chord: the root)."""
        for interval in (4, 3):
            if (self.root + interval) % 12 in self.tones:
                return (self.root + interval) % 12
        return self.root

    @property
    def seventh(self) -> int:
        """The pitch class of the seventh; the fifth when the chord has none."""
        for interval in (10, 11):
            if (self.root + interval) % 12 in self.tones:
                return (self.root + interval) % 12
        return self.fifth


Bar = tuple[Chord, ...]
"""The chords of one bar, equally long."""


@lru_cache(maxsize=512)
def chord(symbol: str, tonic: int) -> Chord:
    """The chord that `symbol` means above `tonic` (pitch class). Raises Internal on a misspelt symbol."""
    found = _CHORD.fullmatch(symbol)
    if found is None or found[3] not in QUALITIES:
        raise Internal(reason=f"the chord {symbol!r} is not known")
    root = (tonic + _NUMERALS[found[2]] + _ACCIDENTAL[found[1]]) % 12
    bass = root if found[5] is None else (tonic + _STEPS[found[5]] + _ACCIDENTAL[found[4]]) % 12
    tones = tuple((root + interval) % 12 for interval in QUALITIES[found[3]])
    return Chord(root=root, bass=bass, tones=tones, name=symbol)


def progression(text: str, tonic: int) -> tuple[Bar, ...]:
    """The bars of a written progression."""
    return tuple(tuple(chord(symbol, tonic) for symbol in bar.split(".")) for bar in text.split())


def scale(mode: str, tonic: int) -> tuple[int, ...]:
    """The pitch classes of `mode` on `tonic`."""
    return tuple((tonic + step) % 12 for step in MODES[mode])


def fitting_scale(mode: str, tonic: int, sounding: Chord) -> tuple[int, ...]:
    """The scale bent where `sounding` needs it: a chord tone replaces its chromatic neighbours."""
    tones = set(sounding.tones)
    kept = [
        pitch
        for pitch in scale(mode, tonic)
        if pitch in tones or not ({(pitch + 1) % 12, (pitch - 1) % 12} & (tones - set(scale(mode, tonic))))
    ]
    return tuple(sorted({*kept, *tones}))


def nearest(pitch_class: int, to: float, low: int, high: int) -> int:
    """The MIDI pitch of `pitch_class` within [low, high] that lies closest to `to`."""
    choices = [pitch for pitch in range(low, high + 1) if pitch % 12 == pitch_class]
    if not choices:
        choices = [low + (pitch_class - low) % 12]
    return min(choices, key=lambda pitch: (abs(pitch - to), pitch))
