"""transition: one clip goes over into the next."""

from collections.abc import Iterator
from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import Clip, ClipName, clip_named, clip_words, clips_of
from saycut.timeline.clock import Seconds, clock_text, on_grid, seconds
from saycut.timeline.project import Blend, BlendKind, Project, Segment
from saycut.timeline.ripple import at, part, without
from saycut.timeline.value import but
from saycut.words import Words

USUAL_S = 1.0

KINDS: dict[str, BlendKind] = {
    "crossfade": "dissolve",
    "cross_dissolve": "dissolve",
    "dissolve": "dissolve",
    "fade": "dissolve",
    "smooth": "dissolve",
    "black": "black",
    "fade_black": "black",
    "fade_to_black": "black",
    "dip_to_black": "black",
    "white": "white",
    "flash": "white",
    "fade_white": "white",
    "fade_to_white": "white",
    "dip_to_white": "white",
    "wipe": "wipe_left",
    "wipe_left": "wipe_left",
    "wipe_right": "wipe_right",
    "slide": "slide_left",
    "push": "slide_left",
    "slide_left": "slide_left",
    "slide_right": "slide_right",
    "zoom": "zoom",
    "zoom_in": "zoom",
}
_TOLD: dict[BlendKind, Words] = {
    "dissolve": Words("Crossfade", "交叉淡化"),
    "black": Words("Fade through black", "黑场过渡"),
    "white": Words("Fade through white", "白场过渡"),
    "wipe_left": Words("Wipe to the left", "向左擦除"),
    "wipe_right": Words("Wipe to the right", "向右擦除"),
    "slide_left": Words("Slide to the left", "向左滑动"),
    "slide_right": Words("Slide to the right", "向右滑动"),
    "zoom": Words("Zoom", "缩放转场"),
}


class Transition(Operation, frozen=True, kw_only=True):
    """Neighbouring clips overlap for `duration` seconds and go over into each other: everywhere, or only
    after `clip` (before it, when it is the last). The result is shorter by each overlap."""

    name: ClassVar[str] = "transition"
    type: str = "crossfade"
    duration: float = USUAL_S
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        kind = self._kind()
        clips = clips_of(project)
        if len(clips) < 2:
            raise NothingToDo(
                Words(
                    "There is only one clip: nothing to go over into.", "只有一个片段，没有可加转场的地方。"
                )
            )
        places = range(len(clips) - 1)
        if self.clip is not None:
            place = min(clip_named(project, self.clip).place, len(clips) - 1)
            places = range(place - 1, place)
        lengths: list[Seconds] = []
        for place in reversed(places):  # the last first: what lies before it keeps its place
            clips = clips_of(project)
            there = _goes_over(project, clips[place + 1].start_s)
            if there is not None:
                project = _of_another_kind(project, there, kind)
                lengths.append(there.duration_s)
                continue
            length_s = self._length(project, clips[place], clips[place + 1])
            if length_s > 0:
                project = _blended(project, clips[place + 1].start_s, length_s, kind)
                lengths.append(length_s)
        if not lengths:
            raise NothingToDo(Words("The clips are too short for that.", "片段太短，无法加转场。"))
        measured = {"transitions": len(lengths), "overlap_s": round(float(sum(lengths)), 3)}
        return Outcome(project=project, measured=measured, notes=self._notes(lengths))

    def _kind(self) -> BlendKind:
        kind = KINDS.get(self.type.strip().casefold().replace(" ", "_").replace("-", "_"))
        if kind is None:
            names = "crossfade, fade to black, fade to white, wipe, slide, zoom"
            raise Impossible(
                reason=f"There is no transition “{self.type}” here; there are: {names}.",
                reason_zh=f"没有“{self.type}”转场；可选：交叉淡化、黑场、白场、擦除、滑动、缩放。",
            )
        return kind

    def _length(self, project: Project, before: Clip, after: Clip) -> Seconds:
        """On the grid; at most half of the shorter clip, and inside what is uncut beside the join."""
        segments = project.main.segments if project.main is not None else ()
        last = next((s for s in segments if s.end_s == before.end_s), None)
        first = next((s for s in segments if s.at_s == after.start_s), None)
        if first is None or last is None or first.blend is not None or last.blend is not None:
            return Seconds(0)  # goes over already
        halves = min(_full_s(segments, before), _full_s(segments, after)) / 2
        most_s = min(halves, last.duration_s, first.duration_s)
        frames = min(round(seconds(self.duration) * project.grid_hz), int(most_s * project.grid_hz))
        return on_grid(Seconds(max(frames, 0)) / project.grid_hz, project.grid_hz)

    def _notes(self, lengths: list[Seconds]) -> tuple[Words, ...]:
        shortest = min(lengths)
        if float(shortest) > self.duration - 0.05:
            return ()
        text = clock_text(shortest)
        return (
            Words(
                f"The transition lasts {text}: at most half of the shorter clip.",
                f"转场时长为 {text}：最多为较短片段的一半。",
            ),
        )

    def describe(self) -> Words:
        told = _TOLD[KINDS.get(self.type.strip().casefold().replace(" ", "_").replace("-", "_"), "dissolve")]
        if self.clip is None:
            where = Words("between all clips", "所有片段之间")
        else:
            named = clip_words(self.clip)
            where = Words(f"at the end{named.en}", f"{named.zh}末尾")
        return Words(
            f"{told.en} of {self.duration:g} s {where.en}", f"{where.zh}{told.zh} {self.duration:g} 秒"
        )


