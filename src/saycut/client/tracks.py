"""What lies on a timeline, read from a draft: ours, or another service's as far as it is understood.

`t` tracks, `tt` kind (0 video, 1 audio, 7 text), `sg` segments, `d` duration in ms, `m` what else there is.
In `m` the names differ from service to service; the tables below say which are looked for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from saycut.client.said import Said, length

Json = dict[str, Any]

VIDEO, AUDIO, TEXT = 0, 1, 7
_NAMES = ("name", "title", "file_name", "fileName", "label")
_TEXTS = ("text", "content")
_SOURCES = ("asset_id", "file_id", "fileId", "id", "url", "src")
_STARTS = ("at_ms", "start_time", "startTime", "s")
_ROLES = {
    "voiceover": Said("Voiceover", "旁白"),
    "recording": Said("Recording", "录音"),
    "music": Said("Music", "音乐"),
    "sound": Said("Sound", "声音"),
}
_KINDS = {VIDEO: Said("Video", "视频"), AUDIO: Said("Sound", "声音"), TEXT: Said("Title", "标题")}
_OTHER = Said("Track", "轨道")


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment. Times in seconds; `level` is a factor, 1 where nothing is said of it."""

    source: str
    name: str
    text: str
    at_s: float
    duration_s: float
    level: float
    heard: bool
    effects: frozenset[str]
    looks: tuple[str, ...]  # what a title looks like, and where it stands
    speed: float
    rest: str  # everything that is not understood, to see that it changed


@dataclass(frozen=True, slots=True)
class Row:
    """One track."""

    key: str
    kind: int
    label: Said
    pieces: tuple[Piece, ...]
    level: float

    @property
    def end_s(self) -> float:
        """Where its last piece ends."""
        return max((piece.at_s + piece.duration_s for piece in self.pieces), default=0.0)

    @property
    def names(self) -> list[str]:
        """What lies on it, each once."""
        told = (f"“{p.text}”" if self.kind == TEXT else p.name for p in self.pieces)
        return [name for name in dict.fromkeys(told) if name]


def rows(draft: Json) -> list[Row]:
    """The tracks of a draft, in order."""
    tracks = draft.get("t")
    if not isinstance(tracks, list):
        return []
    return [_row(track, number) for number, track in enumerate(tracks) if isinstance(track, dict)]


def duration_s(draft: Json) -> float:
    """Of the whole: as the draft says, else where its last piece ends."""
    said = draft.get("d")
    if isinstance(said, int | float) and not isinstance(said, bool):
        return said / 1000
    return max((row.end_s for row in rows(draft)), default=0.0)


def without(draft: Json, sources: Collection[str], sounds: Collection[str] = ()) -> Json:
    """The draft without the segments that play any of `sources`; the rest stays where it is. A track of
    which only `sounds` are left is one of sound."""
    tracks = draft.get("t")
    if not sources or not isinstance(tracks, list):
        return draft
    lean = [_lean(track, sources, sounds) for track in tracks if isinstance(track, dict)]
    left = {key: value for key, value in draft.items() if key != "d"} | {"t": [t for t in lean if t["sg"]]}
    return {**left, "d": round(1000 * duration_s(left))}


def _lean(track: Json, sources: Collection[str], sounds: Collection[str]) -> Json:
    told = [(s, _first(_more(s)[0], _SOURCES)) for s in _list(track.get("sg")) if isinstance(s, dict)]
    kept = [(segment, source) for segment, source in told if source not in sources]
    is_sound = track.get("tt") == VIDEO and all(source in sounds for _, source in kept)
    return {**track, "sg": [s for s, _ in kept], **({"tt": AUDIO} if is_sound else {})}


def summary(draft: Json, language: str) -> str:
    """One line: Timeline (2 tracks): 1. Video: talk.mp4 (0-10 s) 2. Music: Calm Tide (0-10 s, 35%)."""
    told = [row for row in rows(draft) if row.pieces]
    count = len(told)
    if language == "zh":
        head = f"时间线（{count} 条轨道）："
    else:
        head = f"Timeline ({count} track{'' if count == 1 else 's'}): "
    return head + " ".join(f"{n}. {_told(row, language)}" for n, row in enumerate(told, 1))


def percent(level: float) -> str:
    """A level for people."""
    return f"{100 * level:.0f}%"


def _told(row: Row, language: str) -> str:
    start_s = min(piece.at_s for piece in row.pieces)
    facts = [f"{length(start_s).removesuffix(' s')}-{length(row.end_s)}"]
    if row.kind != TEXT and not any(piece.heard for piece in row.pieces):
        facts.append("静音" if language == "zh" else "muted")
    elif row.level != 1:
        facts.append(percent(row.level))
    names = ", ".join(row.names)
    return f"{row.label.said(language)}{': ' if names else ''}{names} ({', '.join(facts)})"


