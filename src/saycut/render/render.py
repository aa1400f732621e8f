"""Render: a project becomes a file, by the cheapest plan, and the file is measured.

The order is always the same: plan, sound (mixed, levelled, encoded, small enough to do again),
picture (copied, encoded or drawn), both put together in the destination folder under a hidden
name, verified, published by rename.
"""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from saycut.errors import EngineFailed, Impossible
from saycut.media.copying import copy_all, copy_all_obstacle, copy_picture, mux
from saycut.media.cover import extract_cover
from saycut.media.info import Source
from saycut.media.probe import open_source
from saycut.media.publish import publishing
from saycut.media.waveform import still_picture, waveform_picture
from saycut.operations.exporting import SOUND_FORMATS
from saycut.pcm import PcmReader, blocks_of
from saycut.render.assemble import Assembled, encode, encode_within, joined
from saycut.render.bank import SoundBank
from saycut.render.bench import Bench
from saycut.render.figures import figures
from saycut.render.picture import (
    DRAWN_SIZE,
    STILL_RATE,
    Copied,
    Drawn,
    Encoded,
    NoPicture,
    Picture,
    Word,
    already_small,
    exact_duration_s,
    planned,
    word,
)
from saycut.render.receipt import Receipt, SoundFigures, rounded
from saycut.render.size_limit import sound_kbps, too_long
from saycut.render.verify import Measured, verified
from saycut.timeline.project import Project, Segment
from saycut.timeline.value import but
from saycut.watch import Aside, Watch
from saycut.words import Words

if TYPE_CHECKING:  # signal processing takes a second to import; stripping the sound must not wait for it
    from saycut.render.level import Leveled


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """The published file, its receipt, and what should be said about it."""

    out: Path
    receipt: Receipt
    notes: tuple[Words, ...] = ()


def render(project: Project, bench: Bench, out: Path, *, steps: list[dict[str, object]]) -> Rendered:
    """Make `out` (its suffix decides the format; an existing file is replaced atomically, a source never).

    `steps` are the operations with what they measured when applied; they come back in the receipt
    with what the render measured. Raises the errors of the rooms below; nothing is left behind then.
    """
    sources, bank, watch = bench.sources, bench.bank, bench.watch
    suffix = out.suffix.lower()
    sound_only = suffix.lstrip(".") in SOUND_FORMATS
    picture = planned(project, sources, suffix, sound_only)
    heard = bool(project.audible()) and suffix != ".gif"
    untouched = sound_untouched(project)
    if sound_only and not heard:
        raise Impossible(
            reason=f"There is no sound to put into {out.name}.", reason_zh=f"没有可以写入 {out.name} 的声音。"
        )
    inputs = [source.path for source in sources.values()]
    notes: list[Words] = []
    with publishing(out, inputs=inputs) as temporary:
        try:
            made, measured = _proven(project, bench, picture, out, temporary)
            as_it_is = already_small(project, sources, picture, temporary.stat().st_size)
            if as_it_is is not None:
                picture = as_it_is
                made, measured = _proven(project, bench, picture, out, temporary)
                notes.append(ALREADY_SMALL)
        except (EngineFailed, Impossible):
            if not isinstance(picture, Copied):
                raise
            # Packets of a damaged source that do not survive copying, or that are too many, are encoded.
            picture = planned(project, sources, suffix, sound_only, copying=False)
            made, measured = _proven(project, bench, picture, out, temporary)
        leveled = made.leveled
        before = None if untouched or not heard_before(project) else _before(project, bank, watch)
    told = [with_reports(step, bank) for step in steps]
    after = leveled.figures if leveled is not None and not untouched else None
    frames_copied = None if measured.info.video is None else made.assembled.frames_copied
    if isinstance(picture, Copied) and measured.info.video is not None:
        frames_copied = measured.info.video.frame_count
    seen = (word(picture), frames_copied, made.assembled.encoder)
    receipt = _receipt(project, seen, measured, (rounded(before), rounded(after)), told)
    notes = [*bank.notes, *made.assembled.notes, *notes]
    if leveled is not None and leveled.missed is not None:
        notes.append(leveled.missed)
    return Rendered(out=out, receipt=receipt, notes=tuple(notes))


ALREADY_SMALL = Words(
    "The picture is as small already as it can be at a good quality: it was copied.",
    "画面已经足够小，再压缩会损失画质：已原样保留。",
)


class _Made(msgspec.Struct, frozen=True, kw_only=True):
    leveled: "Leveled | None" = None
    assembled: Assembled = Assembled()


