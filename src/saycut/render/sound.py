"""The sound of a project, mixed from the bank: pieces laid to the sample, music under the voice.

Nothing here sets the final level; `render.level` does that once, last.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from saycut.audio.ducking import bed_gain_db, duck
from saycut.audio.joins import Piece, render_pieces
from saycut.audio.loudness import LoudnessMeter
from saycut.audio.mixing import amplify, fade, mix
from saycut.media.pcm_file import PcmFile, write_pcm
from saycut.pcm import BLOCK_SAMPLES, RATE_HZ, Blocks, blocks_of
from saycut.render.bank import SoundBank
from saycut.render.envelope import Ramp, crossing, enveloped, fades_of
from saycut.render.readers import Readers
from saycut.timeline.clock import to_samples
from saycut.timeline.project import Project, Segment, Track
from saycut.timeline.spans import Spans
from saycut.timeline.value import but
from saycut.timeline.voice import voice_on_timeline
from saycut.watch import Watch

CHANNELS = 2
SILENT_LUFS = -50.0  # below this there is no voice that music could lie under


def mixed(
    project: Project, bank: SoundBank, folder: Path, watch: Watch, solo: frozenset[str] | None = None
) -> PcmFile:
    """The whole sound of the timeline before its final level, exactly as long as the timeline.

    With `solo` only the tracks of those ids are heard, as they lie in the mix: music keeps its place under a
    voice that is not heard.
    """
    total = to_samples(project.duration_s)
    voices = [t for t in project.tracks if t.role != "music" and _heard(project, t)]
    music = [t for t in project.tracks if t.role == "music" and _heard(project, t)]
    chosen = [t for t in voices if solo is None or t.id in solo]
    readers = Readers(project, bank)
    if not music:
        laid = _together(project, readers, chosen, total)
        return write_pcm(_told(_faded(project, laid, total), total, "mix", watch), folder, CHANNELS)
    voice, voice_lufs = _measured(_together(project, readers, voices, total), folder, watch)
    makes_room = any(track.duck_db for track in music)
    speech = voice_on_timeline(project, bank.spoken_regions) if makes_room else ()
    layers = [blocks_of(voice) if chosen == voices else _together(project, readers, chosen, total)]
    for track in (t for t in music if solo is None or t.id in solo):
        blocks, first = _music_piece(project, readers, but(track, segments=_as_recorded(track)))
        bed, bed_lufs = _measured(blocks, folder, watch)
        if _as_recorded(track) != track.segments:  # somebody turned it up or down: from its place on
            bed = write_pcm(_music_piece(project, readers, track)[0], folder, CHANNELS)
        level = amplify(blocks_of(bed), _bed_gain_db(track, bed_lufs, voice_lufs))
        under = fade(_ducked(track, level, speech, first), bed.samples, track.fade_in_s, track.fade_out_s)
        layers.append(_placed(under, first, total))
    with voice:
        return write_pcm(_told(_faded(project, mix(layers), total), total, "mix", watch), folder, CHANNELS)


def _heard(project: Project, track: Track) -> bool:
    return any(s.audible and project.asset(s.asset_id).has_sound for s in track.segments)


def _together(project: Project, readers: Readers, tracks: Sequence[Track], total: int) -> Blocks:
    laid = [layer for track in tracks for layer in _layers(project, readers, track, total)]
    return mix(laid) if laid else _silence(total)


def _layers(project: Project, readers: Readers, track: Track, total: int) -> list[Blocks]:
    """The sound of one track. Two layers where clips go over into each other: what goes out plays on in its
    layer while what comes in begins in the other, so that neither is cut."""
    laid: tuple[list[Segment], list[Segment]] = ([], [])
    ramps: tuple[list[Ramp], list[Ramp]] = ([], [])
    current = 0
    for segment in track.segments:
        if segment.blend is not None:
            laid[current].append(segment.blend.before)
            ramps[current].append(crossing(segment, rising=False))
            current = 1 - current
            ramps[current].append(crossing(segment, rising=True))
        laid[current].append(segment)
        ramps[current].extend(fades_of(segment))
    return [
        enveloped(render_pieces(_pieces(project, readers, track, segments), total, channels=CHANNELS), gains)
        for segments, gains in zip(laid, ramps, strict=True)
        if segments
    ]


def _faded(project: Project, blocks: Blocks, total: int) -> Blocks:
    """The whole from and to silence, where that was asked for."""
    fades = project.fades
    if not fades.sound_in_s and not fades.sound_out_s:
        return blocks
    return fade(blocks, total, float(fades.sound_in_s), float(fades.sound_out_s))


def _pieces(project: Project, readers: Readers, track: Track, segments: Sequence[Segment]) -> list[Piece]:
    pieces: list[Piece] = []
    before: Segment | None = None
    for segment in segments:
        if not segment.audible or not project.asset(segment.asset_id).has_sound:
            before = None
            continue
        reader = readers.of(segment, segment.gain_db + track.gain_db)
        at = to_samples(segment.at_s)
        count = to_samples(segment.end_s) - at
        start = readers.start(segment)
        if before is not None and _continues(before, segment):
            # Two roundings of one place may lie a sample apart; what goes on in its source is no cut.
            last = pieces[-1]
            start = last.start + last.count if abs(last.start + last.count - start) <= 1 else start
        pieces.append(Piece(reader=reader, start=start, count=count, at=at))
        before = segment
    return pieces


def _continues(before: Segment, segment: Segment) -> bool:
    if (before.asset_id, before.speed, before.reverse) != (segment.asset_id, segment.speed, segment.reverse):
        return False
    meets = (
        before.start_s == segment.source_end_s if segment.reverse else before.source_end_s == segment.start_s
    )
    return meets and before.end_s == segment.at_s


def _measured(blocks: Blocks, folder: Path, watch: Watch) -> tuple[PcmFile, float | None]:
    meter = LoudnessMeter(RATE_HZ, CHANNELS)

    def metered() -> Blocks:
        for block in blocks:
            watch.report("mix", 0.0)
            meter.push(block)
            yield block

    return write_pcm(metered(), folder, CHANNELS), meter.integrated_lufs()


def _music_piece(project: Project, readers: Readers, track: Track) -> tuple[Blocks, int]:
    """The music of one track from its first sample on, and where that lies."""
    first = to_samples(track.segments[0].at_s)
    count = to_samples(track.segments[-1].end_s) - first
    pieces = [
        replace(piece, at=piece.at - first) for piece in _pieces(project, readers, track, track.segments)
    ]
    return render_pieces(pieces, count, channels=CHANNELS), first


def _as_recorded(track: Track) -> tuple[Segment, ...]:
    """Its segments at the level of their source: by that its place under the voice is found."""
    return tuple(segment if segment.gain_db == 0 else but(segment, gain_db=0.0) for segment in track.segments)


def _bed_gain_db(track: Track, bed_lufs: float | None, voice_lufs: float | None) -> float:
    """What brings the music to its place under the voice; 0 where there is no voice to be under."""
    if track.under_voice_lu is None or bed_lufs is None or voice_lufs is None or voice_lufs < SILENT_LUFS:
        return 0.0
    return bed_gain_db(voice_lufs, bed_lufs, track.under_voice_lu)


def _ducked(track: Track, bed: Blocks, speech: Spans, first: int) -> Blocks:
    """The music lower while somebody speaks; `first` is the timeline sample it begins at."""
    if not track.duck_db or not speech:
        return bed
    start_s = first / RATE_HZ
    regions = [(max(float(a) - start_s, 0.0), float(b) - start_s) for a, b in speech if b > start_s]
    return duck(bed, regions, RATE_HZ, depth_db=track.duck_db)


def _placed(blocks: Blocks, at: int, total: int) -> Blocks:
    """`blocks` from sample `at` of a silence of `total` samples."""
    yield from _silence(at)
    done = at
    for block in blocks:
        done += len(block)
        yield block
    yield from _silence(total - done)


def _silence(count: int) -> Blocks:
    while count > 0:
        yield np.zeros((min(count, BLOCK_SAMPLES), CHANNELS), np.float32)
        count -= BLOCK_SAMPLES


def _told(blocks: Blocks, total: int, stage: str, watch: Watch) -> Blocks:
    done = 0
    for block in blocks:
        done += len(block)
        watch.report(stage, done / max(total, 1))
        yield block
