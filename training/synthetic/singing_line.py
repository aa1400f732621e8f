"""A melody for an instrument: a motif that comes back, chord tones on the beats, steps between."""

import numpy as np
from numpy.typing import NDArray

from training.synthetic.midi_file import Part
from training.synthetic.playing import Bar

_CELLS = (
    (1.0, 0.5, 0.5), (0.5, 0.5, 1.0), (2.0,), (1.5, 0.5), (0.5, 0.5, 0.5, 0.5), (0.75, 0.25, 1.0), (1.0, 1.0),
    (0.5, 1.0, 0.5), (0.25, 0.25, 0.5, 1.0),
)  # fmt: skip


def line(
    part: Part,
    bars: list[Bar],
    recalled: np.random.Generator,
    rng: np.random.Generator,
    *,
    centre: int,
    density: float,
) -> None:
    """Writes a melody over `bars` around the pitch `centre`; `density` under 1 leaves bars out.

    `recalled` draws what comes back with a section of the same letter, `rng` what is different every time.
    """
    motifs = [_rhythm(bars[0].quarters, recalled) for _ in range(2)]
    contour = recalled.choice([-2, -1, -1, 1, 1, 2], size=16)
    degree = 0
    for index, bar in enumerate(bars):
        if recalled.random() > density * 0.85 and not bar.final:
            continue
        if bar.final:
            part.note(bar.start, 3.5, _near(bar, 0, centre), bar.velocity(rng))
            return
        degree = _bar(part, bar, motifs[index // 2 % 2], contour, degree, centre=centre, rng=rng)


def _bar(
    part: Part,
    bar: Bar,
    motif: list[tuple[float, float]],
    contour: NDArray[np.int_],
    degree: int,
    *,
    centre: int,
    rng: np.random.Generator,
) -> int:
    for place, (quarter, quarters) in enumerate(motif):
        if quarter % 2 == 0:  # a strong beat takes the nearest tone of the chord
            tones = [bar.degree + 2 * third - 7 * octave for third in range(3) for octave in (0, 1, 2)]
            degree = min(tones, key=lambda tone: abs(tone - degree))
        else:
            degree += int(contour[place % len(contour)])
        degree = int(np.clip(degree, -6, 8))
        if rng.random() < 0.92:
            length = quarters * float(rng.uniform(0.7, 1.0))
            part.note(bar.at(quarter, rng), length, _near(bar, degree, centre), bar.velocity(rng, 1.05))
    return degree


def _near(bar: Bar, degree: int, centre: int) -> int:
    """The pitch of a degree counted from the tonic that lies nearest to `centre`."""
    tonic = centre + (bar.tonic - centre + 6) % 12 - 6
    return tonic + bar.mode[degree % 7] + 12 * (degree // 7)


def _rhythm(quarters: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """(start, length) in quarters; the last note may be left out, for breath."""
    notes, at = [], 0.0
    while at < quarters:
        for length in _CELLS[int(rng.integers(len(_CELLS)))]:
            if at < quarters:
                notes.append((at, min(length, quarters - at)))
            at += length
    return notes[:-1] if len(notes) > 2 and rng.random() < 0.4 else notes
