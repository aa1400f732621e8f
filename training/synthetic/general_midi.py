"""Arrangements of our own, played by FluidSynth with the General MIDI samples of FluidR3_GM (MIT)."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from training.synthetic.arranging import Arrangement, arrangement
from training.synthetic.sound import Sound, levelled, resampled

SOUND_FONT = Path(os.environ.get("SAYCUT_SOUND_FONT", "/usr/share/sounds/sf2/FluidR3_GM.sf2"))
_RENDER_HZ = 44_100
_LONGEST_S = 600.0
_INAUDIBLE = 0.001  # of the peak


class PlayerMissing(RuntimeError):
    """FluidSynth or its samples are not installed; the text says how to get them."""


def check_player() -> None:
    """Raises PlayerMissing unless FluidSynth and the sound font are there."""
    absent = "" if shutil.which("fluidsynth") else "the program fluidsynth"
    if not SOUND_FONT.is_file():
        absent += (" and " if absent else "") + f"the samples {SOUND_FONT}"
    if absent:
        raise PlayerMissing(
            f"General MIDI needs {absent}. On Debian: apt-get install --no-install-recommends fluidsynth "
            "fluid-soundfont-gm; another sound font is named by the variable SAYCUT_SOUND_FONT."
        )


def general_midi(
    seed: int, seconds: float, rate_hz: int, genre: str | None = None
) -> tuple[Sound, Arrangement]:
    """A piece, stereo (n, 2), rms -20 dBFS or less where its peak would pass 0.89, and what it is.

    It lasts about `seconds`, whole bars and what rings after them. Raises PlayerMissing.
    """
    check_player()
    piece = arrangement(seed, seconds, genre)
    return levelled(resampled(_without_silent_end(played(piece.content)), _RENDER_HZ, rate_hz)), piece


def _without_silent_end(sound: Sound) -> Sound:
    """FluidSynth waits some seconds for the last note to ring."""
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > _INAUDIBLE * np.abs(sound).max())
    return sound[: loud[-1] + 1] if len(loud) else sound


def played(midi: bytes) -> Sound:
    """What FluidSynth makes of a MIDI file: stereo at 44.1 kHz. Raises PlayerMissing, or RuntimeError."""
    check_player()
    with tempfile.TemporaryDirectory() as folder:
        score, wave = Path(folder, "piece.mid"), Path(folder, "piece.wav")
        score.write_bytes(midi)
        options = ["-n", "-i", "-q", "-g", "0.3", "-r", str(_RENDER_HZ), "-O", "float", "-T", "wav"]
        done = subprocess.run(
            ["fluidsynth", *options, "-F", str(wave), str(SOUND_FONT), str(score)],
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            check=False,
        )
        if done.returncode != 0 or not wave.is_file():
            raise RuntimeError(f"fluidsynth ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        sound, _ = soundfile.read(wave, dtype="float32", always_2d=True)
    return np.asarray(sound, np.float32)
