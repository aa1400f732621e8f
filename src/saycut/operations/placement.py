"""Laying a recording under the clips it belongs to: shared by sync_audio and replace_audio."""

from fractions import Fraction

from saycut.operations.base import Facts, Match
from saycut.timeline.clock import Seconds
from saycut.timeline.project import Asset, Project, Segment
from saycut.timeline.ripple import mapped_within
from saycut.timeline.spans import Spans, complement
from saycut.timeline.value import but
from saycut.words import Words

# A gap in the recording shorter than this is left silent; in a longer one the camera is heard again.
BRIDGED_GAP_S = Fraction(1, 4)


def matches(project: Project, recording: Asset, facts: Facts) -> dict[str, Match]:
    """How `recording` lies against each clip that carries sound, by asset id."""
    found: dict[str, Match] = {}
    for segment in project.main.segments if project.main else ():
        clip = project.asset(segment.asset_id)
        if clip.has_sound and clip.id != recording.id and clip.id not in found:
            found[clip.id] = facts.match(recording, clip)
    return found


def laid_under(project: Project, recording: Asset, found: dict[str, Match]) -> tuple[Segment, ...]:
    """Segments of `recording` under every clip that it matches, following the cuts already made."""
    laid: list[Segment] = []
    for clip in project.main.segments if project.main else ():
        match = found.get(clip.asset_id)
        if match is None or not match.same:
            continue
        length_s = recording.duration_s * (1 + Fraction(match.drift_ppm) / 1_000_000)
        start_s = clip.start_s - match.offset_s
        first, last = max(start_s, Seconds(0)), min(start_s + clip.duration_s, length_s)
        if first < last:
            laid.append(
                Segment(
                    asset_id=recording.id,
                    at_s=clip.at_s + first - start_s,
                    start_s=first,
                    duration_s=last - first,
                    drift_ppm=match.drift_ppm,
                )
            )
    return tuple(laid)


def camera_silenced(project: Project, covered: Spans) -> tuple[Project, Spans]:
    """The project with the clips' own sound off where `covered`, and the gaps where it is still heard."""
    if project.main is None:
        return project, ()
    gaps = tuple(
        gap for gap in complement(covered, Seconds(0), project.duration_s) if gap[1] - gap[0] > BRIDGED_GAP_S
    )
    main = project.main
    for start, end in complement(gaps, Seconds(0), project.duration_s):
        main = mapped_within(main, start, end, lambda s: but(s, audible=False))
    return project.with_track(main), gaps


def best(found: dict[str, Match]) -> Match | None:
    """The surest match, the accepted ones first."""
    return max(found.values(), key=lambda m: (m.same, m.confidence), default=None)


def measured(match: Match) -> dict[str, object]:
    """What a receipt says of a match."""
    return {
        "offset_s": round(float(match.offset_s), 6),
        "drift_ppm": round(match.drift_ppm, 3),
        "confidence": round(match.confidence, 3),
    }


def as_given(offset: float) -> Match:
    """The match of an offset that the person said."""
    said = Words("as you said", "按您所说")
    return Match(same=True, offset_s=Fraction(str(offset)), drift_ppm=0.0, confidence=1.0, reason=said)
