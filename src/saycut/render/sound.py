"""The sound of a project, mixed from the bank: pieces laid to the sample, music under the voice.

Nothing here sets the final level; `render.level` does that once, last.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from saycut.audio.ducking import bed_gain_db, duck
from saycut.audio.joins import Piece, render_pieces
from saycut.audio.loudness import LoudnessMeter
from saycut.audio.mixing import amplify, fade, mix
from saycut.media.pcm_file import PcmFile, write_pcm
from saycut.pcm import BLOCK_SAMPLES, RATE_HZ, Blocks, Pcm, PcmReader, blocks_of
from saycut.render.bank import SoundBank
from saycut.timeline.clock import to_samples
from saycut.timeline.project import Project, Segment, Track
from saycut.timeline.spans import Spans
from saycut.timeline.voice import voice_on_timeline
from saycut.watch import Watch

CHANNELS = 2
SILENT_LUFS = -50.0  # below this there is no voice that music could lie under


class Scaled:
    """A view of a sound at another level."""

    def __init__(self, reader: PcmReader, gain_db: float) -> None:
        self._reader = reader
        self._factor = 10 ** (gain_db / 20)
        self.rate_hz = reader.rate_hz
        self.channels = reader.channels
        self.samples = reader.samples

    def read(self, start: int, count: int) -> Pcm:
        """`count` samples from `start`, zeros outside."""
        scaled: Pcm = self._reader.read(start, count) * self._factor
        return scaled.astype("float32", copy=False)


def mixed(project: Project, bank: SoundBank, folder: Path, watch: Watch) -> PcmFile:
    """The whole sound of the timeline before its final level, exactly as long as the timeline."""
    total = to_samples(project.duration_s)
    voices = [t for t in project.tracks if t.role != "music" and _heard(project, t)]
    music = [t for t in project.tracks if t.role == "music" and _heard(project, t)]
    laid = [render_pieces(_pieces(project, bank, t), total, channels=CHANNELS) for t in voices]
    voice, voice_lufs = _measured(mix(laid) if laid else _silence(total), folder, watch)
    if not music:
        return voice
    speech = voice_on_timeline(project, bank.voice_regions)
    layers: list[Blocks] = [blocks_of(voice)]
    for track in music:
        blocks, first = _music_piece(project, bank, track)
        bed, bed_lufs = _measured(blocks, folder, watch)
        level = amplify(blocks_of(bed), _bed_gain_db(track, bed_lufs, voice_lufs))
        under = fade(_ducked(track, level, speech, first), bed.samples, track.fade_in_s, track.fade_out_s)
        layers.append(_placed(under, first, total))
    with voice:
        return write_pcm(_told(mix(layers), total, "mix", watch), folder, CHANNELS)


def _heard(project: Project, track: Track) -> bool:
    return any(s.audible and project.asset(s.asset_id).has_sound for s in track.segments)


def _pieces(project: Project, bank: SoundBank, track: Track) -> list[Piece]:
    views: dict[tuple[PcmReader, float], PcmReader] = {}
    pieces: list[Piece] = []
    for segment in track.segments:
        asset = project.asset(segment.asset_id)
        if not segment.audible or not asset.has_sound:
            continue
        reader = _reader(project, bank, segment)
        gain_db = segment.gain_db + track.gain_db
        if gain_db:  # one view a level, so that neighbours which continue each other join without a fade
            reader = views.setdefault((reader, gain_db), Scaled(reader, gain_db))
        at = to_samples(segment.at_s)
        count = to_samples(segment.end_s) - at
        pieces.append(Piece(reader=reader, start=to_samples(segment.start_s), count=count, at=at))
    return pieces


def _reader(project: Project, bank: SoundBank, segment: Segment) -> PcmReader:
    asset = project.asset(segment.asset_id)
    if asset.bed is not None:
        return bank.bed(asset, segment.duration_s)
    return bank.sound(project, asset, segment.cleanups, segment.drift_ppm)


def _measured(blocks: Blocks, folder: Path, watch: Watch) -> tuple[PcmFile, float | None]:
    meter = LoudnessMeter(RATE_HZ, CHANNELS)

    def metered() -> Blocks:
        for block in blocks:
            watch.report("mix", 0.0)
            meter.push(block)
            yield block

    return write_pcm(metered(), folder, CHANNELS), meter.integrated_lufs()


def _music_piece(project: Project, bank: SoundBank, track: Track) -> tuple[Blocks, int]:
    """The music of one track from its first sample on, and where that lies."""
    first = to_samples(track.segments[0].at_s)
    count = to_samples(track.segments[-1].end_s) - first
    pieces = [replace(piece, at=piece.at - first) for piece in _pieces(project, bank, track)]
    return render_pieces(pieces, count, channels=CHANNELS), first


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
