"""What the kinds of music are made of: tempo, meter, chords, instruments, grooves. Data, no code."""

from dataclasses import dataclass, field

Programs = tuple[int, ...]

PIANOS: Programs = (0, 1, 2, 3)
ELECTRIC_PIANOS: Programs = (4, 5)
MALLETS: Programs = (8, 9, 10, 11, 12, 13, 108)
ORGANS: Programs = (16, 17, 18, 19, 20, 21)
NYLON_STEEL: Programs = (24, 25)
ELECTRIC_GUITARS: Programs = (26, 27, 28)
DRIVEN_GUITARS: Programs = (29, 30)
BASSES: Programs = (32, 33, 34, 35, 36, 37)
SYNTH_BASSES: Programs = (38, 39)
SOLO_STRINGS: Programs = (40, 41, 42)
STRINGS: Programs = (44, 48, 49, 50, 51)
CHOIRS: Programs = (52, 53, 54)
BRASS: Programs = (56, 57, 58, 59, 60, 61, 62, 63)
REEDS: Programs = (64, 65, 66, 67, 68, 69, 70, 71)
FLUTES: Programs = (72, 73, 74, 75, 77, 79)
LEADS: Programs = (80, 81, 82, 83, 84, 85, 86, 87)
PADS: Programs = (88, 89, 90, 91, 92, 93, 94, 95)
FOLK: Programs = (15, 21, 22, 23, 46, 104, 105, 106, 107, 109, 110)

MODES: dict[str, tuple[int, ...]] = {
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
}
BRIGHT = ("ionian", "ionian", "mixolydian", "lydian")
DARK = ("aeolian", "aeolian", "dorian", "harmonic minor", "phrygian")

# Degrees of the mode, 0 = the tonic; each stands for a bar.
POP_CHORDS = (
    (0, 4, 5, 3), (5, 3, 0, 4), (0, 5, 3, 4), (0, 3, 4, 3),
    (3, 4, 0, 5), (0, 2, 3, 4), (0, 0, 3, 4), (1, 4, 0, 5),
)  # fmt: skip
MINOR_CHORDS = (
    (0, 5, 2, 6), (0, 6, 5, 6), (0, 3, 5, 4), (0, 3, 0, 4),
    (0, 5, 3, 4), (0, 2, 6, 3), (0, 0, 5, 6), (0, 6, 5, 4),
)  # fmt: skip
JAZZ_CHORDS = (
    (1, 4, 0, 0),
    (0, 5, 1, 4),
    (2, 5, 1, 4),
    (1, 4, 2, 5),
    (0, 3, 2, 5, 1, 4, 0, 0),
    (3, 6, 2, 5, 1, 4, 0, 4),
)
VAMPS = ((0, 0), (0, 3), (0, 6), (0, 5), (0, 0, 3, 3), (0, 1))

