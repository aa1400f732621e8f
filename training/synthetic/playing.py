"""What the players of the accompaniment do in one bar."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.midi_file import Part

_BASS_LOW, _CHORD_LOW, _PAD_LOW, _PATTERN_LOW = 33, 52, 50, 60
_LAST_QUARTERS = 4.0  # how long the final chord is held


@dataclass(frozen=True)
class Bar:
    """A bar: where it starts (quarters), its chord (degree of the mode), how loud, how loosely played."""

    start: float
    quarters: float
    degree: int
    next_degree: int
    mode: tuple[int, ...]
    tonic: int
    size: int = 3
    loudness: float = 0.7
    swing: float = 0.0
    loose: float = 0.0
    final: bool = False

    def pitch(self, degree: int, low: int) -> int:
        """The pitch of a degree of the mode (any integer: seven are an octave) at or over `low`."""
        semitones = self.mode[degree % 7] + 12 * (degree // 7)
        base = self.tonic + 12 * -(-(low - self.tonic - self.mode[self.degree % 7]) // 12)
        return base + semitones

    def chord(self, low: int) -> list[int]:
        """The chord from `low` up, turned so that it stays near."""
        degrees = [self.degree + 2 * third for third in range(self.size)]
        return sorted(low + (self.tonic + self.mode[d % 7] - low) % 12 for d in degrees)

    def velocity(self, rng: np.random.Generator, accent: float = 1.0) -> int:
        """1..127: the loudness of the bar, an accent, and a hand's unevenness."""
        return int(np.clip(127 * self.loudness * accent + rng.normal(0, 5), 12, 127))

    def at(self, quarter: float, rng: np.random.Generator) -> float:
        """A place in the bar as it is played: off-beats late by the swing, everything a little uneven."""
        late = self.swing * 0.5 if abs(quarter % 1 - 0.5) < 1e-6 else 0.0
        return self.start + quarter + late + float(rng.normal(0, self.loose))


def bass_bar(part: Part, bar: Bar, figure: str, rng: np.random.Generator) -> None:
    """One bar of bass."""
    root = bar.pitch(bar.degree, _BASS_LOW)
    fifth = bar.pitch(bar.degree + 4, _BASS_LOW)
    if bar.final:
        part.note(bar.start, _LAST_QUARTERS, root, bar.velocity(rng))
        return
    for quarter, quarters, pitch, accent in _bass_notes(bar, figure, root, fifth, rng):
        if quarter < bar.quarters:
            length = min(quarters, bar.quarters - quarter) * float(rng.uniform(0.75, 0.98))
            part.note(bar.at(quarter, rng), length, pitch, bar.velocity(rng, accent))


def _bass_notes(
    bar: Bar, figure: str, root: int, fifth: int, rng: np.random.Generator
) -> list[tuple[float, float, int, float]]:
    """(start, length, pitch, accent) of each note, in quarters from the bar; some may lie past its end."""
    beats = range(int(np.ceil(bar.quarters)))
    third, goal = bar.pitch(bar.degree + 2, _BASS_LOW), bar.pitch(bar.next_degree, _BASS_LOW)
    walk = (root, third, fifth, goal + int(rng.choice([-1, 1, 2])))
    every: dict[str, list[tuple[float, float, int, float]]] = {
        "roots": [(0, bar.quarters, root, 1.0)],
        "pedal": [(0, bar.quarters, bar.pitch(0, _BASS_LOW - 5), 0.9)],
        "fifths": [(b, 1.0, fifth if b % 2 else root, 1.0) for b in beats],
        "eighths": [(b + s / 2, 0.5, root, 1.0 - 0.15 * s) for b in beats for s in (0, 1)],
        "octaves": [(b + s / 2, 0.5, root + 12 * s, 1.0) for b in beats for s in (0, 1)],
        "sixteenths": [(b + s / 4, 0.25, root, 0.9) for b in beats for s in (1, 2, 3)],
        "offbeats": [(b + 0.5, 0.5, root, 1.0) for b in beats],
        "syncopated": [
            (0, 1.4, root, 1.0),
            (1.5, 0.9, root, 0.9),
            (2.5, 0.5, fifth, 0.9),
            (3, 0.9, root + 12, 0.8),
        ],
        "walking": [(b, 1.0, walk[b % 4], 1.0) for b in beats],
    }
    return every[figure]


