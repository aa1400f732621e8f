"""What a file would be, before it is made: how loud, how large, how long it takes. Little of it is worked on.

Nothing here is written anywhere but into the private folder of the session.
"""

import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import msgspec

from saycut.media.info import Source
from saycut.operations.exporting import SOUND_FORMATS
from saycut.pcm import RATE_HZ, Blocks, blocks_of
from saycut.render.assemble import is_cheaper_spliced
from saycut.render.picture import Copied, Drawn, Encoded, NoPicture, planned
from saycut.render.render import render, sound_untouched
from saycut.studio import excerpt
from saycut.studio.music import bed_facts, file_facts
from saycut.studio.scene import CONTEXT_S
from saycut.studio.session import Session
from saycut.studio.window import WindowBank
from saycut.timeline.clock import Seconds, on_grid
from saycut.timeline.project import Denoise, Project
from saycut.timeline.spans import Spans
from saycut.timeline.value import but

Basis = Literal["copied", "spliced", "sampled", "drawn", "none"]
# Seconds of plain sound that are mixed and measured in about as long as a person waits for a dialog.
_WHOLE_S = 600
_DENOISED_COST, _SEPARATED_COST = 10, 40  # of a second that is cleaned, in such seconds
_WINDOWS, _WINDOW_S = 6, Seconds(4)
_SAMPLES, _SAMPLE_S = 2, Seconds(3)
_DRAWN_BYTES_PER_S = 60_000  # a waveform on a plain ground, 1080p (measured on a talk)
# Kilobits a second as `media.sound_encode` asks for them; of what has no rate, what talks came to.
_KBPS = {"mp3": 192, "m4a": 192, "ogg": 128, "webm": 128, "wav": 1536, "flac": 800, "gif": 0}
_USUAL_KBPS = 192


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """The level of the mix before its final gain; None for silence. `heard_s` of it were measured, in
    `took_s`; `whole` when that is all."""

    lufs: float | None
    true_peak_dbtp: float
    heard_s: float
    took_s: float
    whole: bool


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """The size of the file and how long its picture takes, and what that is judged by."""

    bytes: int
    picture_s: float
    basis: Basis


def sound_of(session: Session) -> Sound | None:
    """How loud the mix is: all of it where that is cheap, else windows along its length; None without sound.

    The session works with a `SoundBank` of whole sounds.
    """
    from saycut.audio.loudness import LoudnessMeter
    from saycut.audio.true_peak import TruePeakMeter

    project = session.project
    if not project.audible():
        return None
    begun_s = time.monotonic()
    whole = project.duration_s * _cost(project) <= _WHOLE_S
    loudness, peak, samples = LoudnessMeter(RATE_HZ, 2), TruePeakMeter(RATE_HZ, 2), 0
    for block in _all_of_it(session) if whole else _windows_of_it(session):
        session.watch.check()
        loudness.push(block)
        peak.push(block)
        samples += len(block)
    return Sound(
        lufs=loudness.integrated_lufs(),
        true_peak_dbtp=peak.dbtp(),
        heard_s=samples / RATE_HZ,
        took_s=time.monotonic() - begun_s,
        whole=whole,
    )


def size_of(session: Session, project: Project, format_: str) -> Size:
    """How large a file of `project`, a state of the session with another output, comes out. What has to be
    encoded is judged by some seconds that are encoded."""
    bench, length_s = session.bench, float(project.duration_s)
    alone = format_ in SOUND_FORMATS
    picture = planned(project, bench.sources, f".{format_}", alone)
    sound = _sound_bytes(project, bench.sources, format_)
    match picture:
        case NoPicture():
            size = Size(bytes=sound, picture_s=0.0, basis="none")
        case Copied(source=source):
            size = Size(bytes=sound + _picture_bytes(source), picture_s=0.0, basis="copied")
        case Drawn():
            drawn = round(_DRAWN_BYTES_PER_S * length_s)
            size = Size(bytes=sound + drawn, picture_s=length_s / 10, basis="drawn")
        case Encoded(plan=plan):
            out = Path(f"out.{format_}")
            if is_cheaper_spliced(project, plan, out, session.watch):
                kept = sum(_kept_bytes(project, bench.sources))
                size = Size(bytes=sound + kept, picture_s=length_s / 30, basis="spliced")
            else:
                size = _sampled(session, project, format_, sound)
    limit = project.output.max_size_bytes
    return size if limit is None else but(size, bytes=min(size.bytes, limit))


