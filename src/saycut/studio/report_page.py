"""`report --html`: two files measured, drawn and put beside each other on one page."""

import tempfile
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from saycut.audio.sound_map import sound_map
from saycut.audio.watched import watched_blocks
from saycut.errors import SaycutError
from saycut.media.info import Source
from saycut.media.packets import picture_hash, same_picture
from saycut.media.pcm_file import PcmFile
from saycut.media.probe import open_source
from saycut.media.publish import check_place, publishing
from saycut.media.sound import store_sound
from saycut.media.sound_encode import encode_sound
from saycut.pcm import RATE_HZ, Blocks, PcmReader
from saycut.report.changes import missing_spans
from saycut.report.page import Comparison, Side, Spans, page
from saycut.report.portrait import portrait
from saycut.studio.made import Made, recorded
from saycut.studio.recipe import read_recipe
from saycut.watch import Watch

EXCERPT_S = 60
_EXCERPT_KBPS = 96
_COLUMNS = 1000  # of the longer of the two
_MOST_RECIPES, _LARGEST_RECIPE_BYTES = 100, 1_000_000
_LEAST_GAP_S = 0.001


class _Recorded(NamedTuple):
    """What a recipe says of the two files, in seconds: cuts of BEFORE (None: not told), music of AFTER.

    And the loudness that was aimed at (None: none).
    """

    cut: Spans | None
    music: Spans
    target_lufs: float | None


def write_report_page(before: Path, after: Path, out: Path, language: str, watch: Watch) -> dict[str, Any]:
    """Measure both, write the page to `out`, and give the figures as `looking.compared` does.

    Raises as opening and decoding do, and Usage where the page cannot lie at `out`. An existing page is
    replaced; neither file ever is.
    """
    check_place(out, [before, after])
    with tempfile.TemporaryDirectory(prefix="saycut-", ignore_cleanup_errors=True) as work:
        told = _compared(before, after, Path(work), watch)
    with publishing(out, inputs=[before, after]) as temporary:
        temporary.write_text(page(told, language), "utf-8")
    return _as_data(told)


def _compared(before: Path, after: Path, work: Path, watch: Watch) -> Comparison:
    sources = [open_source(path, watch) for path in (before, after)]
    sounds = [_stored(source, work, watch) for source in sources]
    try:
        longest_s = max(float(source.info.duration_s) for source in sources)
        sides = [
            _side(source, sound, longest_s, work, watch)
            for source, sound in zip(sources, sounds, strict=True)
        ]
        record = _recorded(before, after, sources[0])
        cut = record.cut if record is not None else None
        first, second = sounds
        if cut is None and first is not None and second is not None:
            cut = missing_spans(first, second, watch)
    finally:
        for sound in sounds:
            if sound is not None:
                sound.close()
    return Comparison(
        before=sides[0],
        after=sides[1],
        picture_identical=_same_picture(sources, watch),
        cut=cut,
        recorded=record is not None and record.cut is not None,
        music=record.music if record is not None else None,
        target_lufs=record.target_lufs if record is not None else None,
    )


def _recorded(before: Path, after: Path, source: Source) -> _Recorded | None:
    """What a recipe beside AFTER says, when its record fits the content of both files."""
    size_bytes = after.stat().st_size
    for place in sorted(after.parent.glob("*.json"))[:_MOST_RECIPES]:
        if place.stat().st_size > _LARGEST_RECIPE_BYTES:
            continue
        try:
            made = read_recipe(place).made
        except SaycutError:
            continue
        if made is None or made.output.size_bytes != size_bytes:
            continue
        if made.output.sha256 == recorded(after).sha256:
            digests = [file.sha256 for file in made.inputs]
            was = recorded(before).sha256
            return _told_by(made, digests.index(was), source) if was in digests else None
    return None


def _told_by(made: Made, number: int, source: Source) -> _Recorded:
    """Its cuts, where the result is this one input in its order and nothing else."""
    kept = made.kept or ()
    spans = [(stretch.start_s, stretch.end_s) for stretch in kept]
    plain = bool(kept) and all(stretch.input == number for stretch in kept)
    if not plain or any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        return _Recorded(None, made.music, made.target_lufs)
    whole = [(0.0, 0.0), *spans, (float(source.info.duration_s),) * 2]
    gaps = ((earlier[1], later[0]) for earlier, later in pairwise(whole))
    return _Recorded(
        tuple(gap for gap in gaps if gap[1] - gap[0] > _LEAST_GAP_S), made.music, made.target_lufs
    )


def _stored(source: Source, work: Path, watch: Watch) -> PcmFile | None:
    return store_sound(source, work, watch=watch)[0] if source.info.audio is not None else None


def _side(source: Source, sound: PcmReader | None, longest_s: float, work: Path, watch: Watch) -> Side:
    duration_s = float(source.info.duration_s)
    if sound is None:
        return Side(name=source.path.name, duration_s=duration_s)
    columns = max(round(_COLUMNS * duration_s / max(longest_s, 1e-9)), 20)
    seen = portrait(sound, columns, watch)
    held = min(sound.samples, EXCERPT_S * RATE_HZ)
    return Side(
        name=source.path.name,
        duration_s=duration_s,
        lufs=seen.integrated_lufs,
        true_peak_dbtp=seen.true_peak_dbtp,
        noise_floor_dbfs=seen.noise_floor_dbfs,
        portrait=seen,
        heard=sound_map(watched_blocks(sound, watch, "listen"), duration_s),
        excerpt=_encoded(sound, held, work, watch),
        excerpt_s=held / RATE_HZ,
    )


def _encoded(sound: PcmReader, count: int, work: Path, watch: Watch) -> bytes:
    """The first `count` samples as AAC in an M4A, which every browser plays."""

    def blocks() -> Blocks:
        for start in range(0, count, RATE_HZ):
            yield sound.read(start, min(RATE_HZ, count - start))

    out = work / "excerpt.m4a"
    encode_sound(blocks(), out, bitrate_kbps=_EXCERPT_KBPS, expected_s=Fraction(count, RATE_HZ), watch=watch)
    return out.read_bytes()


def _same_picture(sources: list[Source], watch: Watch) -> bool | None:
    if any(source.info.video is None for source in sources):
        return None
    one, other = (picture_hash(source, watch=watch) for source in sources)
    return same_picture(one, other).same


def _as_data(told: Comparison) -> dict[str, Any]:
    return {
        "before": _side_data(told.before),
        "after": _side_data(told.after),
        "picture_identical": told.picture_identical,
        "cut": None if told.cut is None else [list(span) for span in told.cut],
    }


def _side_data(side: Side) -> dict[str, Any]:
    names = ("lufs", "true_peak_dbtp", "noise_floor_dbfs")
    sound = {name: getattr(side, name) for name in names} if side.portrait is not None else None
    return {"name": side.name, "duration_s": side.duration_s, "sound": sound}
