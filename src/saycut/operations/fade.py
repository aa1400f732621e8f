"""fade: picture from and to black, sound from and to silence."""

from typing import ClassVar, Literal

from saycut.operations.aim import left_alone, targeted
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import Clip, clip_named, clip_words
from saycut.timeline.clock import Seconds, clock_text, on_grid, seconds
from saycut.timeline.project import Fades, Project, Segment, Track
from saycut.timeline.value import but
from saycut.words import Words

Direction = Literal["in", "out", "both"]
Media = Literal["audio", "video", "both"]
USUAL_S = 1.0

_MEDIA_OF_TARGET: dict[str, Media] = {
    "video": "video",
    "audio": "audio",
    "voice": "audio",
    "original": "audio",
}


class Fade(Operation, frozen=True, kw_only=True):
    """The beginning (`in`), the end (`out`) or both faded over `duration` seconds: the whole, one clip
    (`target` "clip:2"), or the music."""

    name: ClassVar[str] = "fade"
    direction: Direction = "both"
    media: Media = "both"
    duration: float = USUAL_S
    target: str = "all"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        clip = clip_named(project, self.target) if self.target.startswith("clip:") else None
        whole_s = clip.duration_s if clip is not None else project.duration_s
        length_s, notes = self._length(whole_s, project)
        if self.target == "music" or self.target.startswith("audio:"):
            return self._of_tracks(project, length_s, notes)
        picture, sound = self._what(project)
        new = self._fades(length_s, picture=picture, sound=sound)
        if clip is None:
            faded = but(project, fades=_over(project.fades, new))
        else:
            faded = _clip_faded(project, clip, new)
        return Outcome(project=faded, measured={"fade_s": round(float(length_s), 3)}, notes=notes)

    def _what(self, project: Project) -> tuple[bool, bool]:
        media = _MEDIA_OF_TARGET.get(self.target, self.media)
        picture = media != "audio" and project.has_picture
        sound = media != "video" and bool(project.audible())
        if not picture and not sound:
            if media == "audio":
                raise NothingToDo(Words("There is no sound to fade.", "没有声音可以淡入淡出。"))
            raise NothingToDo(Words("There is no picture to fade.", "没有画面可以淡入淡出。"))
        return picture, sound

    def _length(self, whole_s: Seconds, project: Project) -> tuple[Seconds, tuple[Words, ...]]:
        """The length on the grid; at most what there is, or half of it for both ends."""
        if self.duration <= 0:
            raise NothingToDo(Words("A fade of no length changes nothing.", "淡入淡出时长为零，没有变化。"))
        most_s = whole_s / 2 if self.direction == "both" else whole_s
        length_s = max(on_grid(seconds(self.duration), project.grid_hz), 1 / project.grid_hz)
        if length_s <= most_s:
            return length_s, ()
        text = clock_text(most_s)
        return most_s, (Words(f"There is only room for a fade of {text}.", f"只够 {text} 的淡入淡出。"),)

    def _fades(self, length_s: Seconds, *, picture: bool, sound: bool) -> Fades:
        into = length_s if self.direction != "out" else Seconds(0)
        out = length_s if self.direction != "in" else Seconds(0)
        none = Seconds(0)
        return Fades(
            picture_in_s=into if picture else none,
            picture_out_s=out if picture else none,
            sound_in_s=into if sound else none,
            sound_out_s=out if sound else none,
        )

    def _of_tracks(self, project: Project, length_s: Seconds, notes: tuple[Words, ...]) -> Outcome:
        if self.target == "music" and not any(track.role == "music" for track in project.tracks):
            raise NothingToDo(Words("There is no music to fade.", "没有音乐可以淡入淡出。"))
        tracks = [track for track in targeted(project, self.target) if track.segments]
        for track in tracks:
            project = project.with_track(self._track_faded(track, length_s))
        measured = {"fade_s": round(float(length_s), 3)}
        return Outcome(project=project, measured=measured, notes=(*notes, *left_alone(project, self.target)))

    def _track_faded(self, track: Track, length_s: Seconds) -> Track:
        if track.role == "music":  # music stays one piece, with fades of its own
            into = float(length_s) if self.direction != "out" else track.fade_in_s
            out = float(length_s) if self.direction != "in" else track.fade_out_s
            return but(track, fade_in_s=into, fade_out_s=out)
        return _ends_faded(track, track.segments, self._fades(length_s, picture=False, sound=True))

    def describe(self) -> Words:
        media = _MEDIA_OF_TARGET.get(self.target, self.media)
        what = {
            "audio": Words("the sound", "声音"),
            "video": Words("the picture", "画面"),
            "both": Words("picture and sound", "画面和声音"),
        }[media]
        where = clip_words(self.target) if self.target.startswith("clip:") else Words("", "")
        if self.target == "music":
            what = Words("the music", "音乐")
        how = {
            "in": Words("in", "淡入"),
            "out": Words("out", "淡出"),
            "both": Words("in and out", "淡入淡出"),
        }[self.direction]
        return Words(
            f"Fade {what.en}{where.en} {how.en} over {self.duration:g} s",
            f"{where.zh}{what.zh}{how.zh} {self.duration:g} 秒",
        )


def _over(old: Fades, new: Fades) -> Fades:
    """What `new` names replaces what was there; the rest stays."""
    return Fades(
        picture_in_s=new.picture_in_s or old.picture_in_s,
        picture_out_s=new.picture_out_s or old.picture_out_s,
        sound_in_s=new.sound_in_s or old.sound_in_s,
        sound_out_s=new.sound_out_s or old.sound_out_s,
    )


def _clip_faded(project: Project, clip: Clip, new: Fades) -> Project:
    if project.main is None:
        return project
    main = project.main
    own = tuple(s for s in main.segments if s.clip == clip.number and clip.start_s <= s.at_s < clip.end_s)
    return project.with_track(_ends_faded(main, own, new))


def _ends_faded(track: Track, own: tuple[Segment, ...], new: Fades) -> Track:
    """The first of `own` fades in, the last fades out."""
    none = Seconds(0)
    first, last = own[0], own[-1]

    def changed(segment: Segment) -> Segment:
        fades = segment.fades
        if segment == first:
            fades = _over(fades, but(new, picture_out_s=none, sound_out_s=none))
        if segment == last:
            fades = _over(fades, but(new, picture_in_s=none, sound_in_s=none))
        return but(segment, fades=fades)

    return but(track, segments=tuple(changed(s) for s in track.segments))
