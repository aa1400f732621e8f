"""Makes the material of the demo out of nothing: a talking clip and what a creator would bring with it.

    python examples/make_talking_clip.py OUT_DIR

talk.mp4       a face that speaks five sentences in a noisy room, with long pauses and faint music
vlog.mp4       the same picture and voice with loud music and little noise
lav.wav        the voice from a recorder that was started 1.3 s before the camera
voiceover.wav  somebody else saying something else, 12 s
song.wav       the music alone, whole: the clips play it from 2.4 s on
manifest.json  what is true about them: speech and pauses, offsets, levels, the seed

Voice, music, noise and picture are all synthesised here (numpy, scipy, Pillow); nothing is downloaded and
the same seed gives the same sound and picture.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

if __package__ in (None, ""):  # run as a script: its own folder is on the path, the one above is not
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from examples.stage import face, files
from examples.stage.scene import TALK_LEVELS, VLOG_LEVELS, Scene, scene_of


def make_talking_clip(out: Path, seed: int = 1) -> dict[str, Path]:
    """Write all files into `out` (made when it is not there) and return them by name."""
    out.mkdir(parents=True, exist_ok=True)
    names = ("talk.mp4", "vlog.mp4", "lav.wav", "voiceover.wav", "song.wav", "manifest.json")
    made = {name: out / name for name in names}
    scene = scene_of(seed)
    files.write_wav(made["lav.wav"], scene.lav)
    files.write_wav(made["voiceover.wav"], scene.voiceover)
    files.write_wav(made["song.wav"], scene.song)
    with tempfile.TemporaryDirectory(dir=out) as work:
        picture, sound = Path(work) / "picture.mp4", Path(work) / "sound.wav"
        files.write_picture(picture, _frames(scene), face.WIDTH, face.HEIGHT, face.FPS)
        for name, levels in (("talk.mp4", TALK_LEVELS), ("vlog.mp4", VLOG_LEVELS)):
            files.write_wav(sound, scene.mix(levels))
            files.join(picture, sound, made[name])
    made["manifest.json"].write_text(json.dumps(scene.truth(), indent=2) + "\n", "utf-8")
    return made


def _frames(scene: Scene) -> Iterator[NDArray[np.uint8]]:
    opening = scene.performance.opening / scene.performance.opening.max()
    for number in range(round(scene.performance.seconds * face.FPS)):
        yield face.draw(number, float(opening[min(round(100 * number / face.FPS), len(opening) - 1)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for path in make_talking_clip(arguments.out, arguments.seed).values():
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
