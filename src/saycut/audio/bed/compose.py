"""From a wish to a score."""

from saycut.audio.bed.draw import dice, pick
from saycut.audio.bed.form import form
from saycut.audio.bed.moods import mood_named
from saycut.audio.bed.score import Score
from saycut.audio.bed.spec import BedSpec, check_spec
from saycut.audio.bed.tempo import TAG_S, fit
from saycut.pcm import RATE_HZ

_CHARACTER_PLACE = 9


def compose(spec: BedSpec) -> Score:
    """Compose the bed that `spec` asks for.

    The tempo is the asked one, or one of the mood's own, bent by at most 4 % so that whole bars end
    at `duration_s`. Raises NotFound (mood), Impossible (length, tempo) or LimitExceeded (over 12 h).
    """
    check_spec(spec)
    mood = mood_named(spec.mood)
    rng = dice(spec.seed, _CHARACTER_PLACE)
    tonic = pick(rng, mood.tonics)
    bpm = spec.tempo_bpm if spec.tempo_bpm is not None else round(float(rng.uniform(*mood.tempo_bpm)), 1)
    clock = fit(spec.duration_s, bpm, mood.ritard)
    return Score(
        spec=spec,
        mood=mood,
        tonic=tonic,
        clock=clock,
        sections=form(clock.bars, tag=spec.duration_s < TAG_S),
        samples=round(spec.duration_s * RATE_HZ),
    )
