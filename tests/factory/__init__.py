"""Clips whose pixels and sound carry their own time, and the readers that check an output with them.

    path = make("vfr")                     # a name in CLIPS, STILLS or BROKEN, or a spec of your own
    clip = CLIPS["vfr"]                    # the truth: clip.indices, clip.time_of(index), clip.duration_s
    frames = read_frame_indices(output)    # [FrameStamp(index, pts_s, source, rotation, box, size)]
    pcm = read_sound(output)               # (samples, channels) at 48 kHz; sample 0 sounds with frame 0
    source_sample, confidence = locate_sound(pcm, at_sample)
    points = sync_points(output, clip)     # [SyncPoint(at_s, picture_s, sound_s, confidence)], .skew_s

Time 0 is the first picture a player shows. Frame i of a clip belongs to `clip.time_of(i)`, and the sound
heard at time t is the original at t (`source_sample / 48000`): so in any correct edit, the moment a frame
names and the moment the sound under it names agree, wherever the cut put them.

Sounds: "code" (seeded noise, located to a part of a sample even after AAC), "bursts" (the same, gated by
`spoken`, for cutting silence with an injected detector), "speech" (the synthetic voice of `talk`, which a
real detector recognises), "tones", "clicks", "silence". `Picture(source=3)` and `Sound(source=3)` tell
several inputs apart in one output. Formats that cannot declare their codec's delay (MP3 in AVI, ADTS)
present their sound `clip.lag_s` late: that is the truth of the file, not an error.

Specs beyond the named ones are cheap: `Clip(picture=Picture(frames=300, gop=250), sounds=(Sound("flac"),))`.
Made files are shared and read-only: copy one before changing it. Limits: at 160 x 90 and below the cells of
a stamp are 5 px; mirrored pictures are not read; the time code reaches from -2 s on.
"""

from tests.factory.clips import BROKEN, CLIPS, SPOKEN, STILLS
from tests.factory.make import make
from tests.factory.read import FrameStamp, read_frame_indices, read_patches, read_picture, read_sound
from tests.factory.sound import RATE_HZ, locate_sound
from tests.factory.spec import Broken, Clip, Picture, Sound, Spec, Still, ticks_from
from tests.factory.still import read_still
from tests.factory.sync import SyncPoint, sync_points
from tests.factory.talk import talk

__all__ = [
    "BROKEN",
    "CLIPS",
    "RATE_HZ",
    "SPOKEN",
    "STILLS",
    "Broken",
    "Clip",
    "FrameStamp",
    "Picture",
    "Sound",
    "Spec",
    "Still",
    "SyncPoint",
    "locate_sound",
    "make",
    "read_frame_indices",
    "read_patches",
    "read_picture",
    "read_sound",
    "read_still",
    "sync_points",
    "talk",
    "ticks_from",
]
