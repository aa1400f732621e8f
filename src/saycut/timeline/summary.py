"""The one line that says what is on the timeline, the same at every door (API.md, Draft JSON)."""

from saycut.timeline.project import Project, Role, Track

_LABELS: dict[Role, str] = {
    "main": "Video",
    "recording": "Recording",
    "voiceover": "Voiceover",
    "music": "BGM",
    "sound": "Audio",
}


def summary_line(project: Project) -> str:
    """For example: Timeline (2 tracks): 1. Video: talk.mp4 (0-10s, muted) 2. BGM: Calm Tide (0-10s, 35%)."""
    count = len(project.tracks)
    head = f"Timeline ({count} track{'' if count == 1 else 's'}):"
    return " ".join([head, *(_track(project, n, t) for n, t in enumerate(project.tracks, 1))])


def _track(project: Project, number: int, track: Track) -> str:
    label = _LABELS[track.role]
    if track.role == "main" and not any(project.asset(s.asset_id).has_picture for s in track.segments):
        label = "Audio"
    if not track.segments:
        return f"{number}. {label}: empty"
    names = list(dict.fromkeys(project.asset(s.asset_id).name for s in track.segments))
    start, end = track.segments[0].at_s, track.segments[-1].end_s
    facts = [f"{_number(float(start))}-{_number(float(end))}s"]
    if track.role == "main" and not any(s.audible for s in track.segments):
        facts.append("muted")
    if track.gain_db:
        facts.append(f"{100 * 10 ** (track.gain_db / 20):.0f}%")
    return f"{number}. {label}: {', '.join(names)} ({', '.join(facts)})"


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
