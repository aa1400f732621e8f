"""How far to turn the music up, found by listening to a few typical bars before it starts."""

import msgspec
import numpy as np

from saycut.audio.bed.arrangement import section_notes
from saycut.audio.bed.desk import Desk
from saycut.audio.bed.master import TARGET_LUFS, Compressor, Filter, equaliser
from saycut.audio.bed.score import Score, Section
from saycut.audio.bed.synthesis.loudness import gated_lufs
from saycut.audio.bed.synthesis.tone import Wave
from saycut.audio.bed.synthesis.voices import Voices
from saycut.pcm import RATE_HZ

_PROBE_BARS = 4
_LONGEST_PROBE_S, _LONGEST_SHARE = 12.0, 0.3


class Level(msgspec.Struct, frozen=True):
    """Linear gains before and after the compressor."""

    before: np.float32
    after: np.float32


def probed_level(score: Score, voices: Voices, block_samples: int) -> Level:
    """The gains that bring the fuller sections of `score` to -20 LUFS.

    Up to two sections are sounded for four bars each; what was synthesised for it stays in `voices`.
    """
    heard = [_sounded(score, section, voices, block_samples) for section in _typical(score)]
    before = _gain_to_target(heard)
    eased = [Compressor(score.mood.drive_db).process(wave * before) for wave in heard]
    return Level(before, _gain_to_target(eased))


def _typical(score: Score) -> list[Section]:
    full = {section.kind: section for section in reversed(score.sections) if section.intensity >= 0.7}
    chosen = [full[kind] for kind in ("a", "b") if kind in full]
    return chosen or [max(score.sections, key=lambda section: section.intensity)]


def _gain_to_target(waves: list[Wave]) -> np.float32:
    return np.float32(10.0 ** ((TARGET_LUFS - gated_lufs(waves)) / 20.0))


def _sounded(score: Score, section: Section, voices: Voices, block_samples: int) -> Wave:
    """The first bars of a section as they come from the desk and the equaliser, planar stereo."""
    start = round(score.clock.at(section.first_bar) * RATE_HZ)
    whole = section.first_bar + min(section.bars, _PROBE_BARS)
    is_last = whole == score.clock.bars
    end = score.samples if is_last else round(score.clock.at(whole) * RATE_HZ)
    longest_s = min(_LONGEST_PROBE_S, max(score.clock.bar_s, _LONGEST_SHARE * score.spec.duration_s))
    count = min(end - start, round(longest_s * RATE_HZ))
    desk, tone = Desk(score, voices, block_samples, start), Filter(equaliser(score.mood))
    due = [note for note in section_notes(score, section, {}) if note.start < start + count]
    for note in due:
        desk.add(msgspec.structs.replace(note, start=max(note.start, start)))
    blocks = [tone.process(desk.mix()) for _ in range(-(-count // block_samples))]
    return np.concatenate(blocks, axis=1)
