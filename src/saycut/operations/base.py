"""What every operation is: typed arguments, one line that says it, and a step from project to project.

An operation never touches a file. What it must know about the sound of a source it asks through
`Facts`; what it found out it returns as `measured`, and what a person should hear as `notes`.
"""

from fractions import Fraction
from typing import Any, ClassVar, Protocol

import msgspec

from saycut.errors import Impossible
from saycut.timeline.project import Asset, Bed, Project
from saycut.timeline.spans import Spans
from saycut.words import Words


class NothingToDo(Exception):
    """An operation found nothing to act on: a warning, never a failure (DESIGN, meaning rules)."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """How one sound lies against another: reference time = offset_s + time * (1 + drift_ppm / 1e6)."""

    same: bool
    offset_s: Fraction
    drift_ppm: float
    confidence: float
    reason: Words


class Facts(Protocol):
    """What operations may ask about sources. Answers are cached by the implementation."""

    def voice_regions(self, asset: Asset, threshold_db: float | None) -> Spans:
        """Where somebody speaks in the source (exact seconds of its own time), found on the untouched
        sound; where nobody does, where anything sounds. With `threshold_db`, where it is louder than that."""
        ...

    def pauses(self, voice: Spans, duration_s: Fraction, grid_hz: Fraction, rule: "PauseRule") -> Spans:
        """Which spans of a timeline with `voice` the rule takes out, on the grid."""
        ...

    def match(self, recording: Asset, reference: Asset) -> Match:
        """Where `recording` lies against the sound of `reference`."""
        ...

    def music_match(self, asset: Asset, track: Asset) -> Match:
        """Whether `track` can be cancelled out of the sound of `asset`; `same` is the verdict."""
        ...

    def library_track(self, mood: str | None) -> Asset | None:
        """A piece from the user's own music folder that fits the mood, None when there is no such folder."""
        ...

    def bed_mood(self, words: str | None) -> str:
        """The name of the mood of the composer that fits free words."""
        ...

    def bed_title(self, bed: Bed) -> str:
        """What the composer calls that piece."""
        ...


class PauseRule(msgspec.Struct, frozen=True, kw_only=True):
    """When a pause is too long and how much of it stays (defaults: notes, speech_audio.md item 8)."""

    min_silence_s: float = 0.75
    keep_before_s: float = 0.2
    keep_after_s: float = 0.25
    edges_only: bool = False


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The next project, what was measured on the way, and what should be said."""

    project: Project
    measured: dict[str, Any] = {}
    notes: tuple[Words, ...] = ()


class Operation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of every verb. `name` is the word of the vocabulary; `precedes` names the verbs of the
    same turn that must come after it whatever the order of the words."""

    name: ClassVar[str] = ""
    precedes: ClassVar[frozenset[str]] = frozenset()

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        """The next project. `step` names this step in effects, so that a render can report on it.

        Raises NothingToDo, or errors.Impossible / NotFound / NeedsAnswer.
        """
        raise NotImplementedError

    def describe(self) -> Words:
        """One line in the user's language, with the defaults said."""
        raise NotImplementedError

    def arguments(self) -> dict[str, Any]:
        """The arguments that differ from their defaults, as plain data."""
        return dict(msgspec.to_builtins(self))


def find_sound(project: Project, source: str | None) -> Asset | None:
    """The sound a request means: by (part of) its file name, else the only or first one beside the timeline.

    Raises Impossible when a name was given and nothing is called so.
    """
    sounds = [a for a in project.assets if a.kind == "audio" and a.bed is None]
    if source is None:
        beside = project.beside()
        return beside[0] if beside else None
    wanted = source.casefold()
    for exact in (True, False):
        for asset in [*sounds, *(a for a in project.assets if a.has_sound)]:
            name = asset.name.casefold()
            if name == wanted or (not exact and wanted in name):
                return asset
    raise Impossible(
        reason=f"There is no file called “{source}” here.", reason_zh=f"这里没有名为“{source}”的文件。"
    )
