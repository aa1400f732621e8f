"""Which seconds tell most of what a plan does, where nobody said which: those it names, else speech with a
pause in it, for that is where noise, music and pauses are heard apart."""

from collections.abc import Sequence

from saycut.errors import Impossible
from saycut.language.understand import Step
from saycut.operations.when import When, moment
from saycut.studio import excerpt
from saycut.studio.session import Session
from saycut.studio.window import WindowBank
from saycut.timeline.clock import Seconds, on_grid
from saycut.timeline.project import Project
from saycut.timeline.spans import Spans, clipped, complement, total_s
from saycut.timeline.voice import voice_on_timeline

_SCOUTED_S = Seconds(60)  # of the beginning; listened to in under a second
_LEAD_S = Seconds(2)  # before a moment that is named, and
_BREATH_S = Seconds(3, 10)  # before a word
_ENOUGH_SPEECH = Seconds(3, 5)  # of the window; more of it tells no more
_LONGEST_PAUSE_S = Seconds(2)  # a longer one tells no more either
_PAUSE_WEIGHT = 2


def telling_s(session: Session, steps: Sequence[Step], length_s: Seconds) -> Seconds:
    """Where `length_s` that tell of `steps` begin on the timeline of the session, on its grid."""
    project = session.project
    latest_s = max(project.duration_s - length_s, Seconds(0))
    if latest_s == 0:
        return latest_s
    wanted_s = _named(steps, project)
    if wanted_s is None:
        wanted_s = _spoken(_voice(session), project, length_s)
    return on_grid(min(max(wanted_s, Seconds(0)), latest_s), project.grid_hz)


def _named(steps: Sequence[Step], project: Project) -> Seconds | None:
    """A little before the first moment that an operation names; None where none does."""
    named: list[Seconds] = []
    for step in steps:
        if step.op == "fade" and step.args.get("direction") == "out":
            named.append(project.duration_s)
        for argument in ("start", "at"):
            when = step.args.get(argument)
            if when is not None and when != 0:
                named += _moment(when, project)
    return min(named) - _LEAD_S if named else None


def _moment(when: object, project: Project) -> list[Seconds]:
    if not isinstance(when, (int, float, str)) or isinstance(when, bool):
        return []
    said: When = when
    try:
        return [moment(said, project.duration_s, project.grid_hz)]
    except Impossible:  # said when the operation is carried out
        return []


def _voice(session: Session) -> Spans:
    """What sounds in the beginning of the timeline. The bank of the session hears nothing of it."""
    project, bench = session.project, session.bench
    beginning = excerpt.excerpt(project, ((Seconds(0), min(_SCOUTED_S, project.duration_s)),))
    bank = WindowBank(session.sources, bench.folder, session.watch)
    try:
        for _, segment in beginning.audible():
            asset = beginning.asset(segment.asset_id)
            if asset.bed is None:
                bank.look_at(asset, segment.start_s, segment.source_end_s, Seconds(0))
        return voice_on_timeline(beginning, bank.voice_regions)
    finally:
        bank.close()


def _spoken(voice: Spans, project: Project, length_s: Seconds) -> Seconds:
    """The beginning of a word after which there is speech with a pause; the middle where all is still."""
    end_s = min(_SCOUTED_S, project.duration_s)
    starts = [min(max(start_s - _BREATH_S, Seconds(0)), end_s - length_s) for start_s, _ in voice]
    if not starts:
        return (project.duration_s - length_s) / 2
    return max(starts, key=lambda start_s: (_told(voice, start_s, length_s), -start_s))


def _told(voice: Spans, start_s: Seconds, length_s: Seconds) -> Seconds:
    """How much these seconds tell."""
    end_s = start_s + length_s
    heard = clipped(voice, start_s, end_s)
    pauses = complement(heard, heard[0][0], heard[-1][1]) if heard else ()
    longest_s = max((last - first for first, last in pauses), default=Seconds(0))
    spoken_s = min(total_s(heard), _ENOUGH_SPEECH * length_s)
    return spoken_s + _PAUSE_WEIGHT * min(longest_s, _LONGEST_PAUSE_S)
