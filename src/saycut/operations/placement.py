"""Laying a recording under the clips it belongs to: shared by sync_audio and replace_audio."""

from fractions import Fraction

from saycut.operations.base import Facts, Match
from saycut.operations.mute import silent
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
        segment = _under(clip, recording, found)
        before = _under(clip.blend.before, recording, found) if clip.blend is not None else None
        if segment is not None and before is not None and clip.blend is not None:
            covered = (before.at_s, before.end_s) == (segment.at_s, segment.end_s)
            segment = but(segment, blend=but(clip.blend, before=before)) if covered else segment
        laid += [piece for piece in (segment or before,) if piece is not None]
    return tuple(laid)


def _under(clip: Segment, recording: Asset, found: dict[str, Match]) -> Segment | None:
    """The part of `recording` that was heard when that piece of a clip was taken, as fast as it plays."""
    match = found.get(clip.asset_id)
    if match is None or not match.same:
        return None
    length_s = recording.duration_s * (1 + Fraction(match.drift_ppm) / 1_000_000)
    first, last = max(clip.start_s - match.offset_s, Seconds(0)), clip.source_end_s - match.offset_s
    last = min(last, length_s)
    if first >= last:
        return None
    skipped_s = (
        clip.source_end_s - match.offset_s - last if clip.reverse else first + match.offset_s - clip.start_s
    )
    return Segment(
        asset_id=recording.id,
        at_s=clip.at_s + skipped_s / clip.speed,
        start_s=first,
        duration_s=(last - first) / clip.speed,
        drift_ppm=match.drift_ppm,
        speed=clip.speed,
        reverse=clip.reverse,
    )


def camera_silenced(project: Project, covered: Spans) -> tuple[Project, Spans]:
    """The project with the clips' own sound off where `covered`, and the gaps where it is still heard."""
    if project.main is None:
        return project, ()
    gaps = tuple(
        gap for gap in complement(covered, Seconds(0), project.duration_s) if gap[1] - gap[0] > BRIDGED_GAP_S
    )
    main = project.main
    for start, end in complement(gaps, Seconds(0), project.duration_s):
        main = mapped_within(main, start, end, silent)
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
