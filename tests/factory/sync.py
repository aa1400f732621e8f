"""Do picture and sound of an output still belong together?"""

from dataclasses import dataclass
from pathlib import Path

from tests.factory.read import read_frame_indices, read_sound
from tests.factory.sound import RATE_HZ, WINDOW, locate_sound
from tests.factory.spec import Clip


@dataclass(frozen=True)
class SyncPoint:
    """What is seen and heard at one moment of an output.

    `at_s` counts from the first picture; `picture_s` and `sound_s` are the source times that the frame
    shown and the sound around that moment name; `confidence` is that of the sound (see `locate_sound`).
    """

    at_s: float
    picture_s: float
    sound_s: float
    confidence: float

    @property
    def skew_s(self) -> float:
        """How much later in the source the sound is than the picture: positive when sound runs ahead."""
        return self.sound_s - self.picture_s


def sync_points(path: Path, clip: Clip, every_s: float = 0.25, confidence: float = 0.6) -> list[SyncPoint]:
    """Compare picture and sound of an output made from `clip`, about every `every_s` seconds.

    Moments whose frame cannot be read, or whose sound is not found with `confidence` (a cut or a fade
    within 43 ms of it), are left out: check that enough points remain. Raises ValueError for a clip
    without picture or time code.
    """
    if clip.picture is None or not clip.sounds or clip.sounds[0].kind not in ("code", "bursts"):
        raise ValueError("only a clip with a stamped picture and time-coded sound can be compared")
    source = clip.sounds[0].source
    frames, pcm = read_frame_indices(path), read_sound(path)
    points: list[SyncPoint] = []
    for frame in frames:
        at_s = float(frame.pts_s - frames[0].pts_s)
        first = round(at_s * RATE_HZ) - WINDOW // 2
        too_soon = bool(points) and at_s - points[-1].at_s < every_s
        if frame.index is None or too_soon or first < 0 or first + WINDOW > len(pcm):
            continue
        found, sure = locate_sound(pcm, first, source=source, within_s=float(clip.duration_s) + 1)
        if sure >= confidence:
            sound_s = (found + round(at_s * RATE_HZ) - first) / RATE_HZ
            points.append(SyncPoint(at_s, float(clip.time_of(frame.index)), sound_s, sure))
    return points
