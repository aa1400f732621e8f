"""The one line that says what is on the timeline, the same at every door (API.md, Draft JSON)."""

from saycut.timeline.clock import Seconds
from saycut.timeline.project import Project, Role, Title, Track

_LABELS: dict[Role, str] = {
    "main": "Video",
    "recording": "Recording",
    "voiceover": "Voiceover",
    "music": "BGM",
    "sound": "Audio",
}


def summary_line(project: Project) -> str:
    """For example: Timeline (3 tracks): 1. Video: talk.mp4 (0-10s, muted) 2. BGM: Calm Tide (0-10s, 35%)
    3. Title: "Urban Dreams" (0-3s)."""
    lines = sorted({title.line for title in project.titles})
    texts = [[title for title in project.titles if title.line == line] for line in lines]
    said = [_track(project, track) for track in project.tracks] + [_titles(titles) for titles in texts]
    head = f"Timeline ({len(said)} track{'' if len(said) == 1 else 's'}):"
    return " ".join([head, *(f"{number}. {one}" for number, one in enumerate(said, 1))])


def _track(project: Project, track: Track) -> str:
    label = _LABELS[track.role]
    if track.role == "main" and not any(project.asset(s.asset_id).has_picture for s in track.segments):
        label = "Audio"
    if not track.segments:
        return f"{label}: empty"
    names = list(dict.fromkeys(project.asset(s.asset_id).name for s in track.segments))
    start, end = track.segments[0].at_s, track.segments[-1].end_s
    facts = [_span(start, end)]
    if track.role == "main" and not any(s.audible for s in track.segments):
        facts.append("muted")
    if track.gain_db:
        facts.append(f"{100 * 10 ** (track.gain_db / 20):.0f}%")
    return f"{label}: {', '.join(names)} ({', '.join(facts)})"


def _titles(titles: list[Title]) -> str:
    words = ", ".join(f'"{" ".join(title.text.split())}"' for title in titles)
    return f"Title: {words} ({_span(min(t.start_s for t in titles), max(t.end_s for t in titles))})"


def _span(start_s: Seconds, end_s: Seconds) -> str:
    return f"{_number(float(start_s))}-{_number(float(end_s))}s"


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
