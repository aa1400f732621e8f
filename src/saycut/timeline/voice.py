"""Where somebody is heard speaking on the timeline."""

from collections.abc import Callable
from fractions import Fraction

from saycut.timeline.clock import Seconds
from saycut.timeline.project import VOICE_ROLES, Asset, Project, Segment
from saycut.timeline.spans import Spans, clipped, united


def voice_on_timeline(project: Project, regions_of: Callable[[Asset], Spans]) -> Spans:
    """The union over all heard recordings, in timeline seconds.

    `regions_of` gives where a source has voice, in the source's own (uncorrected) time.
    """
    regions: list[tuple[Seconds, Seconds]] = []
    for track, segment in project.audible():
        if track.role not in VOICE_ROLES:
            continue
        regions += _voice_of(project, segment, regions_of)
        before = segment.blend.before if segment.blend is not None else None
        if before is not None and before.audible and project.asset(before.asset_id).has_sound:
            regions += _voice_of(project, before, regions_of)
    return united(regions)


def _voice_of(
    project: Project, segment: Segment, regions_of: Callable[[Asset], Spans]
) -> list[tuple[Seconds, Seconds]]:
    ratio = 1 + Fraction(segment.drift_ppm) / 1_000_000
    source = regions_of(project.asset(segment.asset_id))
    here = clipped(((a * ratio, b * ratio) for a, b in source), segment.start_s, segment.source_end_s)
    return [_played(segment, a, b) for a, b in here]


def _played(segment: Segment, first_s: Seconds, last_s: Seconds) -> tuple[Seconds, Seconds]:
    """When a range of the source is heard on the timeline."""
    skipped_s = segment.source_end_s - last_s if segment.reverse else first_s - segment.start_s
    at_s = segment.at_s + skipped_s / segment.speed
    return at_s, at_s + (last_s - first_s) / segment.speed
