"""Negation: which clauses are not to be done ("don't cut, just make it louder")."""

from saycut.language.clauses import Clause

_SPARING = frozenset({"protect", "keep_sounds"})  # "don't touch" is what they ask for


def mark_negated(clauses: list[Clause]) -> None:
    """Set `negated` on the clauses whose action stands under a "not" that is not part of their frame.

    "Don't touch the music" is a frame of its own (protect); "no sound" too (mute). A "not" reaches to
    the end of its clause, and over "or" into the next.
    """
    before: Clause | None = None
    for clause in clauses:
        match = clause.match
        if match is None:
            before = clause if _says_not(clause) else None
            continue
        clause.negated = _under_not(clause)
        if clause.link == "or" and before is not None and (before.negated or before.match is None):
            clause.negated = True
        before = clause


def _reaches(clause: Clause, index: int, action: int) -> bool:
    """Whether a "not" at `index` reaches the action: it stands before it, with no comma or "but" between."""
    item = clause.items[index]
    meant = clause.match is not None and index in clause.match.explained and item.has("instead_of")
    if index >= action or meant or not item.has("not"):
        return False
    return not any(item.has("comma", "but", "so_that", "and") for item in clause.items[index:action])


def _says_not(clause: Clause) -> bool:
    return any(item.has("not") for item in clause.items)


def _under_not(clause: Clause) -> bool:
    match = clause.match
    assert match is not None
    means_not = "none" in match.actions or any("not" in need for need in match.frame.needs)
    first_action = next(
        (
            index
            for index, item in enumerate(clause.items)
            if index in match.explained
            and any(reading.concept in match.frame.do for reading in item.readings)
            and not item.has("not")
        ),
        len(clause.items),
    )
    nots = [index for index, item in enumerate(clause.items) if _reaches(clause, index, first_action)]
    if not nots:
        return False
    if means_not and (first_action == len(clause.items) or match.frame.op in _SPARING):
        return False
    return match.frame.op not in _SPARING
