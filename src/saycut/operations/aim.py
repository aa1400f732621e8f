"""What a request is aimed at: which tracks a target word means, where, and what it must leave alone."""

import msgspec

from saycut.errors import Impossible
from saycut.operations.base import NothingToDo
from saycut.operations.clips import ClipName, clip_words, range_in
from saycut.operations.when import When
from saycut.timeline.clock import Seconds
from saycut.timeline.project import VOICE_ROLES, Project, Role, Track
from saycut.words import Words

_TARGETS = {
    "all": Words("all sound", "全部声音"),
    "audio": Words("all sound", "全部声音"),
    "original": Words("the original sound", "原声"),
    "video": Words("the original sound", "原声"),
    "music": Words("the music", "音乐"),
    "voice": Words("the voice", "人声"),
}
_ROLES: dict[str, frozenset[Role]] = {
    "original": frozenset({"main"}),
    "video": frozenset({"main"}),
    "music": frozenset({"music"}),
    "voice": VOICE_ROLES,
}
_ROLE_WORDS: dict[Role, Words] = {
    "main": Words("the original sound", "原声"),
    "recording": Words("the recording", "录音"),
    "voiceover": Words("the voiceover", "配音"),
    "music": Words("the music", "音乐"),
    "sound": Words("the added sounds", "添加的声音"),
}


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """The tracks to change and where on the timeline; `notes` say what was left alone."""

    tracks: tuple[Track, ...]
    start_s: Seconds
    end_s: Seconds
    notes: tuple[Words, ...]


def aimed(project: Project, target: str, clip: ClipName | None, start: When, end: When) -> Aim:
    """What `target` (which may name a clip) means between `start` and `end`, counted inside `clip`.

    All sound of one clip is what was recorded with it or laid in its place, not the music over it.
    Raises Impossible when there is no such track, clip or range, NothingToDo when it is all protected.
    """
    if target.startswith("clip:"):
        target, clip = "all", target
    first, last = range_in(project, clip, start, end)
    if clip is not None and target in ("all", "audio"):
        target = "voice"
    return Aim(tracks=targeted(project, target), start_s=first, end_s=last, notes=left_alone(project, target))


def targeted(project: Project, target: str) -> tuple[Track, ...]:
    """The tracks that a target word means, without those that must not change this turn.

    Raises Impossible when there is no such track, NothingToDo when all of them are protected.
    """
    tracks = _meant(project, target)
    free = tuple(track for track in tracks if track.role not in project.protected)
    if not free:
        raise must_stay(tracks[0].role)
    return free


def must_stay(role: Role) -> NothingToDo:
    """That nothing was done because that track is protected."""
    what = role_words(role)
    return NothingToDo(
        Words(f"Nothing was changed: {what.en} must stay as it is.", f"没有改动：{what.zh}需保持不变。")
    )


def left_alone(project: Project, target: str) -> tuple[Words, ...]:
    """What to say about tracks that a target would mean and that are protected."""
    roles = dict.fromkeys(t.role for t in _meant(project, target) if t.role in project.protected)
    words = [role_words(role) for role in roles]
    return tuple(Words(f"{w.en[0].upper()}{w.en[1:]} stays as it is.", f"{w.zh}保持不变。") for w in words)


def _meant(project: Project, target: str) -> tuple[Track, ...]:
    if target.startswith("audio:"):
        return (sound_track(project, target),)
    wanted = _ROLES.get(target)
    tracks = project.tracks if wanted is None else tuple(t for t in project.tracks if t.role in wanted)
    if not tracks:
        raise Impossible(
            reason=f"There is no {target} track on the timeline.", reason_zh=f"时间线上没有{target}轨道。"
        )
    return tracks


def sound_track(project: Project, target: str) -> Track:
    """The track of "audio:2": the second of those that have sound, the clips' own sound first.

    Raises Impossible when there are fewer.
    """
    number = target.removeprefix("audio:")
    sounding = [t for t in project.tracks if any(project.asset(s.asset_id).has_sound for s in t.segments)]
    if not number.isdecimal() or not 1 <= int(number) <= len(sounding):
        count = len(sounding)
        are = "is only one sound track" if count == 1 else f"are {count or 'no'} sound tracks"
        raise Impossible(
            reason=f"There is no sound track {number}: there {are}.",
            reason_zh=f"没有第 {number} 条音轨，共有 {count} 条。",
        )
    return sounding[int(number) - 1]


def roles_of(target: str) -> frozenset[Role]:
    """The roles that a target word names; none for what has no sound of its own."""
    return frozenset(_ROLE_WORDS) if target in ("all", "audio") else _ROLES.get(target, frozenset())


def role_words(role: Role) -> Words:
    """A track as people call it."""
    return _ROLE_WORDS[role]


def target_words(target: str) -> Words:
    """A target as people say it."""
    if target.startswith("clip:"):
        clip = clip_words(target)
        return Words(f"the sound{clip.en}", f"{clip.zh}的声音")
    number = target.removeprefix("audio:")
    if number != target:
        return Words(f"sound track {number}", f"第 {number} 条音轨")
    return _TARGETS.get(target, Words(f"the {target}", target))