# Percussion: key -> sixteen characters (twelve in triple meters), "x" loud, "o" soft, "?" now and then.
Groove = dict[int, str]
GROOVES: dict[str, tuple[Groove, ...]] = {
    "straight": (
        {36: "x...?...x.?.....", 38: "....x.......x..?", 42: "x.o.x.o.x.o.x.o."},
        {36: "x.....x.x.......", 38: "....x.......x...", 42: "oxoxoxoxoxoxoxox"},
        {36: "x..x..x...x..?..", 38: "....x..?....x...", 51: "x.o.x.o.x.o.x.o.", 44: "....o.......o..."},
    ),
    "rock": (
        {36: "x...x...x.x.....", 38: "....x.......x...", 42: "x.x.x.x.x.x.x.x.", 49: "?..............."},
        {36: "x.x...?.x.x...?.", 38: "....x.......x...", 46: "x...x...x...x..."},
        {36: "x...x...x...x...", 38: "..x...x...x...x.", 51: "x.x.x.x.x.x.x.x."},
    ),
    "four": (
        {36: "x...x...x...x...", 39: "....x.......x...", 46: "..x...x...x...x.", 42: "o?o?o?o?o?o?o?o?"},
        {36: "x...x...x...x...", 38: "....x.......x..?", 42: "..x...x...x...xo", 70: "o?o?o?o?o?o?o?o?"},
    ),
    "broken": (
        {36: "x..?..x...x.....", 38: "....x..o.o..x..?", 42: "x.x.x.x.x.x.x.x."},
        {36: "x.....?....x..x.", 38: "........x.......", 42: "oooxooxoooxoooxx"},
    ),
    "swing": (
        {51: "x..x.ox..x.o", 44: "...o.....o..", 36: "o..?..o..?..", 38: "..?....?...?"},
        {42: "x..x.ox..x.o", 37: "...o.....o..", 36: "x.....x..?.."},
    ),
    "triple": (
        {36: "x...........", 42: "....o...o...", 38: "....o...o..."},
        {36: "x.....?.....", 37: "....x...x...", 51: "x.o.x.o.x.o."},
    ),
    "latin": (
        {36: "x..xx..xx..xx..x", 37: "x..x..x...x.x...", 70: "xooxxooxxooxxoox", 76: "x..x..x...x.x..."},
        {36: "x..x..x.x..x..x.", 62: "..o...x...o...x.", 64: "o..oo..oo..oo..o", 70: "o.o.o.o.o.o.o.o."},
    ),
    "hand": (
        {60: "..o...x...o...xx", 61: "x..x..o.x..x..o.", 54: "....x.......x...", 70: "o.o.o.o.o.o.o.o."},
        {54: "....x.......x...", 36: "x.......x......."},
    ),
    "march": (
        {36: "x.......x.......", 38: "x..oxooox..oxoxo", 49: "?..............."},
        {47: "x...o.o.x...o.oo", 35: "x.......x......."},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Genre:
    """A kind of music. Roles without programs are not played; `seventh` is the share of chords with four
    notes, `swing` 0..0.33 of a quarter."""

    tempo_bpm: tuple[float, float]
    modes: tuple[str, ...]
    chords: tuple[tuple[int, ...], ...]
    grooves: tuple[str, ...] = ()
    meters: tuple[tuple[int, int], ...] = ((4, 4),)
    bass: Programs = ()
    bass_figures: tuple[str, ...] = ("roots", "eighths", "fifths", "syncopated")
    chordal: Programs = ()
    chord_figures: tuple[str, ...] = ("whole", "beats", "offbeat", "strum")
    arpeggio: Programs = ()
    pad: Programs = ()
    melody: Programs = ()
    counter: Programs = ()
    kits: Programs = (0,)
    seventh: float = 0.2
    swing: float = 0.0
    looseness_ms: float = 8.0
    softness: float = 0.0
    reverb: tuple[int, int] = field(default=(20, 70))


GENRES: dict[str, Genre] = {
    "pop": Genre(
        (84, 132),
        (*BRIGHT, "aeolian"),
        POP_CHORDS,
        ("straight", "four"),
        bass=BASSES,
        chordal=PIANOS + NYLON_STEEL,
        arpeggio=(*ELECTRIC_GUITARS, *MALLETS),
        pad=STRINGS + PADS,
        melody=(0, 25, 73, 80, 81, 65, 52),
        counter=(48, 61),
        kits=(0, 8),
    ),
    "rock": Genre(
        (96, 176),
        ("aeolian", "mixolydian", "ionian", "dorian"),
        POP_CHORDS + MINOR_CHORDS,
        ("rock", "straight"),
        bass=(33, 34),
        bass_figures=("eighths", "eighths", "roots"),
        chordal=(*DRIVEN_GUITARS, 27, 28),
        chord_figures=("power", "strum", "whole"),
        pad=(16, 18),
        melody=(29, 30, 27),
        counter=(26,),
        kits=(0, 16),
        seventh=0.0,
        reverb=(10, 50),
    ),
    "jazz": Genre(
        (76, 180),
        ("ionian", "dorian", "mixolydian"),
        JAZZ_CHORDS,
        ("swing",),
        ((4, 4), (3, 4)),
        bass=(32, 32, 35),
        bass_figures=("walking", "walking", "fifths"),
        chordal=(0, 4, 26, 11),
        chord_figures=("comp", "comp", "whole"),
        melody=(65, 66, 56, 59, 0, 26, 71, 11),
        counter=(57, 66),
        kits=(32, 40),
        seventh=1.0,
        swing=0.3,
        looseness_ms=14,
    ),
    "orchestral": Genre(
        (60, 150),
        BRIGHT + DARK,
        POP_CHORDS + MINOR_CHORDS,
        ("march",),
        ((4, 4), (3, 4), (6, 8)),
        bass=(43, 42, 58, 70),
        bass_figures=("roots", "fifths", "pedal"),
        chordal=(48, 45, 60, 61),
        chord_figures=("whole", "beats", "broken"),
        arpeggio=(46, 45, 48, 68),
        pad=(48, 49, 52, 19),
        melody=(40, 41, 42, 60, 56, 68, 71, 73),
        counter=(42, 60, 70, 48),
        kits=(48,),
        reverb=(60, 110),
        looseness_ms=16,
    ),
    "electronic": Genre(
        (100, 180),
        (*DARK, "mixolydian"),
        VAMPS + MINOR_CHORDS,
        ("four", "broken"),
        bass=(*SYNTH_BASSES, 87),
        bass_figures=("eighths", "offbeats", "syncopated", "sixteenths"),
        chordal=(81, 90, 62, 63),
        chord_figures=("offbeat", "whole", "comp"),
        arpeggio=(*LEADS, 88, 98),
        pad=PADS,
        melody=LEADS,
        counter=(98, 99),
        kits=(24, 25),
        looseness_ms=0,
    ),
    "lo-fi": Genre(
        (60, 92),
        ("ionian", "dorian", "aeolian"),
        JAZZ_CHORDS + VAMPS,
        ("broken", "straight"),
        bass=(32, 33, 35, 39),
        bass_figures=("roots", "syncopated"),
        chordal=(0, 4, 5, 26),
        chord_figures=("whole", "comp", "broken"),
        arpeggio=(4, 11, 24),
        pad=(89, 91, 94),
        melody=(4, 11, 24, 73, 26),
        kits=(8, 25, 40),
        seventh=0.9,
        swing=0.15,
        looseness_ms=20,
        softness=0.25,
    ),
    "folk": Genre(
        (70, 150),
        ("ionian", "mixolydian", "dorian", "aeolian"),
        POP_CHORDS,
        ("hand",),
        ((4, 4), (3, 4), (6, 8)),
        bass=(32, 43),
        bass_figures=("fifths", "roots"),
        chordal=(*NYLON_STEEL, 105, 21, 15),
        chord_figures=("strum", "broken", "beats"),
        arpeggio=(24, 25, 46, 105),
        melody=(40, 72, 73, 74, 22, 110, 21, 109),
        counter=(41, 75),
        kits=(0,),
        looseness_ms=14,
    ),
    "latin": Genre(
        (88, 140),
        ("aeolian", "dorian", "ionian"),
        JAZZ_CHORDS + MINOR_CHORDS,
        ("latin",),
        bass=(32, 33),
        bass_figures=("syncopated", "fifths"),
        chordal=(0, 24, 26),
        chord_figures=("comp", "offbeat", "strum"),
        arpeggio=(0, 11),
        melody=(56, 73, 24, 65, 11),
        counter=(57, 61),
        seventh=0.6,
    ),
    "ambient": Genre(
        (60, 90),
        BRIGHT + DARK,
        VAMPS,
        (),
        bass=(39, 43, 89),
        bass_figures=("pedal", "roots"),
        arpeggio=(10, 14, 46, 98, 99, 4),
        pad=(*PADS, 52, 48, 49),
        melody=(79, 75, 4, 11, 88),
        seventh=0.6,
        reverb=(80, 127),
        softness=0.3,
    ),
    "world": Genre(
        (70, 140),
        ("phrygian", "harmonic minor", "dorian", "mixolydian"),
        VAMPS,
        ("hand", "latin"),
        ((4, 4), (6, 8)),
        bass=(32, 35, 43),
        bass_figures=("pedal", "fifths"),
        chordal=(104, 15, 107, 24),
        chord_figures=("broken", "strum"),
        arpeggio=(108, 12, 13, 15, 104),
        melody=(75, 77, 104, 106, 111, 107, 78),
        pad=(109, 89, 52),
    ),
    "solo piano": Genre(
        (60, 150),
        BRIGHT + DARK,
        POP_CHORDS + MINOR_CHORDS + JAZZ_CHORDS,
        (),
        ((4, 4), (3, 4), (6, 8)),
        bass=(0,),
        bass_figures=("roots", "fifths", "pedal", "walking"),
        chordal=(0,),
        chord_figures=("broken", "whole", "beats"),
        melody=(0,),
        seventh=0.4,
        looseness_ms=18,
        reverb=(30, 100),
    ),
    "solo guitar": Genre(
        (60, 132),
        BRIGHT + DARK,
        POP_CHORDS + MINOR_CHORDS,
        (),
        ((4, 4), (3, 4)),
        bass=(24,),
        bass_figures=("roots", "fifths"),
        arpeggio=(24,),
        chordal=(24,),
        chord_figures=("broken", "strum"),
        melody=(24,),
        looseness_ms=16,
        reverb=(20, 80),
    ),
    "solo strings": Genre(
        (60, 120),
        BRIGHT + DARK,
        MINOR_CHORDS + POP_CHORDS,
        (),
        ((4, 4), (3, 4)),
        bass=(42, 43),
        bass_figures=("roots", "walking", "pedal"),
        pad=(48, 49, 41),
        melody=(40, 41, 42),
        counter=(41, 42),
        looseness_ms=20,
        reverb=(50, 110),
    ),
    "chiptune": Genre(
        (110, 180),
        BRIGHT + DARK,
        POP_CHORDS + MINOR_CHORDS,
        ("rock", "straight"),
        bass=(80, 81),
        bass_figures=("eighths", "octaves"),
        arpeggio=(80, 81),
        melody=(80, 82),
        counter=(80,),
        kits=(25, 24),
        looseness_ms=0,
        seventh=0.0,
        reverb=(0, 15),
    ),
}