def music_of(session: Session) -> list[dict[str, Any]]:
    """Whose every piece of music is that was added: title, author, source, licence."""
    found: list[dict[str, Any]] = []
    for track in session.project.tracks:
        if track.role != "music" or not track.segments:
            continue
        segment = track.segments[0]
        asset = session.project.asset(segment.asset_id)
        source = session.sources.get(asset.id)
        if asset.bed is not None:
            found.append(bed_facts(asset, float(segment.duration_s)))
        elif source is not None:
            found.append(file_facts(asset, source.path))
    return found


def _cost(project: Project) -> int:
    """What a second of its sound costs, a plain one being 1."""
    cleanups = {cleanup for _, segment in project.audible() for cleanup in segment.cleanups}
    return 1 + sum(
        _DENOISED_COST if isinstance(cleanup, Denoise) else _SEPARATED_COST for cleanup in cleanups
    )


def _all_of_it(session: Session) -> Blocks:
    from saycut.render.sound import mixed

    bench = session.bench
    with mixed(session.project, bench.bank, bench.folder, session.watch) as pcm:
        yield from blocks_of(pcm)


def _windows_of_it(session: Session) -> Blocks:
    """Each by a bank of its own: one that looked at two would hear all that lies between."""
    from saycut.render.sound import mixed

    bench = session.bench
    for span in _places(session.project, _WINDOWS, _WINDOW_S):
        heard = excerpt.excerpt(session.project, (span,))
        bank = WindowBank(session.sources, bench.folder, session.watch, session.settings.separator)
        bank.look_at_clips(heard, CONTEXT_S)
        with mixed(heard, bank, bench.folder, session.watch) as pcm:
            yield from blocks_of(pcm)
        bank.close()


def _places(project: Project, count: int, length_s: Seconds) -> Spans:
    """`count` spans of that length along the timeline, on its grid, none at the very ends; all of it where it
    is hardly longer than they are together."""
    whole_s = project.duration_s
    if whole_s <= count * length_s * 2:
        return ((Seconds(0), whole_s),)
    middles = (whole_s * Fraction(2 * place + 1, 2 * count) for place in range(count))
    starts = (on_grid(middle - length_s / 2, project.grid_hz) for middle in middles)
    return tuple((start, on_grid(start + length_s, project.grid_hz)) for start in starts)


def _sampled(session: Session, project: Project, format_: str, sound: int) -> Size:
    """By the picture of some seconds, encoded as all of it would be."""
    spans = _places(project, _SAMPLES, _SAMPLE_S)
    seen = excerpt.excerpt(excerpt.silent(project), spans)
    silent = but(seen, output=but(seen.output, max_size_bytes=None))
    begun_s = time.monotonic()
    out = session.bench.folder / f"sample.{format_}"
    made = render(silent, session.bench, out, steps=[]).receipt.size_bytes
    times = float(project.duration_s / silent.duration_s)
    took_s = (time.monotonic() - begun_s) * times
    return Size(bytes=round(made * times) + sound, picture_s=took_s, basis="sampled")


def _sound_bytes(project: Project, sources: Any, format_: str) -> int:
    if not project.audible():
        return 0
    kbps = project.output.audio_bitrate_kbps or _KBPS.get(format_, _USUAL_KBPS)
    if sound_untouched(project) and format_ not in SOUND_FORMATS:
        info = sources[project.audible()[0][1].asset_id].info
        rate = info.audio.bit_rate if info.audio is not None and info.audio.codec == "aac" else None
        kbps = kbps if rate is None else rate / 1000
    return round(float(project.duration_s) * kbps * 125)


def _picture_bytes(source: Source) -> int:
    """What of a file is picture."""
    info = source.info
    if info.video is not None and info.video.bit_rate:
        return min(round(info.video.bit_rate / 8 * float(info.video.duration_s)), info.byte_size)
    sound = sum((audio.bit_rate or 0) / 8 * float(audio.duration_s) for audio in info.audios)
    return max(info.byte_size - round(sound), 0)


def _kept_bytes(project: Project, sources: Any) -> Iterator[int]:
    for segment in project.main.segments if project.main is not None else ():
        source = sources[segment.asset_id]
        whole_s = float(source.info.duration_s) or 1.0
        yield round(_picture_bytes(source) * float(segment.duration_s * segment.speed) / whole_s)
