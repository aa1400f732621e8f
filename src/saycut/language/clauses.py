"""Clauses: where one request ends and the next begins.

Every "and", comma, verb or 把 may begin a new clause. The cut that leaves the fewest words
unexplained is taken (dynamic programming over the places to cut), so spoken text without
punctuation falls apart in the same places as written text. A clause without a verb of its own
borrows the verb of the clause before ("cut out A and B").
"""

import itertools
from collections.abc import Sequence

import msgspec

from saycut.language.matching import Match, best_match, loss
from saycut.language.tagging import Item

_LINKS = frozenset({"comma", "and", "then", "but", "so_that", "or", "before_that", "stop"})
_HARD = frozenset({"stop", "then", "before_that"})
_ORDER = frozenset({"before", "after", "not", "except", "only"})
_RATES = frozenset({"factor", "share"})  # "backwards at double speed" is two requests
_CUT_COST = 1.0
_ORDER_CUT_COST = 0.1
_BORROW_COST = 0.3
_MOST_CONTENT = 14
_MOST_ITEMS = 24


class Clause(msgspec.Struct):
    """One request: its items, what they mean (None: nothing), and how it is joined to the one before."""

    items: list[Item]
    match: Match | None
    link: str
    negated: bool = False
    borrowed: frozenset[str] = frozenset()


class _Best(msgspec.Struct):
    score: float
    begin: int
    match: Match | None
    actions: frozenset[str]
    borrowed: frozenset[str]


def clauses_of(items: Sequence[Item]) -> list[Clause]:
    """`items` cut into clauses, each with its best frame."""
    places = _places(items)
    order = sorted(places)
    best: dict[int, _Best] = {0: _Best(0.0, 0, None, frozenset(), frozenset())}
    for end in order[1:]:
        for begin in reversed([place for place in order if place < end]):
            if begin not in best:
                continue
            candidate = _extended(items, begin, end, best[begin], places[begin])
            if end not in best or candidate.score > best[end].score + 1e-9:
                best[end] = candidate
            if _closed(items, begin) or _is_long(items[begin:end]):
                break
    return _walk_back(items, best)


def _extended(items: Sequence[Item], begin: int, end: int, before: _Best, cost: float) -> _Best:
    part = items[begin:end]
    match = best_match(part)
    score = match.score if match is not None else 0.0
    left_over = _left_over(part)
    if match is None or score < left_over:
        match, score = None, left_over
    borrowed: frozenset[str] = frozenset()
    may_borrow = before.actions and _link(part) != "so_that"
    if may_borrow and not any(item.has_role("action") for item in part):
        shared = best_match(part, before.actions)
        if shared is not None and shared.frame.do and shared.score - _BORROW_COST > score:
            match, score, borrowed = shared, shared.score - _BORROW_COST, before.actions
    actions = match.actions if match is not None and match.frame.op else before.actions
    return _Best(before.score + score - cost, begin, match, actions, borrowed)


def _left_over(part: Sequence[Item]) -> float:
    """What a clause without meaning costs; a bare verb half, for it may share the next clause's thing."""
    losses = [loss(item) for item in part]
    bare = all(cost == 0 or item.has_role("action") for item, cost in zip(part, losses, strict=True))
    return -sum(losses) / (2 if bare else 1)


def _walk_back(items: Sequence[Item], best: dict[int, _Best]) -> list[Clause]:
    clauses: list[Clause] = []
    end = len(items)
    while end > 0:
        step = best[end]
        part = list(items[step.begin : end])
        clauses.append(Clause(part, step.match, _link(part), borrowed=step.borrowed))
        end = step.begin
    clauses.reverse()
    _share_things(clauses)
    _share_last_verbs(clauses)
    return clauses


def _share_things(clauses: list[Clause]) -> None:
    """Let a verb without a thing of its own share the next clause's ("cleaning and syncing the audio")."""
    for clause, following in itertools.pairwise(clauses):
        bare = clause.match is None and any(item.has_role("action") for item in clause.items)
        if not bare or following.link != "and" or following.match is None or not following.match.frame.op:
            continue
        things = [item for item in following.items if item.has_role("thing") or item.slot is not None]
        shared = best_match([*clause.items, *things])
        if shared is not None and shared.frame.op and shared.score > 0:
            clause.items = [*clause.items, *things]
            clause.match = shared