def _full_s(segments: tuple[Segment, ...], clip: Clip) -> Seconds:
    """How long the clip is with what already goes over into the next one."""
    over = (s.duration_s for s in segments if s.blend is not None and s.blend.before.clip == clip.number)
    return clip.duration_s + sum(over, Seconds(0))


def _goes_over(project: Project, join_s: Seconds) -> Segment | None:
    """The segment at `join_s` that something goes over into already."""
    segments = project.main.segments if project.main is not None else ()
    return next((s for s in segments if s.at_s == join_s and s.blend is not None), None)


def _of_another_kind(project: Project, there: Segment, kind: BlendKind) -> Project:
    """A transition asked for where there is one changes its kind; its length stays, and so all times."""
    if project.main is None or there.blend is None:
        return project
    other = but(there, blend=but(there.blend, kind=kind))
    segments = tuple(other if s == there else s for s in project.main.segments)
    return project.with_track(but(project.main, segments=segments))


def _blended(project: Project, join_s: Seconds, length_s: Seconds, kind: BlendKind) -> Project:
    """`project` with the clips that meet at `join_s` overlapping by `length_s`, and what follows moved up.

    A recording that lies beside both clips goes over with them, so that it stays in step and no word is cut
    off; what cannot (it begins or ends there) loses the time of the overlap.
    """
    made = without(project, [(join_s - length_s, join_s)])
    for track in project.tracks:
        halves = _halves(track.segments, join_s)
        if track.role != "music" and _lasts(halves, join_s, length_s):
            made = made.with_track(but(track, segments=tuple(_overlapped(halves, join_s, length_s, kind))))
    return made


def _halves(segments: tuple[Segment, ...], join_s: Seconds) -> list[Segment]:
    """The segments, none of them on both sides of `join_s`."""
    sides = ((part(s, s.at_s, join_s), part(s, join_s, s.end_s)) for s in segments)
    return [side for both in sides for side in both if side is not None]


def _lasts(segments: list[Segment], join_s: Seconds, length_s: Seconds) -> bool:
    """Whether what lies on both sides of `join_s` is long enough to overlap, and does not go over already."""
    before = any(
        s.end_s == join_s and s.at_s <= join_s - length_s and (s.blend is None or s.at_s < join_s - length_s)
        for s in segments
    )
    after = any(s.at_s == join_s and s.end_s >= join_s + length_s and s.blend is None for s in segments)
    return before and after


def _overlapped(
    segments: list[Segment], join_s: Seconds, length_s: Seconds, kind: BlendKind
) -> Iterator[Segment]:
    tail: Segment | None = None
    for segment in segments:
        if segment.end_s == join_s:
            head = part(segment, segment.at_s, join_s - length_s)
            tail = part(segment, join_s - length_s, join_s)
            if head is not None:
                yield head
        elif segment.at_s == join_s and tail is not None:
            into = part(segment, join_s, join_s + length_s)
            rest = part(segment, join_s + length_s, segment.end_s)
            if into is not None:
                yield but(at(into, join_s - length_s), blend=Blend(kind=kind, before=tail))
            if rest is not None:
                yield at(rest, join_s)
        elif segment.at_s > join_s:
            yield at(segment, segment.at_s - length_s)
        else:
            yield segment
