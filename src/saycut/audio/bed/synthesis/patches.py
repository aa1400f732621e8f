"""Every sound by the name that the moods use."""

from collections.abc import Callable

import msgspec

from saycut.audio.bed.draw import Dice
from saycut.audio.bed.synthesis import plucked, struck, sustained, synthetic
from saycut.audio.bed.synthesis.drums import DRUMS, Drum
from saycut.audio.bed.synthesis.tone import Wave, samples

Stroke = Callable[[float, float, Dice], Wave]
"""(MIDI pitch, force 0..1, dice) → the whole ringing note."""


class Struck(msgspec.Struct, frozen=True):
    """A sound that dies by itself; `damper_s` is how fast it dies once it is let go."""

    stroke: Stroke
    damper_s: float
    takes: int = 1


class Held(msgspec.Struct, frozen=True):
    """A sound that lasts as long as it is held."""

    ensemble: sustained.Ensemble


class Hit(msgspec.Struct, frozen=True):
    """A drum."""

    stroke: Drum
    takes: int = 4


def _string(string: plucked.PluckedString, longest_s: float, damper_s: float) -> Struck:
    def stroke(pitch: float, force: float, rng: Dice) -> Wave:
        return plucked.plucked(string, pitch, force, rng, samples(longest_s))

    return Struck(stroke, damper_s, takes=2)


def _piano(hammer: struck.Hammer) -> Struck:
    def stroke(pitch: float, force: float, rng: Dice) -> Wave:
        return struck.piano(hammer, pitch, force, rng, samples(6.0))

    return Struck(stroke, 0.35)


def _bar(bar: struck.Bar, damper_s: float) -> Struck:
    longest_s = min(6.0, 6.0 * max(tau_s for _, _, tau_s in bar.modes))

    def stroke(pitch: float, force: float, rng: Dice) -> Wave:
        return struck.struck_bar(bar, pitch, force, rng, samples(longest_s))

    return Struck(stroke, damper_s)


def _synth(synth: synthetic.Synth, damper_s: float) -> Struck:
    def stroke(pitch: float, force: float, rng: Dice) -> Wave:
        return synthetic.closing_saw(synth, pitch, force, rng, synthetic.tail_samples(synth))

    return Struck(stroke, damper_s)


def _electric_piano(pitch: float, force: float, rng: Dice) -> Wave:
    return struck.electric_piano(pitch, force, rng, samples(5.0))


def _sub(pitch: float, force: float, rng: Dice) -> Wave:
    return synthetic.sub_bass(pitch, force, rng, samples(9.0))


Patch = Struck | Held | Hit

PATCHES: dict[str, Patch] = {
    "felt_piano": _piano(struck.FELT),
    "piano": _piano(struck.GRAND),
    "epiano": Struck(_electric_piano, 0.25),
    "nylon": _string(plucked.NYLON, 4.0, 0.25),
    "steel": _string(plucked.STEEL, 4.5, 0.25),
    "ukulele": _string(plucked.UKULELE, 2.0, 0.15),
    "muted_guitar": _string(plucked.MUTED, 0.8, 0.06),
    "clav": _string(plucked.CLAV, 1.0, 0.05),
    "pizzicato": _string(plucked.PIZZICATO, 1.0, 0.2),
    "bass_finger": _string(plucked.FINGER_BASS, 3.5, 0.09),
    "bass_upright": _string(plucked.UPRIGHT_BASS, 2.2, 0.15),
    "bass_round": _synth(synthetic.ROUND_BASS, 0.18),
    "bass_synth": _synth(synthetic.SYNTH_BASS, 0.05),
    "bass_sub": Struck(_sub, 0.2),
    "bass_bowed": Held(sustained.BOWED_BASS),
    "marimba": _bar(struck.MARIMBA, 0.4),
    "vibes": _bar(struck.VIBES, 0.5),
    "kalimba": _bar(struck.KALIMBA, 0.6),
    "celesta": _bar(struck.CELESTA, 0.7),
    "glockenspiel": _bar(struck.GLOCKENSPIEL, 0.7),
    "bell": _bar(struck.BELL, 1.5),
    "bell_pluck": _bar(struck.BELL_PLUCK, 0.4),
    "synth_pluck": _synth(synthetic.SYNTH_PLUCK, 0.25),
    "synth_stab": _synth(synthetic.SYNTH_STAB, 0.15),
    "spiccato": _synth(synthetic.SPICCATO, 0.15),
    "muted_strings": _synth(synthetic.MUTED_STRINGS, 0.12),
    "pad_warm": Held(sustained.WARM),
    "pad_dark": Held(sustained.DARK),
    "pad_air": Held(sustained.AIR),
    "pad_glass": Held(sustained.GLASS),
    "pad_saw": Held(sustained.SAW),
    "strings": Held(sustained.STRINGS),
    "strings_soft": Held(sustained.STRINGS_SOFT),
    "strings_dark": Held(sustained.STRINGS_DARK),
    "horn": Held(sustained.HORN),
    "cello": Held(sustained.CELLO),
    "organ": Held(sustained.ORGAN),
    **{name: Hit(drum) for name, drum in DRUMS.items()},
}
