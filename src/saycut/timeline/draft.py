"""The draft: a project as the JSON that clients of the wire format read, edit and send back (API.md).

    {"t": [{"tt": 0, "sg": [{"d": 3000, "m": {…}}], "m": {…}}], "d": 3000, "m": {…}}

`t` tracks, `tt` track type (0 video, 1 audio, 7 text), `sg` segments, `d` duration in ms, `m` metadata.
In `m` stands what a client may want to change, in plain numbers, and under `saycut` what is exact:

- of a segment of picture or sound: `asset_id`, `name` (of the asset, to be read only), `at_ms` (on the
  timeline), `start_ms` (in the source), `saycut`: the fields of `project.Segment`; what goes over into it
  is a segment of this form, `saycut.blend.before`;
- of a segment of text: `text`, `at_ms`, `saycut`: the fields of `project.Title`, and `order` where titles
  are drawn in another order than they stand;
- of a track: `saycut`: the fields of `project.Track`;
- of the draft: `saycut`: `v` (the version of all this, 1), `assets` (ids, also of those that are not on the
  timeline) and the other fields of `project.Project`.

Fields that have their usual value are left out. Exact times are texts of seconds ("1001/30000"); numbers
in ms are rounded from them. A number that differs from its exact value was changed by the client, and wins.
What is not named here is the client's own and is kept where it stands.

A draft written by hand needs no `saycut`: `{"t": [{"tt": 0, "sg": [{"d": 3000, "m": {"asset_id": "…"}}]}]}`
is whole (`file_id` does as well). The first track of pictures is then the main one, else the first of
sounds; a segment without `d` takes the rest of its source, one without `at_ms` follows the one before it.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from saycut.timeline.draft_reading import project_from_draft
from saycut.timeline.draft_shape import AUDIO, OWN, TEXT, VERSION, VIDEO, in_ms
from saycut.timeline.project import Project, Segment, Title, Track

__all__ = ["draft_is_ready", "draft_of", "project_from_draft"]

Json = dict[str, Any]


def draft_is_ready(draft: object) -> bool:
    """Whether a draft can be exported: one of its tracks holds a segment. For any JSON."""
    tracks = draft.get("t") if isinstance(draft, Mapping) else None
    if not isinstance(tracks, list):
        return False
    return any(isinstance(t, Mapping) and isinstance(t.get("sg"), list) and t["sg"] for t in tracks)


def draft_of(project: Project) -> Json:
    """The draft of `project`: plain dicts, lists, texts and numbers."""
    kept = _kept(project.kept)
    tracks = [_track(project, track) for track in project.tracks]
    for place, track in _text_tracks(project, kept.get("text", [])):
        tracks.insert(min(place, len(tracks)), track)
    own = {
        "v": VERSION,
        "assets": [asset.id for asset in project.assets],
        **_own(project, "assets", "tracks", "titles"),
    }
    return _with_kept({"t": tracks, "d": in_ms(project.duration_s)}, {OWN: own}, kept.get("rest", {}))


def _track(project: Project, track: Track) -> Json:
    main = track.role == "main"
    seen = not track.segments or any(project.asset(s.asset_id).has_picture for s in track.segments)
    known = {
        "tt": VIDEO if main and seen else AUDIO,
        "sg": [_segment(project, segment) for segment in track.segments],
    }
    return _with_kept(known, {OWN: _own(track, "segments")}, _kept(track.kept))


def _segment(project: Project, segment: Segment) -> Json:
    own = _own(segment, "asset_id", "blend")
    if segment.blend is not None:
        own["blend"] = {"kind": segment.blend.kind, "before": _segment(project, segment.blend.before)}
    told = {
        "asset_id": segment.asset_id,
        "name": project.asset(segment.asset_id).name,
        "at_ms": in_ms(segment.at_s),
        "start_ms": in_ms(segment.start_s),
        OWN: own,
    }
    return _with_kept({"d": in_ms(segment.duration_s)}, told, _kept(segment.kept))


def _text_tracks(project: Project, kept: list[tuple[int, Json]]) -> list[tuple[int, Json]]:
    """Every text track and its place in the draft; one that no draft placed yet goes last."""
    lines = 1 + max((title.line for title in project.titles), default=-1)
    last = len(project.tracks) + lines
    kept = [*kept, *[(last, {})] * (lines - len(kept))]
    order = [n for line in range(lines) for n, title in enumerate(project.titles) if title.line == line]
    tracks = []
    for line, (place, rest) in enumerate(kept):
        titles = [(n, title) for n, title in enumerate(project.titles) if title.line == line]
        drawn = order != sorted(order)
        known = {"tt": TEXT, "sg": [_title(title, n if drawn else None) for n, title in titles]}
        tracks.append((place, _with_kept(known, {}, rest)))
    return tracks


def _title(title: Title, order: int | None) -> Json:
    own = _own(title, "text", "line") | ({} if order is None else {"order": order})
    told = {"text": title.text, "at_ms": in_ms(title.start_s), OWN: own}
    return _with_kept({"d": in_ms(title.end_s - title.start_s)}, told, _kept(title.kept))


def _own(value: msgspec.Struct, *elsewhere: str) -> Json:
    """The fields of `value` as JSON, without those that stand `elsewhere` or have their usual value."""
    fields = [f for f in msgspec.structs.fields(value) if f.name not in ("kept", *elsewhere)]
    told = {f.name: getattr(value, f.name) for f in fields if getattr(value, f.name) != f.default}
    plain: Json = msgspec.json.decode(msgspec.json.encode(told, enc_hook=_exact, order="deterministic"))
    return plain


def _exact(value: object) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _kept(text: str) -> Json:
    kept: Json = json.loads(text) if text else {}
    return kept


def _with_kept(known: Json, told: Json, kept: Json) -> Json:
    """One object of the draft with what the client had put there besides."""
    rest = {key: value for key, value in kept.items() if key != "m"}
    return {**known, **rest, "m": {**told, **kept.get("m", {})}}