def _proven(
    project: Project, bench: Bench, picture: Picture, out: Path, temporary: Path
) -> tuple[_Made, Measured]:
    """The file for `out` made at `temporary`, within its limit of size, and what it was found to be."""
    made = _made(project, bench, picture, out, temporary)
    limit = project.output.max_size_bytes
    if limit is not None and temporary.stat().st_size > limit:
        raise too_long(limit, project.duration_s)
    leveled, suffix = made.leveled, out.suffix.lower()
    separate = leveled is not None and not isinstance(picture, NoPicture)
    measured = verified(
        temporary,
        picture,
        exact_duration_s(project, picture),
        has_sound=bool(project.audible()) and suffix != ".gif",
        sound=leveled.sound if leveled is not None and separate else None,
        watch=bench.watch,
    )
    return made, measured


def _made(project: Project, bench: Bench, picture: Picture, out: Path, temporary: Path) -> _Made:
    """The file for `out` made at `temporary`."""
    silent = not project.audible() or out.suffix.lower() == ".gif"
    as_recorded = not silent and sound_untouched(project)
    if as_recorded and isinstance(picture, Copied) and _sound_fits(picture.source, out):
        copy_all(picture.source, temporary, watch=bench.watch)
        return _Made()
    place = temporary if isinstance(picture, NoPicture) else bench.folder / _sound_name(out)
    if isinstance(picture, Encoded) and project.output.max_size_bytes is None:
        made = _side_by_side(project, bench, picture, temporary, None if silent else place)
    else:
        heard = None if silent else _heard(project, bench, place, alone=place == temporary)
        assembled = _assemble(project, bench, picture, heard, temporary)
        made = _Made(leveled=heard.leveled if heard is not None else None, assembled=assembled)
    if silent and project.audible():
        said = Words("A GIF has no sound.", "GIF 没有声音。")
        made = but(made, assembled=but(made.assembled, notes=(*made.assembled.notes, said)))
    return made


class _Heard(msgspec.Struct, frozen=True, kw_only=True):
    """The sound of the result: mixed, and at its level and encoded."""

    pcm: PcmReader
    leveled: "Leveled"


def _heard(project: Project, bench: Bench, place: Path, *, alone: bool) -> _Heard:
    pcm = _mixed(project, bench)
    return _Heard(pcm=pcm, leveled=_leveled(project, pcm, place, alone=alone, watch=bench.watch))


def _side_by_side(
    project: Project, bench: Bench, picture: Encoded, temporary: Path, place: Path | None
) -> _Made:
    """Sound and picture made at the same time, neither waiting for the other; the sound at `place`."""
    aside = Aside(bench.watch)
    with ThreadPoolExecutor(1, thread_name_prefix="picture") as pool:
        encoding = pool.submit(encode, project, picture, temporary, but(bench, watch=aside))
        try:
            heard = None if place is None else _heard(project, bench, place, alone=False)
            aside.speak_up()
            silent = encoding.result()
        except BaseException:
            aside.cancel()
            raise
    leveled = heard.leveled if heard is not None else None
    assembled = joined(silent, leveled.sound if leveled is not None else None, temporary, bench)
    return _Made(leveled=leveled, assembled=assembled)


def sound_untouched(project: Project) -> bool:
    """Whether the request leaves the recorded sound exactly as it is (or there is none)."""
    audible, output = project.audible(), project.output
    if output.channels is not None or output.audio_bitrate_kbps is not None:
        return False
    plain = all(
        track.role == "main" and not s.gain_db and not s.cleanups and not s.drift_ppm and not track.gain_db
        for track, s in audible
    )
    faded = any(f.sound_in_s or f.sound_out_s for f in (project.fades, *(s.fades for _, s in audible)))
    turned = any(s.reverse or s.speed != 1 or s.blend is not None for _, s in audible)
    untouched = plain and not faded and not turned and project.target is None
    return untouched and _whole(project, tuple(s for _, s in audible))


def _whole(project: Project, segments: tuple[Segment, ...]) -> bool:
    """Whether the segments show one source from its beginning to its end, however often it was split."""
    if not segments:
        return True
    asset = project.asset(segments[0].asset_id)
    ends_s = [Fraction(0), *(s.source_end_s for s in segments)]
    continuous = all(
        s.asset_id == asset.id and s.start_s == at for s, at in zip(segments, ends_s, strict=False)
    )
    return continuous and ends_s[-1] == asset.duration_s


def heard_before(project: Project) -> bool:
    """Whether the first clip brought any sound."""
    return project.main is not None and any(
        project.asset(s.asset_id).has_sound for s in project.main.segments
    )


def _sound_name(out: Path) -> str:
    """WebM takes Opus; everything else that holds a picture takes AAC."""
    return "sound.opus" if out.suffix.lower() == ".webm" else "sound.m4a"


def _sound_fits(source: Source, out: Path) -> bool:
    """Whether the recorded sound may stand in that container as it is.

    An MP4 is made to be posted: it may hold more, but what every player and platform takes is AAC.
    """
    audio, suffix = source.info.audio, out.suffix.lower()
    if audio is None or (suffix == ".mp4" and audio.codec != "aac"):
        return False
    return copy_all_obstacle(source.info, suffix) is None