def _row(track: Json, number: int) -> Row:
    more, own = _more(track)
    kind = track.get("tt")
    kind = kind if isinstance(kind, int) else -1
    segments = track.get("sg")
    pieces, at_s = [], 0.0
    for segment in segments if isinstance(segments, list) else ():
        if isinstance(segment, dict):
            pieces.append(_piece(segment, at_s))
            at_s = pieces[-1].at_s + pieces[-1].duration_s
    role = str(own.get("role") or more.get("role") or more.get("type") or "").lower()
    named = _ROLES.get("music" if role in ("bgm", "music") else role)
    return Row(
        key=str(own.get("id") or more.get("id") or f"{kind}.{number}"),
        kind=kind,
        label=named or _KINDS.get(kind, _OTHER),
        pieces=tuple(pieces),
        level=_level(more, own),
    )


def _piece(segment: Json, next_s: float) -> Piece:
    more, own = _more(segment)
    all_of_it = {**segment, **more}
    start_ms = next((all_of_it[k] for k in _STARTS if isinstance(all_of_it.get(k), int | float)), None)
    length_ms = segment.get("d")
    return Piece(
        source=_first(all_of_it, _SOURCES),
        name=_first(more, _NAMES),
        text=_first(all_of_it, _TEXTS),
        at_s=next_s if start_ms is None else start_ms / 1000,
        duration_s=length_ms / 1000 if isinstance(length_ms, int | float) else 0.0,
        level=_level(more, own),
        heard=own.get("audible", True) is not False and more.get("muted") is not True,
        effects=_effects(more, own),
        looks=_looks({**more, **own}),
        speed=_ratio(own.get("speed", more.get("speed", 1))),
        rest=repr(
            sorted((k, repr(v)) for k, v in {**segment, "m": None, **more, **own}.items() if k not in _TIMES)
        ),
    )


_TIMES = (
    "at_s",
    "at_ms",
    "start_ms",
    "start_s",
    "duration_s",
    "d",
    "end_s",
    "by",
    "m",
    "saycut",
    "clip",
    "sg",
)


def _more(thing: Json) -> tuple[Json, Json]:
    """What stands in `m`, and in our own corner of it."""
    more = thing.get("m")
    more = more if isinstance(more, dict) else {}
    own = more.get("saycut")
    return more, own if isinstance(own, dict) else {}


def _level(more: Json, own: Json) -> float:
    gain_db = own.get("gain_db", more.get("gain_db"))
    if isinstance(gain_db, int | float):
        return float(10 ** (gain_db / 20))
    volume = more.get("volume", 1)
    return float(volume) if isinstance(volume, int | float) else 1.0


def _effects(more: Json, own: Json) -> frozenset[str]:
    """The names of what is done to a piece: "denoise.noise", "remove_music", "reverb"."""
    told = set()
    for effect in (*_list(own.get("cleanups")), *_list(more.get("effects")), *_list(more.get("filters"))):
        if isinstance(effect, str):
            told.add(effect)
        elif isinstance(effect, dict):
            name, kind = effect.get("type") or effect.get("name"), effect.get("kind") or _removal(effect)
            told.add(f"{name}.{kind}" if kind else str(name))
    for key in ("fades", "look", "reverse", "blend"):
        if own.get(key):
            told.add(key)
    return frozenset(told)


def _removal(effect: Json) -> str | None:
    """What becomes of music beside being taken out whole: "down", "song" (a known one), "ambience" (kept)."""
    if isinstance(effect.get("down_db"), int | float):
        return "down"
    if effect.get("track"):
        return "song"
    return "ambience" if effect.get("keep") == "ambience" else None


def _looks(told: Json) -> tuple[str, ...]:
    found = (told.get(key) for key in ("color", "position", "style", "animation", "font"))
    return tuple(one for one in found if isinstance(one, str) and one)


def _ratio(value: object) -> float:
    """A speed: 2, 1.5 or "3/2"."""
    if isinstance(value, str):
        over, _, under = value.partition("/")
        try:
            return float(over) / float(under or 1)
        except (ValueError, ZeroDivisionError):
            return 1.0
    return float(value) if isinstance(value, int | float) else 1.0


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _first(told: Json, keys: tuple[str, ...]) -> str:
    return next((told[k] for k in keys if isinstance(told.get(k), str) and told[k]), "")
