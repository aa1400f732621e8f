"""Music out of a recording without the song at hand: only where music plays, everything else bit for bit."""

import msgspec

from saycut.audio.engines import EMBEDDED, USUAL
from saycut.audio.isolation import IsolationReport, isolate_voice, leave_out_music, voice_regions
from saycut.audio.sound_map import sound_map
from saycut.audio.untouched import Spans, changed_in
from saycut.audio.watched import watched_blocks
from saycut.pcm import Blocks, PcmReader, blocks_of
from saycut.watch import Watch

_AROUND_S = 0.5  # of what is changed before and after music: it fades in and out


class RemovalReport(msgspec.Struct):
    """Where music was taken out, and how far it went down; `isolation` is complete once the blocks have been
    read. `music_s` is None where the engine does not know music: then all of the sound was changed."""

    engine: str
    music_s: Spans | None
    isolation: IsolationReport | None

    @property
    def found(self) -> bool:
        """Whether there was music at all."""
        return self.isolation is not None


def without_music(
    reader: PcmReader, *, ambience: bool = False, watch: Watch | None = None, engine: str = USUAL
) -> tuple[Blocks, RemovalReport]:
    """The voice of `reader` (48 kHz, any channels) where music plays, and the sound as it is everywhere else.

    With `ambience` what is neither voice nor music stays, too, which only the embedded engine can do.
    `watch` is told "listen" and "isolate". Raises Internal for a broken install or another rate, and as
    separation does for another engine."""
    duration_s = reader.samples / reader.rate_hz
    music_s: Spans | None = None
    if engine == EMBEDDED:
        music_s = sound_map(watched_blocks(reader, watch, "listen"), duration_s).music_s
        if not music_s:
            return blocks_of(reader), RemovalReport(engine, music_s, None)
    if ambience:
        kept, isolation = leave_out_music(reader, watch=watch, engine=engine)
    else:
        regions = voice_regions(reader, watch=watch, engine=engine)
        kept, isolation = isolate_voice(reader, regions, watch=watch, engine=engine)
    spans = _widened(music_s) if music_s is not None else ((-1.0, duration_s + 1.0),)
    return changed_in(spans, blocks_of(reader), kept, reader.rate_hz), RemovalReport(
        engine, music_s, isolation
    )


def _widened(spans: Spans) -> Spans:
    wide: list[tuple[float, float]] = []
    for start_s, end_s in spans:
        if wide and start_s - _AROUND_S <= wide[-1][1]:
            wide[-1] = (wide[-1][0], end_s + _AROUND_S)
        else:
            wide.append((start_s - _AROUND_S, end_s + _AROUND_S))
    return tuple(wide)