def _share_last_verbs(clauses: list[Clause]) -> None:
    """Let ranges and clips before a Chinese verb share it (14秒到19秒、30秒到33秒都删)."""
    for clause, following in itertools.pairwise(clauses):
        meant = following.match is not None and following.match.frame.op
        bare = clause.match is None and not any(item.has_role("action") for item in clause.items)
        placed = any(item.slot is not None and item.slot.kind in ("range", "clip") for item in clause.items)
        han = any(item.text[:1] >= "\u4e00" and item.has_role("action") for item in following.items)
        if not (meant and bare and placed and han) or following.match is None:
            continue
        shared = best_match(clause.items, following.match.actions)
        if shared is not None and shared.frame.op == following.match.frame.op and shared.score > 0:
            clause.match, clause.borrowed = shared, following.match.actions


def _places(items: Sequence[Item]) -> dict[int, float]:
    """Where a clause may begin, and what beginning it there costs."""
    places = {0: 0.0, len(items): 0.0}
    for index, item in enumerate(items):
        if index == 0:
            continue
        if item.has(*_LINKS):
            places[index] = 0.0
        elif items[index - 1].has(*_LINKS):
            continue
        elif item.has(*_ORDER) or item.has("ba") or _are_two_ranges(items[index - 1], item):
            places[index] = _ORDER_CUT_COST
        elif (
            item.has_role("action")
            or (item.has_role("topic") and _ended(items, index))
            or (item.has_role("thing") and _after_han_action(items, index))
            or (item.has_role("thing") and _after_comparative(items, index))
            or (item.has_role("thing") and items[index - 1].slot is not None)
            or (item.slot is not None and item.slot.kind in _RATES)
        ):
            places[index] = _CUT_COST
    return places


def _ended(items: Sequence[Item], index: int) -> bool:
    """Whether the request before `index` has its object; "boost the bass" is one, so is "text translated"."""
    if items[index].text.endswith("ed"):
        return False
    for item in reversed(items[:index]):
        if item.slot is not None or item.has_role("thing") or item.has("pronoun"):
            return True
        if item.has_role("action") or item.has(*_LINKS):
            return False
    return False


def _after_han_action(items: Sequence[Item], index: int) -> bool:
    """Whether the word before is a Chinese action ("噪音去掉|音乐调小": the thing opens the next request)."""
    before = items[index - 1]
    return before.text[:1] >= "\u4e00" and (before.has_role("action") or before.has("particle"))


def _are_two_ranges(before: Item, item: Item) -> bool:
    """Whether one range follows another with no word between (开头剪3秒结尾剪5秒)."""
    slots = (before.slot, item.slot)
    return all(slot is not None and slot.kind == "range" for slot in slots)


def _after_comparative(items: Sequence[Item], index: int) -> bool:
    """Whether the word before says a way ("music louder|voice softer")."""
    before = items[index - 1]
    return before.text.endswith("er") and before.gift("direction") in ("up", "down")


def _closed(items: Sequence[Item], index: int) -> bool:
    """Whether no clause may reach back over `index`."""
    return items[index].has(*_HARD) if index < len(items) else False


def _is_long(items: Sequence[Item]) -> bool:
    """Whether no request is longer than this; it keeps the work linear in the length of the text."""
    content = sum(1 for item in items if item.slot is not None or loss(item) > 0)
    return content > _MOST_CONTENT or len(items) > _MOST_ITEMS


def _link(items: Sequence[Item]) -> str:
    """How the clause is joined to the one before: the last joining word at its head."""
    link = ""
    for item in items:
        if not item.readings or not all(reading.role in {"link", "small"} for reading in item.readings):
            break
        for reading in item.readings:
            if reading.role == "link" and reading.concept not in {"comma", "with", "not", "ba"}:
                link = reading.concept
                break
    return link
