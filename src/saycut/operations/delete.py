"""delete: a clip or a track taken off the timeline."""

from typing import ClassVar

from saycut.errors import Impossible, NeedsAnswer
from saycut.operations.aim import must_stay, sound_track, target_words
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import Clip, clip_named, clips_of
from saycut.operations.mute import silent
from saycut.operations.text import title_place
from saycut.timeline.project import Project, Track
from saycut.timeline.ripple import without
from saycut.timeline.value import but
from saycut.words import Words

NO_MUSIC = Words("There is no music on the timeline.", "时间线上没有音乐。")
NO_VOICE = Words("There is no voice track on the timeline.", "时间线上没有人声轨道。")
NO_TEXT = Words("There is no text on the picture.", "画面上没有文字。")
NO_CAPTIONS = Words("There are no captions.", "没有字幕。")
CAMERA_OFF = Words(
    "The original sound stays off; unmute it to hear it again.", "原声保持关闭，可取消静音恢复。"
)

_SOUNDS = frozenset({"original", "audio", "all"})


class Delete(Operation, frozen=True, kw_only=True):
    """`target` off the timeline: a clip ("clip:3", a file name) with the gap closed, the music, the voice
    laid over the picture, text (all, or one: "text:2"), the original sound or a sound track ("audio:2")."""

    name: ClassVar[str] = "delete"
    target: str | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if self.target is None:
            raise NeedsAnswer(
                question="What should be deleted: which clip, or the music, the voice, the text?",
                question_zh="要删除什么：第几个片段，还是音乐、人声或文字？",
            )
        return _deleted(project, self.target)

    def describe(self) -> Words:
        words = {"text": Words("the text", "文字"), "captions": Words("the captions", "字幕")}
        target = self.target or "clip"
        if target.startswith("clip:"):
            number = target.removeprefix("clip:")
            last = number == "-1"
            return Words(
                "Delete the last clip" if last else f"Delete clip {number}",
                "删除最后一个片段" if last else f"删除第 {number} 个片段",
            )
        if target.startswith("text:"):
            number = target.removeprefix("text:")
            return Words(f"Delete text {number}", f"删除第 {number} 段文字")
        what = words.get(target, target_words(target))
        return Words(f"Delete {what.en}", f"删除{what.zh}")


def _deleted(project: Project, target: str) -> Outcome:
    match target:
        case "music":
            return _without_tracks(project, [t for t in project.tracks if t.role == "music"], NO_MUSIC)
        case "voice":
            voices = [t for t in project.tracks if t.role in ("voiceover", "recording")]
            return _without_tracks(project, voices, NO_VOICE)
        case "captions":
            raise NothingToDo(NO_CAPTIONS)
        case "video":
            raise _all_gone()
    if target.partition(":")[0] == "text":
        return _without_text(project, target.partition(":")[2])
    if target in _SOUNDS:
        return _without_tracks(project, [t for t in project.tracks if t.role == "main"], NO_VOICE)
    if target.startswith("audio:"):
        return _without_tracks(project, [sound_track(project, target)], NO_VOICE)
    return _without_named(project, target)


def _without_text(project: Project, number: str) -> Outcome:
    if number == "" and not project.titles:
        raise NothingToDo(NO_TEXT)
    if number == "":
        return Outcome(project=but(project, titles=()), measured={"texts": len(project.titles)})
    place = title_place(project, int(number) if number.isdecimal() and len(number) < 6 else 0)
    titles = (*project.titles[:place], *project.titles[place + 1 :])
    return Outcome(project=but(project, titles=titles), measured={"texts": 1})


def _without_named(project: Project, target: str) -> Outcome:
    """By the name of a clip, else of a sound that lies on a track."""
    try:
        return without_clip(project, clip_named(project, target))
    except Impossible:
        wanted = target.casefold()
        named = [
            t
            for t in project.tracks
            if t.role != "main"
            and any(wanted in project.asset(s.asset_id).name.casefold() for s in t.segments)
        ]
        if target.startswith("clip:") or not named:
            raise
        return _without_tracks(project, named, NO_VOICE)


def _without_tracks(project: Project, tracks: list[Track], nothing: Words) -> Outcome:
    free = [track for track in tracks if track.role not in project.protected]
    if not tracks:
        raise NothingToDo(nothing)
    if not free:
        raise must_stay(tracks[0].role)
    notes: tuple[Words, ...] = ()
    for track in free:
        if track.role == "main":  # the picture stays, so its sound can only be turned off
            if not project.has_picture:
                raise _all_gone()
            project = project.with_track(but(track, segments=tuple(silent(s) for s in track.segments)))
            continue
        project = project.without_track(track.id)
    if any(t.role in ("voiceover", "recording") for t in free) and not project.audible():
        notes = (CAMERA_OFF,)
    return Outcome(project=project, measured={"tracks": len(free)}, notes=notes)


def without_clip(project: Project, clip: Clip) -> Outcome:
    """The project without that clip, the gap closed. Raises Impossible for the only one."""
    if len(clips_of(project)) == 1:
        raise _all_gone()
    after = without(project, (clip.span,))
    return Outcome(project=after, measured={"removed_s": round(float(clip.duration_s), 3)})


def _all_gone() -> Impossible:
    return Impossible(reason="With that deleted nothing would be left.", reason_zh="删除后什么都不剩。")
