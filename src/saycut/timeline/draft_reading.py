"""A client's draft as a project, or the one field that makes it none.

Clips of the main track lie end to end in the order of the draft: their lengths say where they are. Sounds and
texts lie where their numbers say, or after what comes before them. The draft's own values are read exactly,
then whatever numbers the client changed replace them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

import msgspec

from saycut.timeline.clock import Seconds
from saycut.timeline.draft_checks import (
    MOST_SEGMENTS,
    MOST_TRACKS,
    check_fades,
    check_output,
    check_segment,
    check_target,
    check_track,
    checked_json,
    milliseconds,
    of_kind,
    sized,
    too_many,
    within,
    wrong,
)
from saycut.timeline.draft_objects import Part, as_text
from saycut.timeline.draft_shape import AUDIO, TEXT, VERSION, VIDEO
from saycut.timeline.draft_titles import DrawnTitle, as_title, read_title
from saycut.timeline.project import (
    Asset,
    Blend,
    BlendKind,
    Fades,
    LoudnessTarget,
    Output,
    Project,
    RemoveMusic,
    Role,
    Segment,
    Title,
    Track,
)
from saycut.timeline.value import but

_NEAR_S = Seconds(2, 1000)  # two numbers that a client rounded on its own still mean the same place
_OVERLAP = ("it lies on what comes before it", "与前一片段重叠")
_WRONG_TRACK = (
    "pictures lie on a track of type 0, sounds on one of type 1",
    "画面须在 0 类轨道，声音须在 1 类轨道",
)
_ASSET_KEYS = ("asset_id", "file_id")  # `file_id` is what an upload was answered with


class _Root(msgspec.Struct, frozen=True, kw_only=True):
    v: int = VERSION
    assets: tuple[str, ...] = ()
    target: LoudnessTarget | None = None
    output: Output = Output()
    cover_id: str | None = None
    fades: Fades = Fades()
    protected: frozenset[Role] = frozenset()


class _Nothing(msgspec.Struct, frozen=True):
    pass


def project_from_draft(draft: object, assets: Mapping[str, Asset]) -> Project:
    """The project that `draft` describes.

    `assets` are those that the sender may use, by every id the draft may call them by, the composed beds
    of the session among them; the project holds those that the draft names. `draft` is what a JSON reader
    gave; the caller bounds its size in bytes. Raises BadDraft.
    """
    checked_json(draft)
    return _Reader(assets).project(Part(draft, "", ("t", "d"), ()))


class Placed(NamedTuple):
    """A segment as it was read, with where the client says that it lies (None: where it lay)."""

    segment: Segment
    part: Part
    at_s: Seconds | None


class _Reader:
    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self._assets = assets
        self._used: dict[str, Asset] = {}
        self._segments = 0

    def project(self, root: Part) -> Project:
        own = root.exact(_Root)
        if own.v != VERSION:
            raise wrong(
                root.own_path + ".v", f"this version reads drafts of version {VERSION}", "草稿版本不符"
            )
        for place, asset_id in enumerate(own.assets):
            self._use(asset_id, f"{root.own_path}.assets[{place}]")
        if own.cover_id is not None:
            self._use(own.cover_id, root.own_path + ".cover_id")
        check_output(own.output, root.own_path + ".output")
        check_fades(own.fades, root.own_path + ".fades")
        if own.target is not None:
            check_target(own.target, root.own_path + ".target")
        if "d" in root.entries:
            milliseconds(root.entries["d"], "d")  # it follows from the clips: read, and told anew
        tracks, titles, texts = self._tracks(of_kind(root.entries.get("t"), list, "t"))
        kept = {"rest": root.kept(), "text": texts if _placed_by_hand(texts, tracks, titles) else []}
        return Project(
            assets=tuple(self._used.values()),
            tracks=tracks,
            titles=titles,
            target=own.target,
            output=own.output,
            cover_id=own.cover_id,
            fades=own.fades,
            protected=own.protected,
            kept=as_text({key: value for key, value in kept.items() if value}),
        )

    def _tracks(self, given: list[Any]) -> tuple[tuple[Track, ...], tuple[Title, ...], list[Any]]:
        if len(given) > MOST_TRACKS:
            raise too_many("t", MOST_TRACKS, "tracks", "轨道")
        parts = [Part(one, f"t[{n}]", ("tt", "sg"), ()) for n, one in enumerate(given)]
        main = _main(parts)
        tracks: list[Track] = []
        titles: list[DrawnTitle] = []
        texts: list[Any] = []
        for place, part in enumerate(parts):
            if _type(part) == TEXT:
                titles += self._titles(part, len(texts))
                part.exact(_Nothing)
                texts.append([place, part.kept()])
            else:
                tracks.append(self._track(part, part is main, tracks))
        last = len(titles)
        titles.sort(key=lambda title: last if title.order is None else title.order)
        return tuple(tracks), tuple(map(as_title, titles)), texts

    def _track(self, part: Part, main: bool, before: list[Track]) -> Track:
        role = part.own.get("role", "main" if main else "sound")
        usual = {"role": role, "id": _free_id(str(role)[:50], before)}
        track = part.exact(Track, usual, elsewhere=("segments",))
        check_track(track, part.own_path)
        if any(track.id == other.id for other in before):
            raise wrong(part.own_path + ".id", "another track has it", "与另一轨道重复")
        if track.role == "main" and any(other.role == "main" for other in before):
            raise wrong(part.path, "there is one main track already", "主轨道只能有一条")
        placed = self._placed(part)
        self._check_kinds(part, track, placed)
        segments = _end_to_end(placed) if track.role == "main" else _as_they_lie(placed)
        for one, segment in zip(placed, segments, strict=True):
            for under in list(_chain(segment))[1:]:  # made as long as its segment: still in its source?
                check_segment(under, self._used[under.asset_id], one.part.own_path + ".blend.before")
        return but(track, segments=segments, kept=as_text(part.kept()))

    def _placed(self, part: Part) -> list[Placed]:
        """The segments of a track. Those written by hand are clips of their own."""
        placed = [self._segment(one, f"{part.path}.sg[{n}]") for n, one in enumerate(self._sg(part))]
        clip = 1 + max((one.segment.clip for one in placed if one.part.own), default=-1)
        numbered = []
        for one in placed:
            numbered.append(one if one.part.own else one._replace(segment=but(one.segment, clip=clip)))
            clip += not one.part.own
        return numbered

    def _sg(self, part: Part) -> list[Any]:
        given: list[Any] = of_kind(part.entries.get("sg"), list, part.path + ".sg")
        self._segments += len(given)
        if self._segments > MOST_SEGMENTS:
            raise too_many(part.path + ".sg", MOST_SEGMENTS, "segments", "片段")
        return given

    def _segment(self, given: object, path: str) -> Placed:
        part = Part(given, path, ("d",), ("asset_id", "at_ms", "start_ms"))
        asset = self._asset(part)
        usual = dict.fromkeys(("at_s", "start_s", "duration_s"), Seconds(0)) | {"asset_id": asset.id}
        base = part.exact(Segment, usual, elsewhere=("asset_id",), apart=("blend",))
        within({"speed": base.speed}, 0.01, 100, part.own_path)
        segment = _in_its_source(base, part, asset)
        for place, cleanup in enumerate(segment.cleanups):
            if isinstance(cleanup, RemoveMusic) and cleanup.track is not None:
                self._use(cleanup.track, f"{part.own_path}.cleanups[{place}].track")
        segment = but(segment, blend=self._blend(part), kept=as_text(part.kept(name=asset.name)))
        check_segment(segment, asset, part.own_path)
        known = base.at_s if "at_s" in part.own else None
        return Placed(segment, part, part.changed("at_ms", known))

    def _blend(self, part: Part) -> Blend | None:
        if "blend" not in part.own:
            return None
        path = part.own_path + ".blend"
        given = of_kind(part.own["blend"], dict, path)
        kind = given.get("kind")
        if kind not in get_args(BlendKind):
            raise wrong(path + ".kind", "it is no transition", "不是转场")
        if set(given) - {"kind", "before"}:
            raise wrong(path, "it holds something else", "含有其他内容")
        return Blend(kind=kind, before=self._segment(given.get("before"), path + ".before").segment)

    def _asset(self, part: Part) -> Asset:
        """The asset that a segment names; of two names the one that was changed."""
        path = part.path + ".m"
        named = {key: self._use(part.m[key], f"{path}.{key}") for key in _ASSET_KEYS if key in part.m}
        if not named:
            raise wrong(f"{path}.asset_id", "it is missing", "缺少该字段")
        if len({asset.id for asset in named.values()}) > 1:
            raise wrong(f"{path}.file_id", "it is another file than asset_id", "与 asset_id 不是同一文件")
        return next(iter(named.values()))

    def _use(self, asset_id: object, path: str) -> Asset:
        asset = self._assets.get(asset_id) if isinstance(asset_id, str) else None
        if asset is None:
            raise wrong(path, "there is no such file in this session", "此会话中没有该文件")
        return self._used.setdefault(asset.id, asset)

    def _check_kinds(self, part: Part, track: Track, placed: list[Placed]) -> None:
        main, video = track.role == "main", _type(part) == VIDEO
        if video and not main:
            raise wrong(
                f"{part.path}.tt", "there is one video track, the main one", "视频轨道只能有一条主轨道"
            )
        for one in placed:
            for segment in _chain(one.segment):
                asset = self._used[segment.asset_id]
                if main and asset.has_picture != video:
                    raise wrong(f"{one.part.path}.m.asset_id", *_WRONG_TRACK)
                if not video and not asset.has_sound:
                    raise wrong(f"{one.part.path}.m.asset_id", "that file has no sound", "该文件没有声音")

    def _titles(self, part: Part, line: int) -> list[DrawnTitle]:
        titles: list[DrawnTitle] = []
        for n, one in enumerate(self._sg(part)):
            end_s = titles[-1].end_s if titles else Seconds(0)
            titles.append(
                read_title(Part(one, f"{part.path}.sg[{n}]", ("d",), ("text", "at_ms")), line, end_s)
            )
        return titles


def _type(part: Part) -> int:
    """The type of a track. Raises BadDraft."""
    said = part.entries.get("tt")
    if isinstance(said, bool) or not isinstance(said, int) or said not in (VIDEO, AUDIO, TEXT):
        raise wrong(f"{part.path}.tt", "a track is of type 0, 1 or 7", "轨道类型须为 0、1 或 7")
    return said


def _main(parts: list[Part]) -> Part | None:
    """The track that is the main one although it does not say so: the first of pictures, else of sounds."""
    if any(part.own.get("role") == "main" for part in parts):
        return None
    open_ones = [part for part in parts if "role" not in part.own]
    pictures = [part for part in open_ones if _type(part) == VIDEO]
    sounds = [part for part in open_ones if _type(part) == AUDIO and part.entries.get("sg")]
    return next(iter([*pictures, *sounds]), None)


def _free_id(name: str, before: list[Track]) -> str:
    taken = {track.id for track in before}
    names = (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)


def _chain(segment: Segment) -> Iterator[Segment]:
    """A segment, what goes over into it, and so on."""
    yield segment
    if segment.blend is not None:
        yield from _chain(segment.blend.before)


def _in_its_source(base: Segment, part: Part, asset: Asset) -> Segment:
    """`base` with the range that the client wrote; one that says no length takes the rest of its source.

    One that plays backwards keeps its first picture, the end of its range, when its length changes.
    """
    start_s = part.changed("start_ms", base.start_s if "start_s" in part.own else None)
    length_s = part.changed("d", base.duration_s if "duration_s" in part.own else None)
    segment = base if start_s is None else but(base, start_s=start_s)
    if length_s is None and "duration_s" not in part.own:
        length_s = (asset.duration_s - segment.start_s) / segment.speed
    if length_s is None:
        return segment
    if segment.reverse and start_s is None:
        segment = but(segment, start_s=sized(segment.source_end_s - length_s * segment.speed, part.path))
    return but(segment, duration_s=sized(length_s, part.path))


def _end_to_end(placed: list[Placed]) -> tuple[Segment, ...]:
    """The clips of the main track, where their lengths put them. Raises BadDraft where a client says else."""
    end_s, laid = Seconds(0), []
    for one in placed:
        path = f"{one.part.path}.m.at_ms"
        if one.at_s is not None and one.at_s < end_s - _NEAR_S:
            raise wrong(path, *_OVERLAP)
        if one.at_s is not None and one.at_s > end_s + _NEAR_S:
            raise wrong(path, "clips lie end to end: there would be a gap", "片段须首尾相接，此处会有空隙")
        laid.append(_fitted(but(one.segment, at_s=end_s)))
        end_s = sized(laid[-1].end_s, path)
    return tuple(laid)


def _as_they_lie(placed: list[Placed]) -> tuple[Segment, ...]:
    """The sounds of another track, where they say, else after each other. Raises BadDraft for overlaps."""
    end_s, laid = Seconds(0), []
    for one in placed:
        path = f"{one.part.path}.m.at_ms"
        at_s = one.segment.at_s if "at_s" in one.part.own else end_s
        if one.at_s is not None:
            at_s = end_s if end_s - _NEAR_S <= one.at_s < end_s else one.at_s
        if at_s < end_s:
            raise wrong(path, *_OVERLAP)
        laid.append(_fitted(but(one.segment, at_s=at_s)))
        end_s = sized(laid[-1].end_s, path)
    return tuple(laid)


def _fitted(segment: Segment) -> Segment:
    """`segment` with what goes over into it at its place and as long."""
    if segment.blend is None:
        return segment
    before = but(segment.blend.before, at_s=segment.at_s, duration_s=segment.duration_s)
    return but(segment, blend=but(segment.blend, before=_fitted(before)))


def _placed_by_hand(texts: list[Any], tracks: tuple[Track, ...], titles: tuple[Title, ...]) -> bool:
    """Whether text tracks stand otherwise than the writer puts them by itself: last, and none empty."""
    lines = 1 + max((title.line for title in titles), default=-1)
    return texts != [[len(tracks) + line, {}] for line in range(lines)]
