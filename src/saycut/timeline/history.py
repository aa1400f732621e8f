"""History: every state a project has been in, with undo, redo and named versions.

A turn (what a person said once) is one entry, so undo takes back a whole turn. Nothing is ever dropped: a new
turn after an undo begins a branch beside what was undone. Of the tree one line is in use, from the
beginning through the present state to its tip; undo and redo walk along it.
"""

import msgspec

from saycut.timeline.project import Project
from saycut.timeline.value import but


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One state, what led to it, and the place it came from (None: the beginning)."""

    project: Project
    said: str = ""
    version: str | None = None
    after: int | None = None


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All entries, the place of the present one, and the tip of the line in use.

    Immutable: every method gives the next history. An entry keeps its place for ever, and comes after
    the one that it came from.
    """

    entries: tuple[Entry, ...]
    place: int = 0
    tip: int = 0

    @classmethod
    def begin(cls, project: Project) -> "History":
        """The history of a project nothing has been done to."""
        return cls(entries=(Entry(project=project),))

    @property
    def project(self) -> Project:
        return self.entries[self.place].project

    @property
    def path(self) -> tuple[int, ...]:
        """The places from the beginning to the present state."""
        return self._path(self.place)

    @property
    def line(self) -> tuple[int, ...]:
        """The places of the line in use, from the beginning to its tip."""
        return self._path(self.tip)

    @property
    def undo_steps(self) -> int:
        """How many turns can be taken back."""
        return len(self.path) - 1

    @property
    def redo_steps(self) -> int:
        """How many turns can be done again."""
        return len(self.line) - len(self.path)

    def then(self, project: Project, said: str) -> "History":
        """After one more turn."""
        here = len(self.entries)
        entry = Entry(project=project, said=said, after=self.place)
        return History(entries=(*self.entries, entry), place=here, tip=here)

    def undone(self, steps: int = 1) -> "History":
        """`steps` turns back, at most to the beginning."""
        return but(self, place=self.path[max(0, self.undo_steps - steps)])

    def redone(self, steps: int = 1) -> "History":
        """`steps` turns forward again, at most to the tip of the line."""
        line = self.line
        return but(self, place=line[min(len(line) - 1, self.undo_steps + steps)])

    def walked(self, way: str, steps: object) -> "History":
        """So many turns along the line ("all": to its end), back for the way "undo", else forward."""
        count = len(self.entries) if steps == "all" else int(str(steps))
        return self.undone(count) if way == "undo" else self.redone(count)

    def to(self, place: int) -> "History":
        """At `place`. Off the line in use, the line then leads through there to the newest state behind it.
        Raises IndexError where there is none."""
        if not 0 <= place < len(self.entries):
            raise IndexError(place)
        if place in self.line:
            return but(self, place=place)
        behind = {place}
        for at, entry in enumerate(self.entries):  # nothing comes before what it came from
            if entry.after in behind:
                behind.add(at)
        return but(self, place=place, tip=max(behind))

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
        """At the state of that name, wherever it is. Raises KeyError for an unknown name."""
        for at, entry in enumerate(self.entries):
            if entry.version == version:
                return self.to(at)
        raise KeyError(version)

    def joined(self, began: int, more: tuple[Entry, ...], place: int, tip: int) -> "History":
        """With the entries `more` of somebody who began with the first `began` of these and is at `place` of
        a line to `tip`; they come after what was added here meanwhile."""
        on = len(self.entries) - began

        def moved(place: int) -> int:
            return place if place < began else place + on

        placed = tuple(
            but(entry, after=None if entry.after is None else moved(entry.after)) for entry in more
        )
        return History(entries=self.entries + placed, place=moved(place), tip=moved(tip))

    def _path(self, place: int) -> tuple[int, ...]:
        back: list[int] = []
        at: int | None = place
        while at is not None:
            back.append(at)
            at = self.entries[at].after
        return tuple(reversed(back))
