"""An arrangement: a genre, a key, a form, and what each player does in each bar."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.genres import GENRES, GROOVES, MODES, Genre
from training.synthetic.midi_file import DRUMS, Part, midi_file
from training.synthetic.playing import Bar, bass_bar, chord_bar, drum_bar, pad_bar, pattern_bar
from training.synthetic.singing_line import line

_PANS = {"bass": 64, "chordal": 44, "arpeggio": 86, "pad": 64, "melody": 64, "counter": 80, "drums": 64}
_VOLUMES = {"bass": 100, "chordal": 82, "arpeggio": 78, "pad": 70, "melody": 104, "counter": 82, "drums": 100}
_ENTERS = {
    "chordal": 0.0,
    "pad": 0.2,
    "bass": 0.3,
    "drums": 0.4,
    "arpeggio": 0.3,
    "melody": 0.35,
    "counter": 0.6,
}
_MELODIC = ("bass", "chordal", "arpeggio", "pad", "melody", "counter")


@dataclass(frozen=True)
class Arrangement:
    """What was drawn: the file, and what to call it."""

    genre: str
    mode: str
    tonic: int
    tempo_bpm: float
    meter: tuple[int, int]
    content: bytes


def arrangement(seed: int, seconds: float, genre: str | None = None) -> Arrangement:
    """A piece of `seconds` or up to a bar more; `genre` is a key of GENRES, None draws one."""
    rng = np.random.default_rng((seed, 20_119))
    name = str(rng.choice(list(GENRES))) if genre is None else genre
    style = GENRES[name]
    mode, tonic = str(rng.choice(style.modes)), int(rng.integers(12))
    meter = style.meters[int(rng.integers(len(style.meters)))]
    tempo_bpm = float(rng.uniform(*style.tempo_bpm))
    quarters = meter[0] * 4 / meter[1]
    bars = max(4, int(np.ceil(seconds * tempo_bpm / 60 / quarters)))
    parts, key = _parts(style, rng), _Key(MODES[mode], tonic, tempo_bpm, meter)
    for form in _forms(bars, rng):
        _write_section(form, style, parts, key, rng)
    content = midi_file(list(parts.values()), tempo_bpm, meter)
    return Arrangement(name, mode, tonic, tempo_bpm, meter, content)


@dataclass(frozen=True)
class _Key:
    mode: tuple[int, ...]
    tonic: int
    tempo_bpm: float
    meter: tuple[int, int]


@dataclass(frozen=True)
class _Section:
    first: int
    bars: int
    intensity: float
    kind: str
    last: bool


def _forms(bars: int, rng: np.random.Generator) -> list[_Section]:
    """Sections of four or eight bars until `bars` are filled: letters come back, loudness rises and falls."""
    order = str(rng.choice(["iababcbe", "abacabad", "iaabbce", "aabbaabb", "abcbabcb", "bababcbb"]))
    strengths = {"i": 0.25, "a": 0.55, "b": 0.9, "c": 0.4, "d": 0.75, "e": 0.3}
    shift = rng.uniform(-0.15, 0.25)
    sections, first, turn = [], 0, 0
    while first < bars:
        kind = order[turn % len(order)]
        length = min(bars - first, 4 if kind in "ie" else int(rng.choice([4, 4, 8])))
        intensity = float(np.clip(strengths[kind] + shift + rng.normal(0, 0.08), 0.1, 1.0))
        sections.append(_Section(first, length, intensity, kind, first + length >= bars))
        first, turn = first + length, turn + 1
    return sections


def _parts(style: Genre, rng: np.random.Generator) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for channel, role in enumerate(_MELODIC):
        programs = getattr(style, role)
        if programs and (role in {"bass", "chordal", "melody", "pad"} or rng.random() < 0.7):
            parts[role] = Part(channel, int(rng.choice(programs)), role)
    if style.grooves and rng.random() < 0.92:
        parts["drums"] = Part(DRUMS, int(rng.choice(style.kits)), "drums")
    if len(parts) > 2 and rng.random() < 0.2:
        del parts["melody" if "melody" in parts else "bass"]  # a backing without a tune
    for role, part in parts.items():
        part.control(0, 7, _VOLUMES[role] + int(rng.integers(-18, 15)))
        part.control(0, 10, _PANS[role] + int(rng.integers(-20, 21)) * (role not in {"bass", "drums"}))
        part.control(0, 91, int(rng.integers(*style.reverb)) // (3 if role == "bass" else 1))
        part.control(0, 93, int(rng.integers(0, 60)) * int(rng.random() < 0.4))
    return parts


def _write_section(
    section: _Section, style: Genre, parts: dict[str, Part], key: _Key, rng: np.random.Generator
) -> None:
    quarters = key.meter[0] * 4 / key.meter[1]
    recalled = np.random.default_rng(
        (int(key.tempo_bpm * 1000), ord(section.kind))
    )  # a letter recalls its music
    chords = style.chords[int(recalled.integers(len(style.chords)))]
    figures = {
        "bass": str(recalled.choice(style.bass_figures)),
        "chordal": str(recalled.choice(style.chord_figures)),
        "arpeggio": str(recalled.choice(["up", "down", "updown", "random", "alberti"])),
    }
    groove = _groove(style, key.meter, recalled)
    playing = {role for role in parts if section.intensity >= _ENTERS[role] or rng.random() < 0.15}
    playing = playing or {next(iter(parts))}
    bars = [
        Bar(
            start=(section.first + index) * quarters,
            quarters=quarters,
            degree=chords[index % len(chords)],
            next_degree=chords[(index + 1) % len(chords)],
            mode=key.mode,
            tonic=key.tonic,
            size=4 if recalled.random() < style.seventh else 3,
            loudness=(1 - style.softness) * (0.45 + 0.5 * section.intensity),
            swing=style.swing,
            loose=style.looseness_ms / 1000 * key.tempo_bpm / 60,
            final=section.last and index == section.bars - 1,
        )
        for index in range(section.bars)
    ]
    for bar in bars:
        last = bar is bars[-1]
        if "bass" in playing:
            bass_bar(parts["bass"], bar, figures["bass"], rng)
        if "chordal" in playing:
            chord_bar(parts["chordal"], bar, figures["chordal"], rng)
        if "arpeggio" in playing:
            pattern_bar(parts["arpeggio"], bar, figures["arpeggio"], rng)
        if "pad" in playing:
            pad_bar(parts["pad"], bar, rng)
        if "drums" in playing and groove:
            drum_bar(parts["drums"], bar, groove, rng, fill=last and rng.random() < 0.6)
    if "melody" in playing:
        line(parts["melody"], bars, recalled, rng, centre=int(recalled.integers(66, 80)), density=1.0)
    if "counter" in playing:
        line(parts["counter"], bars, recalled, rng, centre=int(recalled.integers(57, 70)), density=0.45)


def _groove(style: Genre, meter: tuple[int, int], rng: np.random.Generator) -> dict[int, str]:
    if not style.grooves:
        return {}
    name = str(rng.choice(style.grooves)) if meter == (4, 4) else "triple"
    return GROOVES[name][int(rng.integers(len(GROOVES[name])))]
