"""History: every state a project has been in, with undo, redo and named versions.

A turn (what a person said once) is one entry, so undo takes back a whole turn. A new turn after
an undo drops the undone ones, as every editor does.
"""

import msgspec

from saycut.timeline.project import Project
from saycut.timeline.value import but


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One state and what led to it."""

    project: Project
    said: str = ""
    version: str | None = None


class History(msgspec.Struct, frozen=True, kw_only=True):
    """A line of entries and the place in it. Immutable: every method gives the next history."""

    entries: tuple[Entry, ...]
    place: int = 0

    @classmethod
    def begin(cls, project: Project) -> "History":
        """The history of a project nothing has been done to."""
        return cls(entries=(Entry(project=project),))

    @property
    def project(self) -> Project:
        return self.entries[self.place].project

    def then(self, project: Project, said: str) -> "History":
        """After one more turn."""
        kept = self.entries[: self.place + 1]
        return History(entries=(*kept, Entry(project=project, said=said)), place=len(kept))

    def undone(self, steps: int = 1) -> "History":
        """`steps` turns back, at most to the beginning."""
        return but(self, place=max(0, self.place - steps))

    def redone(self, steps: int = 1) -> "History":
        """`steps` turns forward again, at most to the newest."""
        return but(self, place=min(len(self.entries) - 1, self.place + steps))

    def named(self, version: str) -> "History":
        """The present state under a name (a name used before moves here)."""
        entries = tuple(
            but(
                entry,
                version=version if at == self.place else None if entry.version == version else entry.version,
            )
            for at, entry in enumerate(self.entries)
        )
        return but(self, entries=entries)

    def at_version(self, version: str) -> "History":
        """Back (or forward) to the state of that name. Raises KeyError for an unknown name."""
        for at, entry in enumerate(self.entries):
            if entry.version == version:
                return but(self, place=at)
        raise KeyError(version)
