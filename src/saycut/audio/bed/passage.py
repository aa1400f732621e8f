"""What every player of a section is given: the harmony, the pulse, the dynamics, the dice."""

import msgspec

from saycut.audio.bed.draw import Dice, dice, pick
from saycut.audio.bed.harmony import Bar, Chord, progression
from saycut.audio.bed.moods import Mood
from saycut.audio.bed.pulse import Pulse
from saycut.audio.bed.score import Score, Section

_HARMONY_PLACE, _PALETTE_PLACE, _PLAYER_PLACE, _CAST_PLACE = range(4)
_CHANGE_OF_COURSE = 0.4  # how often the second half of a section takes another progression


class Passage(msgspec.Struct, frozen=True):
    """A section with its chords, bar by bar."""

    score: Score
    section: Section
    bars: tuple[Bar, ...]
    pulse: Pulse

    @property
    def mood(self) -> Mood:
        return self.score.mood

    def chord_at(self, bar: int, fraction: float) -> Chord:
        """The chord that sounds at `fraction` of the section's bar `bar`; beyond its end the last one."""
        if bar >= len(self.bars):
            return self.bars[-1][-1]
        chords = self.bars[bar]
        return chords[min(int(fraction * len(chords) + 1e-9), len(chords) - 1)]

    def change_after(self, bar: int, fraction: float) -> float:
        """When the chord at this place gives way to another, in bars from the start of the section."""
        now = self.chord_at(bar, fraction)
        place = bar + fraction
        for later in range(bar, len(self.bars)):
            for index, other in enumerate(self.bars[later]):
                start = later + index / len(self.bars[later])
                if start > place + 1e-9 and other != now:
                    return start
        return float(len(self.bars))

    def dice(self, part: int) -> Dice:
        return dice(self.score.spec.seed, _PLAYER_PLACE, self.section.index, part)

    def plays(self, part: int) -> bool:
        """Whether part number `part` takes part in this section."""
        plan = self.score.parts[part]
        if not plan.enter <= self.section.intensity <= plan.leave:
            return False
        return bool(dice(self.score.spec.seed, _CAST_PLACE, self.section.index, part).random() < plan.chance)

    def palette(self, part: int) -> tuple[str, str]:
        """The patch and the figure that `part` uses throughout this cycle."""
        rng = dice(self.score.spec.seed, _PALETTE_PLACE, self.section.cycle, part)
        plan = self.score.parts[part]
        return pick(rng, plan.patches), pick(rng, plan.figures)

    def dynamics(self, bar: int) -> float:
        """Velocity factor: the section's intensity and a small swell towards the end of the phrase."""
        swell = 0.05 * (bar % 8) / 7.0
        return 0.78 + 0.22 * self.section.intensity + swell


def passage(score: Score, section: Section) -> Passage:
    """Section number `section` of `score`, with its chords."""
    pulse = Pulse(score.clock, score.mood.swing, score.mood.swing_grid)
    return Passage(score, section, _harmony(score, section), pulse)


def _harmony(score: Score, section: Section) -> tuple[Bar, ...]:
    mood = score.mood
    whole = dice(score.spec.seed, _HARMONY_PLACE, section.cycle)
    home = pick(whole, mood.a), pick(whole, mood.b)
    here = dice(score.spec.seed, _HARMONY_PLACE, section.cycle, section.index)
    written = home[1] if section.kind == "b" else home[0]
    second = written
    if section.kind in ("a", "b", "break") and here.random() < _CHANGE_OF_COURSE:
        second = pick(here, mood.b if section.kind == "b" else mood.a)
    halves = progression(written, score.tonic), progression(second, score.tonic)
    bars = [halves[(bar // 4) % 2][bar % 4] for bar in range(section.bars)]
    if section.index == len(score.sections) - 1:
        bars = _with_cadence(bars, progression(pick(here, mood.cadence), score.tonic))
    return tuple(bars)


def _with_cadence(bars: list[Bar], cadence: tuple[Bar, ...]) -> list[Bar]:
    if len(bars) == 1:  # the whole cadence in one bar, one chord a half
        return [(cadence[0][0], cadence[-1][-1])]
    taken = min(len(bars), len(cadence))
    return [*bars[: len(bars) - taken], *cadence[len(cadence) - taken :]]
