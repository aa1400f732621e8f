"""Where somebody is heard speaking on the timeline."""

from collections.abc import Callable
from fractions import Fraction

from saycut.timeline.clock import Seconds
from saycut.timeline.project import VOICE_ROLES, Asset, Project
from saycut.timeline.spans import Spans, clipped, united


def voice_on_timeline(project: Project, regions_of: Callable[[Asset], Spans]) -> Spans:
    """The union over all heard recordings, in timeline seconds.

    `regions_of` gives where a source has voice, in the source's own (uncorrected) time.
    """
    regions: list[tuple[Seconds, Seconds]] = []
    for track, segment in project.audible():
        if track.role not in VOICE_ROLES:
            continue
        ratio = 1 + Fraction(segment.drift_ppm) / 1_000_000
        source = regions_of(project.asset(segment.asset_id))
        here = clipped(((a * ratio, b * ratio) for a, b in source), segment.start_s, segment.source_end_s)
        shift = segment.at_s - segment.start_s
        regions += [(a + shift, b + shift) for a, b in here]
    return united(regions)
