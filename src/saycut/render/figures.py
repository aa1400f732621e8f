"""The figures of one whole sound, in one pass."""

from typing import TYPE_CHECKING

from saycut.pcm import RATE_HZ, Blocks
from saycut.render.receipt import SoundFigures
from saycut.watch import Watch

if TYPE_CHECKING:  # signal processing takes a second to import; stripping the sound must not wait for it
    from saycut.audio.loudness import Level


def figures(blocks: Blocks, samples: int, watch: Watch) -> SoundFigures:
    """Loudness, true peak and noise floor of one sound (48 kHz stereo)."""
    return measured_figures(blocks, samples, watch)[0]


def measured_figures(blocks: Blocks, samples: int, watch: Watch) -> "tuple[SoundFigures, Level]":
    """The same, and the level in full."""
    from saycut.audio.loudness import Level, LoudnessMeter
    from saycut.audio.noise_floor import NoiseFloorMeter
    from saycut.audio.true_peak import TruePeakMeter

    loudness, peak, floor = LoudnessMeter(RATE_HZ, 2), TruePeakMeter(RATE_HZ, 2), NoiseFloorMeter(RATE_HZ)
    done = 0
    for block in blocks:
        done += len(block)
        watch.report("measure", done / max(samples, 1))
        loudness.push(block)
        peak.push(block)
        floor.push(block)
    level = Level(
        integrated_lufs=loudness.integrated_lufs(),
        true_peak_dbtp=peak.dbtp(),
        range_lu=loudness.loudness_range_lu(),
        sample_peak_dbfs=peak.sample_peak_dbfs(),
    )
    told = SoundFigures(
        lufs=level.integrated_lufs, true_peak_dbtp=level.true_peak_dbtp, noise_floor_dbfs=floor.dbfs()
    )
    return told, level
