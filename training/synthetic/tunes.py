"""Tunes to sing: notes in a scale, in phrases with rests, a syllable on each."""

from dataclasses import dataclass, replace

import numpy as np

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
}
VOWELS = ("a", "a", "ae", "e", "i", "o", "u", "oe", "y", "uh")
CONSONANTS = ("", "", "s", "sh", "f", "h", "t", "k", "p", "d", "m", "m", "n", "l", "l", "r", "v", "z")
_RHYTHMS = (
    (1.0, 1.0, 2.0), (0.5, 0.5, 1.0, 2.0), (1.5, 0.5, 1.0, 1.0), (0.5, 0.5, 0.5, 0.5, 2.0), (3.0, 1.0),
    (4.0,), (2.0, 2.0), (0.75, 0.25, 1.0, 1.0, 1.0), (1.0, 0.5, 0.5, 2.0), (0.5, 1.0, 0.5, 2.0),
    (2.0, 1.0, 1.0),
)  # fmt: skip


@dataclass(frozen=True)
class SungNote:
    """A note: times in seconds, `midi` pitch (60 = middle C), what is sung, whether a phrase begins here."""

    start_s: float
    duration_s: float
    midi: float
    vowel: str = "a"
    consonant: str = ""
    first: bool = False
    loudness_db: float = 0.0


@dataclass(frozen=True)
class Tune:
    """Notes in time, with the scale (MIDI pitches from low to high) that they were taken from."""

    notes: tuple[SungNote, ...]
    ladder: tuple[int, ...]


def ladder_of(tonic: int, scale: str, low: int, high: int) -> tuple[int, ...]:
    """All pitches of a scale from `low` to `high`."""
    return tuple(pitch for pitch in range(low, high + 1) if (pitch - tonic) % 12 in SCALES[scale])


def tune(rng: np.random.Generator, seconds: float, low: int, high: int) -> Tune:
    """A tune between the MIDI pitches `low` and `high`, until `seconds`; a third of the phrases come back."""
    ladder = ladder_of(int(rng.integers(12)), str(rng.choice(list(SCALES))), low, high)
    beat_s = 60.0 / rng.uniform(60, 140)
    wordless = rng.random() < 0.2  # sung on one vowel, with hardly a consonant
    notes: list[SungNote] = []
    phrases: list[list[SungNote]] = []
    at_s = float(rng.uniform(0.1, 1.0))
    while at_s < seconds - 0.5:
        if phrases and rng.random() < 0.35:
            phrase = phrases[int(rng.integers(len(phrases)))]
        else:
            phrase = _phrase(rng, beat_s, ladder, wordless)
            phrases.append(phrase)
        notes += [replace(note, start_s=note.start_s + at_s) for note in phrase]
        length_s = phrase[-1].start_s + phrase[-1].duration_s
        at_s += length_s + beat_s * float(rng.choice([0.5, 1.0, 1.0, 2.0, 4.0]))
    kept = [note for note in notes if note.start_s + 0.3 < seconds]
    return Tune(tuple(replace(n, duration_s=min(n.duration_s, seconds - n.start_s)) for n in kept), ladder)


def harmony(tune_: Tune, steps: int) -> tuple[SungNote, ...]:
    """The same tune `steps` of its scale higher (2: a third), or an octave away where the scale ends."""
    notes = []
    for note in tune_.notes:
        place = tune_.ladder.index(round(note.midi)) + steps
        if place >= len(tune_.ladder) or place < 0:
            notes.append(replace(note, midi=note.midi - 12 if steps > 0 else note.midi + 12))
        else:
            notes.append(replace(note, midi=float(tune_.ladder[place])))
    return tuple(notes)


def _phrase(
    rng: np.random.Generator, beat_s: float, ladder: tuple[int, ...], wordless: bool
) -> list[SungNote]:
    bars = int(rng.integers(1, 4))
    lengths = [beats for _ in range(bars) for beats in _RHYTHMS[int(rng.integers(len(_RHYTHMS)))]]
    middle = rng.integers(len(ladder) // 4, max(len(ladder) // 4 + 1, 3 * len(ladder) // 4))
    place, vowel, at = int(middle), str(rng.choice(VOWELS)), 0.0
    loudness_db = float(rng.uniform(-6, 0))
    notes = []
    for order, beats in enumerate(lengths):
        arch_db = -4.0 * (2 * order / max(1, len(lengths) - 1) - 1) ** 2
        spoken = not wordless and (order == 0 or rng.random() < 0.85)  # otherwise the vowel is held over
        consonant = str(rng.choice(CONSONANTS)) if spoken else ""
        vowel = str(rng.choice(VOWELS)) if spoken else vowel
        notes.append(
            SungNote(
                at * beat_s,
                beats * beat_s,
                float(ladder[place]),
                vowel,
                consonant,
                order == 0,
                loudness_db + arch_db,
            )
        )
        at += beats
        step = int(rng.choice([-4, -3, -2, -1, -1, -1, 0, 1, 1, 1, 2, 3, 4]))
        place = int(np.clip(place + step, 0, len(ladder) - 1))
    return notes