def chord_bar(part: Part, bar: Bar, figure: str, rng: np.random.Generator) -> None:
    """One bar of chords."""
    pitches = bar.chord(_CHORD_LOW)
    if figure == "power":
        root = bar.pitch(bar.degree, 40)
        pitches = [root, root + 7, root + 12]
    if bar.final:
        _strike(part, bar, pitches, rng, quarter=0.0, quarters=_LAST_QUARTERS, accent=1.0)
    elif figure == "broken":
        _broken(part, bar, [bar.pitch(bar.degree, _CHORD_LOW - 12), *pitches], rng)
    else:
        for quarter, quarters, accent in _chord_places(bar, figure, rng):
            _strike(part, bar, pitches, rng, quarter=quarter, quarters=quarters, accent=accent)


def _chord_places(bar: Bar, figure: str, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    halves = [s / 2 for s in range(int(2 * bar.quarters))]
    if figure == "beats":
        return [(h, 0.9, 0.9 if h else 1.0) for h in halves if h % 1 == 0]
    if figure == "offbeat":
        return [(h, 0.35, 0.9) for h in halves if h % 1 == 0.5]
    if figure in {"strum", "power"}:
        return [(h, 0.48, 1.0 if h % 2 == 0 else 0.75) for h in halves if h == 0 or rng.random() < 0.8]
    if figure == "comp":
        return [(h, float(rng.choice([0.25, 0.5, 1.0])), 0.85) for h in halves if rng.random() < 0.32]
    return [(0.0, bar.quarters * 0.97, 0.85)]


def _strike(
    part: Part,
    bar: Bar,
    pitches: list[int],
    rng: np.random.Generator,
    *,
    quarter: float,
    quarters: float,
    accent: float,
) -> None:
    at, spread = bar.at(quarter, rng), bar.loose * float(rng.uniform(0, 2))
    for place, pitch in enumerate(pitches):
        part.note(at + place * spread, quarters, pitch, bar.velocity(rng, accent * 0.85))


def _broken(part: Part, bar: Bar, pitches: list[int], rng: np.random.Generator) -> None:
    for step in range(int(2 * bar.quarters)):
        part.note(bar.at(step / 2, rng), 0.8, pitches[step % len(pitches)], bar.velocity(rng, 0.8))


def pattern_bar(part: Part, bar: Bar, figure: str, rng: np.random.Generator) -> None:
    """One bar of arpeggios, in sixteenths or eighths."""
    pitches = bar.chord(_PATTERN_LOW)
    pitches = [*pitches, *(pitch + 12 for pitch in pitches)]
    if bar.final:
        part.note(bar.start, _LAST_QUARTERS, pitches[0], bar.velocity(rng, 0.8))
        return
    length = 0.25 if figure in {"up", "random"} else 0.5
    turns = {
        "up": pitches,
        "down": pitches[::-1],
        "updown": [*pitches, *pitches[-2:0:-1]],
        "alberti": [pitches[0], pitches[2], pitches[1], pitches[2]],
        "random": [pitches[int(i)] for i in rng.integers(len(pitches), size=16)],
    }[figure]
    for step in range(int(bar.quarters / length)):
        accent = 0.9 if step % 4 == 0 else 0.7
        part.note(
            bar.at(step * length, rng), length * 1.1, turns[step % len(turns)], bar.velocity(rng, accent)
        )


def pad_bar(part: Part, bar: Bar, rng: np.random.Generator) -> None:
    """One bar of held chords, swelling."""
    for pitch in bar.chord(_PAD_LOW):
        part.note(bar.start, _LAST_QUARTERS if bar.final else bar.quarters, pitch, bar.velocity(rng, 0.75))
    for step in range(4):
        level = 90 + 30 * np.sin(np.pi * step / 4 + rng.uniform(-0.3, 0.3))
        part.control(bar.start + step * bar.quarters / 4, 11, int(level))


def drum_bar(part: Part, bar: Bar, groove: dict[int, str], rng: np.random.Generator, *, fill: bool) -> None:
    """One bar of percussion; a fill takes its last third."""
    if bar.final:
        part.note(bar.start, 1.0, 49, bar.velocity(rng))
        part.note(bar.start, 0.5, 36, bar.velocity(rng))
        return
    for key, steps in groove.items():
        for step, mark in enumerate(steps):
            quarter = bar.quarters * step / len(steps)
            if (
                mark == "."
                or (mark == "?" and rng.random() < 0.6)
                or (fill and quarter > 0.66 * bar.quarters)
            ):
                continue
            part.note(bar.at(quarter, rng), 0.2, key, bar.velocity(rng, 1.0 if mark == "x" else 0.55))
    if fill:
        for step in range(int(0.67 * 4 * bar.quarters), int(4 * bar.quarters)):
            key = int(rng.choice([38, 38, 45, 47, 50, 41]))
            part.note(bar.at(step / 4, rng), 0.2, key, bar.velocity(rng, float(rng.uniform(0.7, 1.1))))
