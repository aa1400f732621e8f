"""Music out of a recording without the song at hand: only where music plays, everything else bit for bit."""

import msgspec

from saycut.audio.engines import EMBEDDED, USUAL
from saycut.audio.isolation import IsolationReport, isolate_voice, leave_out_music, voice_regions
from saycut.audio.sound_map import sound_map
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

    @property
    def found(self) -> bool:
        """Whether there was music at all."""
        return self.isolation is not None


def without_music(
    reader: PcmReader, *, ambience: bool = False, watch: Watch | None = None, engine: str = USUAL
) -> tuple[Blocks, RemovalReport]:
    """The voice of `reader` (48 kHz, any channels) where music plays, and the sound as it is everywhere else.

    With `ambience` what is neither voice nor music stays, too; then our own network takes the place of the
    engine. `watch` is told "listen" and "isolate". Raises Internal for a broken install or another rate, and
    as separation does for another engine."""
    chosen = EMBEDDED if ambience else engine
    duration_s = reader.samples / reader.rate_hz
    music_s = sound_map(watched_blocks(reader, watch, "listen"), duration_s).music_s
    if not music_s:
        return blocks_of(reader), RemovalReport(chosen, music_s, None)
    if ambience:
        kept, isolation = leave_out_music(reader, watch=watch)
    else:
        regions = voice_regions(reader, watch=watch, engine=chosen)
        kept, isolation = isolate_voice(reader, regions, watch=watch, engine=chosen)
    changed = changed_in(_widened(music_s), blocks_of(reader), kept, reader.rate_hz)
    return changed, RemovalReport(chosen, music_s, isolation)


def _widened(spans: Regions) -> Regions:
    wide: list[tuple[float, float]] = []
    for start_s, end_s in spans:
        if wide and start_s - _AROUND_S <= wide[-1][1]:
            wide[-1] = (wide[-1][0], end_s + _AROUND_S)
        else:
            wide.append((start_s - _AROUND_S, end_s + _AROUND_S))
    return tuple(wide)
