"""Steps on their way: each with the clause it was said in."""

from typing import Any

import msgspec

from saycut.language.clauses import Clause
from saycut.language.context import Step


class Part(msgspec.Struct):
    """One step being made: `inferred` names arguments that come from the context, not from the words."""

    op: str
    args: dict[str, Any]
    clause: Clause
    inferred: tuple[str, ...] = ()
    names_no_track: bool = False

    def step(self) -> Step:
        """The step as plain data."""
        return Step(self.op, self.args, self.inferred)
