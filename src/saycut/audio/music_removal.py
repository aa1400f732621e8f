"""Music out of a recording without the song at hand: only where music plays, everything else bit for bit."""

import msgspec
import numpy as np

from saycut.audio.engines import EMBEDDED, USUAL
from saycut.audio.isolation import IsolationReport, isolate_voice, leave_out_music, voice_regions
from saycut.audio.regions import widened
from saycut.audio.restraint import Restraint, restraint
from saycut.audio.sound_map import SoundMap, inside, sound_map
from saycut.audio.speech import Regions
from saycut.audio.untouched import changed_in
from saycut.audio.watched import watched_blocks
from saycut.pcm import Blocks, PcmReader, blocks_of
from saycut.watch import Watch

_AROUND_S = 0.5  # of what is changed before and after music: it fades in and out


class RemovalReport(msgspec.Struct):
    """Where music was taken out, and how far it went down; `isolation` is complete once the blocks have been
    read."""

    engine: str
    music_s: Regions
    isolation: IsolationReport | None
    backed_off: bool = False  # the voice stood so far above the music, somewhere, that less was taken

    @property
    def found(self) -> bool:
        """Whether there was music at all."""
        return self.isolation is not None


def without_music(
    reader: PcmReader,
    *,
    ambience: bool = False,
    down_db: float | None = None,
    watch: Watch | None = None,
    engine: str = USUAL,
) -> tuple[Blocks, RemovalReport]:
    """The voice of `reader` (48 kHz, any channels) where music plays, and the sound as it is everywhere else.
    Whoever asks says that there is music: what sounds a little like it is taken for some.

    With `ambience` what is neither voice nor music stays, too; then our own network takes the place of the
    engine. With `down_db` what goes does so by no more than that. `watch` is told "listen" and "isolate".
    Raises Internal for a broken install or another rate, and as separation does for another engine."""
    chosen = EMBEDDED if ambience else engine
    duration_s = reader.samples / reader.rate_hz
    heard = sound_map(watched_blocks(reader, watch, "listen"), duration_s)
    if not heard.perhaps_music_s:
        return blocks_of(reader), RemovalReport(chosen, (), None)
    held = restraint(heard, down_db)
    if ambience:
        kept, isolation = leave_out_music(reader, watch=watch, restrained=held)
    else:
        regions = voice_regions(reader, watch=watch, engine=chosen)
        kept, isolation = isolate_voice(reader, regions, watch=watch, engine=chosen, restrained=held)
    changed = changed_in(widened(heard.perhaps_music_s, _AROUND_S), blocks_of(reader), kept, reader.rate_hz)
    return changed, RemovalReport(chosen, heard.perhaps_music_s, isolation, _backed_off(held, heard))


def _backed_off(held: Restraint, heard: SoundMap) -> bool:
    steps = len(held.in_words)
    both = inside(heard.perhaps_music_s, steps) & inside(heard.speech_s, steps)
    return bool(np.array(held.in_words)[both].any())