def _mixed(project: Project, bench: Bench) -> PcmReader:
    from saycut.render.sound import mixed

    return mixed(project, bench.bank, bench.folder, bench.watch)


def _leveled(project: Project, pcm: PcmReader, out: Path, *, alone: bool, watch: Watch) -> "Leveled":
    from saycut.render import level

    output = project.output
    kbps = output.audio_bitrate_kbps
    if output.max_size_bytes is not None:
        most = sound_kbps(output.max_size_bytes, project.duration_s, alone=alone)
        kbps = most if kbps is None else min(kbps, most)
    form = level.SoundFormat(kbps, output.channels or 2)
    raised = any(s.gain_db > 0 for _, s in project.audible())
    several = len({track.id for track, _ in project.audible()}) > 1
    return level.encoded(pcm, out, project.target, protect=raised or several, watch=watch, form=form)


def _assemble(
    project: Project,
    bench: Bench,
    picture: Picture,
    heard: _Heard | None,
    out: Path,
) -> Assembled:
    """Picture and sound in `out`, for pictures that are copied, have to fit a size or show their sound."""
    folder, watch = bench.folder, bench.watch
    sound = heard.leveled.sound if heard is not None else None
    match picture:
        case NoPicture():
            pass  # the sound was encoded into its place already
        case Copied(source=source):
            copy_picture(source, sound, out, watch=watch)
        case Encoded():
            return encode_within(project, picture, sound, out, bench)
        case Drawn():
            silent = folder / "picture.mp4"
            _draw(bench, picture, heard.pcm if heard is not None else None, silent)
            mux(open_source(silent, watch), sound, out, watch=watch)
            return Assembled(encoder="vp9" if out.suffix.lower() == ".webm" else "x264")
    return Assembled()


def _draw(bench: Bench, picture: Drawn, pcm: PcmReader | None, out: Path) -> None:
    folder, watch = bench.folder, bench.watch
    width, height = DRAWN_SIZE
    if picture.cover is not None:
        cover = (
            picture.cover
            if picture.cover.info.kind == "image"
            else extract_cover(picture.cover, folder, watch)
        )
        if cover is not None:
            still_picture(
                cover, picture.frames, STILL_RATE, out, work=folder, width=width, height=height, watch=watch
            )
            return
    if pcm is None:
        raise ValueError("a drawn picture needs its sound")
    waveform_picture(
        pcm,
        picture.frames,
        STILL_RATE,
        out,
        work=folder,
        title=Path(picture.title).stem,
        width=width,
        height=height,
        watch=watch,
    )


def _before(project: Project, bank: SoundBank, watch: Watch) -> SoundFigures | None:
    """The recorded sound of the first clip that has any, as it was brought."""
    for segment in project.main.segments if project.main is not None else ():
        asset = project.asset(segment.asset_id)
        if asset.has_sound:
            raw = bank.raw(asset)
            return figures(blocks_of(raw), raw.samples, watch)
    return None


def _receipt(
    project: Project,
    seen: tuple[Word, int | None, str | None],
    measured: Measured,
    sounds: tuple[SoundFigures, SoundFigures],
    steps: list[dict[str, object]],
) -> Receipt:
    (was, now), info = sounds, measured.info
    return Receipt(
        duration_before_s=round(float(_length_before_s(project)), 3),
        duration_after_s=round(float(info.duration_s), 3),
        lufs_before=was.lufs,
        lufs_after=now.lufs,
        true_peak_before_dbtp=was.true_peak_dbtp,
        true_peak_after_dbtp=now.true_peak_dbtp,
        noise_floor_before_dbfs=was.noise_floor_dbfs,
        noise_floor_after_dbfs=now.noise_floor_dbfs,
        video=seen[0],
        frames_copied=seen[1],
        encoder=seen[2],
        width=info.video.display_width if info.video is not None else None,
        height=info.video.display_height if info.video is not None else None,
        frames=info.video.frame_count if info.video is not None else None,
        av_end_difference_ms=_rounded_ms(measured.av_end_difference_ms),
        size_bytes=info.byte_size,
        operations=steps,
    )


def _rounded_ms(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _length_before_s(project: Project) -> Fraction:
    """The clips as they were brought, one after the other."""
    main = project.main.segments if project.main is not None else ()
    brought = dict.fromkeys(s.asset_id for s in main)
    return sum((project.asset(asset_id).duration_s for asset_id in brought), Fraction(0))


def with_reports(step: dict[str, object], bank: SoundBank) -> dict[str, object]:
    """What an operation measured, with what its sounds were found to be when they were made."""
    told = {key: value for key, value in step.items() if key != "step"}
    for report in bank.reports.get(str(step.get("step")), ()):
        told.update(report)
    return told
