"""Clips as people count them: which there are, which one a request means, and times inside one.

A clip is a run of segments of the main track with the same number, however often it was cut.
"""

import re
from fractions import Fraction
from itertools import groupby

import msgspec

from saycut.errors import Impossible
from saycut.operations.when import When, moment, span
from saycut.timeline.clock import Seconds, clock_text, on_grid
from saycut.timeline.project import Project, Segment
from saycut.timeline.ripple import mapped_within
from saycut.timeline.value import but
from saycut.words import Words

ClipName = int | str

# Times inside a clip come to the grid of the timeline only once they are times of the timeline.
_EXACT_HZ = Fraction(1_000_000)
# “video1” and “clip 2” are names only where no file is called so.
_NUMBERED = re.compile(r"(?:clip|video|shot|part|视频|片段)\s*#?(\d{1,4})")
_LAST = frozenset({"last", "final", "最后"})


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """One clip: its place among the clips (from 1), the number its segments carry, its file and its span."""

    place: int
    number: int
    name: str
    start_s: Seconds
    end_s: Seconds

    @property
    def duration_s(self) -> Seconds:
        return self.end_s - self.start_s

    @property
    def span(self) -> tuple[Seconds, Seconds]:
        """Where it lies on the timeline."""
        return self.start_s, self.end_s


def clips_of(project: Project) -> tuple[Clip, ...]:
    """The clips of the main track in the order of the timeline."""
    segments = project.main.segments if project.main is not None else ()
    runs = [list(run) for _, run in groupby(segments, key=lambda s: s.clip)]
    return tuple(
        Clip(
            place=place,
            number=run[0].clip,
            name=project.asset(run[-1].asset_id).name,
            start_s=run[0].at_s,
            end_s=run[-1].end_s,
        )
        for place, run in enumerate(runs, 1)
    )


def clip_named(project: Project, clip: ClipName) -> Clip:
    """The clip that `clip` means: a number from 1, -1 for the last, "clip:3", "current" (the first), or
    (a part of) a file name. Raises Impossible when there is no such clip."""
    clips = clips_of(project)
    if isinstance(clip, str):
        wanted = clip.strip().casefold().removeprefix("clip:")
        if wanted == "current" and clips:
            return clips[0]
        if wanted in _LAST and clips:
            return clips[-1]
        if not wanted.lstrip("-").isdecimal():
            return _by_name(clips, clip, wanted)
        clip = int(wanted)
    place = len(clips) + clip if clip < 0 else clip - 1
    if not 0 <= place < len(clips) or clip == 0:
        count = len(clips)
        are = f"there {'is only one clip' if count == 1 else f'are {count} clips'}"
        raise Impossible(
            reason=f"There is no clip {clip}: {are}.",
            reason_zh=f"没有第 {clip} 个片段，共有 {count} 个片段。",
        )
    return clips[place]


def _by_name(clips: tuple[Clip, ...], said: str, wanted: str) -> Clip:
    for fits in (_is_called, _is_called_in_part):
        for clip in clips:
            if fits(clip.name.casefold(), wanted):
                return clip
    numbered = _NUMBERED.fullmatch(wanted)
    if numbered is not None and 1 <= int(numbered[1]) <= len(clips):
        return clips[int(numbered[1]) - 1]
    raise Impossible(reason=f"There is no clip called “{said}”.", reason_zh=f"没有名为“{said}”的片段。")


def _is_called(name: str, wanted: str) -> bool:
    return wanted in (name, name.rpartition(".")[0])


def _is_called_in_part(name: str, wanted: str) -> bool:
    return bool(wanted) and wanted in name


def range_in(project: Project, clip: ClipName | None, start: When, end: When) -> tuple[Seconds, Seconds]:
    """The range from `start` to `end` of the timeline, or of that clip, as times of the timeline.

    Raises Impossible when it is empty or there is no such clip.
    """
    if clip is None:
        return span(start, end, project.duration_s, project.grid_hz)
    within = clip_named(project, clip)
    first, last = span(start, end, within.duration_s, _EXACT_HZ)
    first_s, last_s = (_on_timeline(project, within, at_s) for at_s in (first, last))
    if first_s >= last_s:
        length = clock_text(within.duration_s)
        raise Impossible(
            reason=f"There is nothing between {start} and {end}: the clip lasts {length}.",
            reason_zh=f"{start} 到 {end} 之间没有内容：片长 {length}。",
        )
    return first_s, last_s


def moment_in(project: Project, clip: ClipName | None, when: When) -> Seconds:
    """A time of the timeline, or of that clip, as a time of the timeline."""
    if clip is None:
        return moment(when, project.duration_s, project.grid_hz)
    within = clip_named(project, clip)
    return _on_timeline(project, within, moment(when, within.duration_s, _EXACT_HZ))


def _on_timeline(project: Project, clip: Clip, inside_s: Seconds) -> Seconds:
    if inside_s in (0, clip.duration_s):
        return clip.start_s + inside_s  # where a clip begins and ends need not lie on the grid
    return min(max(on_grid(clip.start_s + inside_s, project.grid_hz), clip.start_s), clip.end_s)


def clip_words(clip: ClipName | None) -> Words:
    """Which clip, as a continuation of a line; nothing when no clip was named."""
    if clip is None or clip == "current":
        return Words("", "")
    if isinstance(clip, int) or clip.removeprefix("clip:").lstrip("-").isdecimal():
        number = int(str(clip).removeprefix("clip:"))
        return Words(" of the last clip", "最后一个片段") if number == -1 else _numbered(number)
    return Words(f" of {clip}", f"“{clip}”")


def _numbered(number: int) -> Words:
    return Words(f" of clip {number}", f"第 {number} 个片段")


def free_number(project: Project) -> int:
    """A clip number that nothing carries yet."""
    return 1 + max((s.clip for s in project.main.segments), default=-1) if project.main is not None else 0


def renumbered(project: Project, start_s: Seconds, end_s: Seconds, number: int) -> Project:
    """The project with the part of the main track inside [start_s, end_s) made the clip `number`."""
    if project.main is None:
        return project

    def changed(segment: Segment) -> Segment:
        return but(segment, clip=number)

    return project.with_track(mapped_within(project.main, start_s, end_s, changed))
