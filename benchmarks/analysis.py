"""What listening costs by itself: `python -m benchmarks.analysis replace|trim FOLDER`.

The functions that the jobs of `python -m benchmarks` call for it, and nothing else.
"""

import sys
import tempfile
from pathlib import Path

from saycut.audio.alignment import align
from saycut.audio.levels import sketch
from saycut.audio.speech import speech_regions
from saycut.media.pcm_file import PcmFile, write_pcm
from saycut.media.probe import open_source
from saycut.media.sound import decode_sound
from saycut.pcm import RATE_HZ, blocks_of
from saycut.render.figures import figures
from saycut.watch import Watch


def stored(path: Path, work: Path) -> PcmFile:
    """The sound of a file as the bank keeps it."""
    return write_pcm(decode_sound(open_source(path)), work, 2)


def replace(folder: Path, work: Path) -> None:
    """Where the voiceover lies, how loud the clip was, what gain the voiceover needs, how loud it became."""
    clip, voiceover = stored(folder / "clip.mp4", work), stored(folder / "vo.wav", work)
    align(clip, voiceover)
    sketch(blocks_of(voiceover), RATE_HZ, 2)
    figures(blocks_of(clip), clip.samples, Watch())
    # What became of it is measured after the encoder: another AAC of that length, decoded as it is read.
    became = decode_sound(open_source(folder / "clip.mp4"))
    figures(became, clip.samples, Watch())


def gain_db(voiceover: Path, target_lufs: float) -> float:
    """What lifts a recording to a loudness: the work of plain ffmpeg, too."""
    with tempfile.TemporaryDirectory(prefix="saycut-analysis-") as work:
        sound = stored(voiceover, Path(work))
        lufs = figures(blocks_of(sound), sound.samples, Watch()).lufs
    return 0.0 if lufs is None else target_lufs - lufs


def trim(folder: Path, work: Path) -> None:
    """Where somebody speaks, and how loud it was and became."""
    clip = stored(folder / "clip.mp4", work)
    speech_regions((block.mean(axis=1, keepdims=True) for block in blocks_of(clip)), RATE_HZ)
    for _ in range(2):
        figures(blocks_of(clip), clip.samples, Watch())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="saycut-analysis-") as scratch:
        {"replace": replace, "trim": trim}[sys.argv[1]](Path(sys.argv[2]), Path(scratch))
