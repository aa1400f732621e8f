"""protect: what must not change this turn."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.aim import role_words, roles_of, target_words
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.timeline.project import Project
from saycut.timeline.value import but
from saycut.words import Words

# What has no sound of its own: verbs change it only when they name it.
_UNNAMED = frozenset({"video", "text", "captions"})


class Protect(Operation, frozen=True, kw_only=True):
    """`target` left as it is by every other operation of the turn."""

    name: ClassVar[str] = "protect"
    # Said last as often as first ("mute everything, but don't touch the music"), it holds for the whole turn.
    precedes: ClassVar[frozenset[str]] = frozenset(
        {
            *("mute", "unmute", "volume", "fade", "delete", "duck"),
            *("denoise", "enhance_audio", "remove_music", "isolate_music", "replace_audio"),
        }
    )
    target: str = "all"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if self.target in _UNNAMED:
            return Outcome(project=project)
        wanted = roles_of(self.target)
        if not wanted:
            raise Impossible(
                reason=f"“{self.target}” cannot be kept from changing on its own.",
                reason_zh=f"无法单独保护“{self.target}”。",
            )
        held = {track.role for track in project.tracks} & wanted
        if not held:
            what = target_words(self.target)
            raise NothingToDo(
                Words(
                    f"{what.en[0].upper()}{what.en[1:]} is not on the timeline.", f"时间线上没有{what.zh}。"
                )
            )
        names = sorted(role_words(role).en for role in held)
        return Outcome(project=but(project, protected=project.protected | held), measured={"kept": names})

    def describe(self) -> Words:
        picture = {
            "video": Words("the picture", "画面"),
            "text": Words("the text", "文字"),
            "captions": Words("the captions", "字幕"),
        }
        what = picture.get(self.target, target_words(self.target))
        return Words(f"Leave {what.en} as it is", f"保持{what.zh}不变")
