"""The final level, once and last: one gain, a true-peak limit, measured again after encoding.

Encoders move peaks (AAC by a dB and more), so what counts is the decoded result. Where the target
cannot be met the best attempt is kept and the reason is said.
"""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import msgspec

from saycut.audio.levels import Setting, Target, reach, sketch
from saycut.audio.limiter import Limiter
from saycut.audio.loudness import Level
from saycut.media.info import Source
from saycut.media.probe import open_source
from saycut.media.sound import decode_sound
from saycut.media.sound_encode import encode_sound
from saycut.pcm import RATE_HZ, Blocks, PcmReader, blocks_of
from saycut.render.figures import measured_figures
from saycut.render.receipt import SoundFigures
from saycut.timeline.project import LoudnessTarget
from saycut.watch import Watch
from saycut.words import Words

PROTECTED = Setting(gain_db=0.0, ceiling_dbtp=-1.0)


class SoundFormat(msgspec.Struct, frozen=True):
    """How sound is encoded where the request says: `bitrate_kbps` (None: that of the format), channels."""

    bitrate_kbps: int | None = None
    channels: int = 2


STEREO = SoundFormat()


class Leveled(msgspec.Struct, frozen=True, kw_only=True):
    """An encoded sound at its final level, and what its decoded self measures.

    `missed` says why the target was not met, when it was not.
    """

    sound: Source
    figures: SoundFigures
    limited_db: float = 0.0
    missed: Words | None = None


def encoded(
    pcm: PcmReader,
    out: Path,
    target: LoudnessTarget | None,
    *,
    protect: bool,
    watch: Watch,
    form: SoundFormat = STEREO,
) -> Leveled:
    """`pcm` encoded into `out` (the suffix decides how), brought to `target` when there is one.

    With `protect` (gains or mixing may have pushed it over full scale) it is held under −1 dBTP even
    without a target.
    """

    def encode(blocks: Blocks) -> Source:
        mixed = blocks if form.channels == 2 else _as_mono(blocks)
        encode_sound(
            mixed,
            out,
            channels=form.channels,
            bitrate_kbps=form.bitrate_kbps,
            expected_s=Fraction(pcm.samples, RATE_HZ),
            watch=watch,
        )
        return open_source(out, watch)

    if target is not None:
        return _reached(pcm, encode, target, watch)
    limiter = Limiter(RATE_HZ, PROTECTED.ceiling_dbtp)
    blocks = limiter.limit(blocks_of(pcm)) if protect else blocks_of(pcm)
    sound = encode(blocks)
    measured, _ = figures_of(sound, watch)
    return Leveled(sound=sound, figures=measured, limited_db=limiter.max_reduction_db if protect else 0.0)


def _reached(
    pcm: PcmReader, encode: Callable[[Blocks], Source], target: LoudnessTarget, watch: Watch
) -> Leveled:
    aim = Target(lufs=target.lufs, ceiling_dbtp=target.ceiling_dbtp)
    limited: list[float] = []
    held: Setting | None = None
    sound: Source | None = None
    measured = SoundFigures()

    def attempt(setting: Setting) -> Level:
        nonlocal held, sound, measured
        limiter = Limiter(RATE_HZ, setting.ceiling_dbtp, setting.gain_db)
        held, sound = setting, encode(limiter.limit(blocks_of(pcm)))
        limited.append(limiter.max_reduction_db)
        measured, level = figures_of(sound, watch)
        return level

    verdict, rounds = reach(aim, sketch(_watched(blocks_of(pcm), watch), RATE_HZ, 2), attempt)
    best = verdict.best
    if best is None:  # silence: nothing to bring anywhere
        sound = encode(blocks_of(pcm))
        measured, _ = figures_of(sound, watch)
    elif rounds[best].setting != held:  # a later attempt was worse and lies in the file
        attempt(rounds[best].setting)
    assert sound is not None
    return Leveled(
        sound=sound,
        figures=measured,
        limited_db=limited[best] if best is not None else 0.0,
        missed=None if verdict.reached else verdict.reason,
    )


def _as_mono(blocks: Blocks) -> Blocks:
    for block in blocks:
        yield block.mean(axis=1, keepdims=True, dtype="float32")


def figures_of(sound: Source, watch: Watch) -> tuple[SoundFigures, Level]:
    """What an encoded sound measures once decoded, in one pass."""
    return measured_figures(decode_sound(sound, watch=watch), round(sound.info.duration_s * RATE_HZ), watch)


def _watched(blocks: Blocks, watch: Watch) -> Blocks:
    for block in blocks:
        watch.check()
        yield block
