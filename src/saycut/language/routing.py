"""Routing: is it an edit, an export, a question about prices or the project, or nothing we do?"""

import msgspec

from saycut.language import ask
from saycut.language.clauses import Clause
from saycut.language.context import Step
from saycut.language.parts import Part

_TALK = frozenset({"credits", "status", "upload", "help"})
_DESTRUCTIVE = frozenset({"cut", "trim", "delete", "mute", "remove_music", "isolate_music", "replace_audio"})
_LEAST_EXPLAINED, _LEAST_TO_DESTROY = 0.4, 0.5  # the share of the words below which is asked first
_VAGUE = frozenset({"yes", "no", "different", "better", "wrong", "shorter", "longer"})
_ANYTHING = frozenset({"video", "clips", "change", "picture"})
_OWN = frozenset(
    {"my", "this", "the", "our", "it", "these", "that", "我 的", "这", "这 个", "这 段", "这 条", "我"}
)


class Route(msgspec.Struct, frozen=True):
    """Where a sentence goes: its kind, the one question if it needs an answer, and its steps."""

    kind: str
    question: ask.Question | None = None
    steps: tuple[Step, ...] = ()


def route(clauses: list[Clause], parts: list[Part], confidence: float) -> Route:
    """The route of a sentence; never an edit that destroys something on a guess."""
    steps = tuple(part.step() for part in parts)
    talk = _talk(clauses)
    if not _wishes(parts):
        return _without_wishes(clauses, steps, talk)
    if talk in _TALK and _is_question(clauses, talk):
        return Route(talk)
    if _asks_how(clauses):
        return Route("help")
    missing = ask.missing(parts)
    if missing is not None:
        return Route("clarify", missing)
    destroys = any(step.op in _DESTRUCTIVE for step in steps)
    if confidence < (_LEAST_TO_DESTROY if destroys else _LEAST_EXPLAINED):
        return Route("clarify", ask.unsure(_concepts(clauses)))
    kind = "export" if all(step.op == "export" for step in steps) else "edit"
    return Route(kind, steps=steps)


def _wishes(parts: list[Part]) -> bool:
    """Whether something is to be done, beyond protecting a track or (beside a refusal) naming a format."""
    real = [part for part in parts if part.op not in ("unsupported", "protect")]
    if not any(part.op == "unsupported" for part in parts):
        return bool(real)
    return any(part.op != "export" or _asks_to_export(part) for part in real)


def _asks_to_export(part: Part) -> bool:
    match = part.clause.match
    return match is not None and bool({"export", "compress"} & match.actions)


def _without_wishes(clauses: list[Clause], steps: tuple[Step, ...], talk: str) -> Route:
    if talk in ("credits", "status"):
        return Route(talk)
    if talk == "upload":
        return Route("upload", steps=_uploads(clauses))
    if any(step.op == "unsupported" for step in steps):
        return Route("out_of_scope", steps=steps)
    if _asks_how(clauses):
        return Route("help")
    return _unclear(clauses, tuple(step for step in steps if step.op == "protect"), talk)


def _unclear(clauses: list[Clause], protects: tuple[Step, ...], talk: str) -> Route:
    """An edit is meant but not said, or nothing of ours is meant at all."""
    negated = any(clause.negated for clause in clauses)
    if protects and not negated and any(step.args["target"] != "video" for step in protects):
        return Route("edit", steps=protects)
    if negated or protects:
        return Route("clarify", ask.question("nothing_left"))
    asked = next(
        (clause.match.frame.ask for clause in clauses if clause.match and clause.match.frame.ask), None
    )
    if talk != "help" and _wants_something_else(clauses, asked):
        return Route("out_of_scope")
    if asked is not None:
        return Route("clarify", ask.question(asked))
    if talk == "help":
        return Route("help")
    return _half_understood(clauses)


def _half_understood(clauses: list[Clause]) -> Route:
    """Words without a wish in them: a bare "don't", small talk, half a request, or nothing of ours."""
    if not _says_anything(clauses):
        return Route("clarify", ask.question("nothing_left")) if _only_denies(clauses) else Route("help")
    if _speaks_of_editing(clauses):
        return Route("clarify", ask.unsure(_concepts(clauses)))
    return Route("out_of_scope")


def _uploads(clauses: list[Clause]) -> tuple[Step, ...]:
    """One upload a link that was given."""
    slots = [item.slot for clause in clauses for item in clause.items if item.slot is not None]
    return tuple(Step("upload", {"url": slot.value}) for slot in slots if slot.kind == "url")


def _talk(clauses: list[Clause]) -> str:
    """The kind of the first clause that is talk; greetings and "how do I" give way to any other."""
    frames = [clause.match.frame for clause in clauses if clause.match and clause.match.frame.kind in _TALK]
    asking = [frame.kind for frame in frames if not frame.to & {"greeting", "how_to"}]
    return next(iter(asking), frames[0].kind if frames else "")


def _is_question(clauses: list[Clause], talk: str) -> bool:
    """Whether talk beside an edit is the point of the sentence: prices and states always are."""
    if talk in ("credits", "status"):
        return True
    first = next((clause.match.frame.kind for clause in clauses if clause.match), "")
    return talk == "upload" == first


def _asks_how(clauses: list[Clause]) -> bool:
    """Whether it is a how-to question with no footage of the person's own in it."""
    items = [item for clause in clauses for item in clause.items]
    if not any(item.has("how_to") for item in items):
        return False
    return not any(item.text in _OWN or item.slot is not None for item in items)


def _says_anything(clauses: list[Clause]) -> bool:
    """Whether there is any word but small talk in it ("can you please …" alone asks for help)."""
    items = [item for clause in clauses for item in clause.items]
    return any(not item.has_role("small") and not item.has("stop", "comma", "not") for item in items)


def _wants_something_else(clauses: list[Clause], asked: str | None) -> bool:
    """Whether something is to be done to a thing nobody here knows ("change my shirt to blue")."""
    items = [item for clause in clauses for item in clause.items]
    unknown = any(item.is_unknown for item in items)
    known = any(
        item.slot is not None or (item.has_role("thing") and not item.has(*_ANYTHING)) for item in items
    )
    acts = any(item.has_role("action") for item in items)
    return asked in (None, "range", "what") and unknown and acts and not known


def _concepts(clauses: list[Clause]) -> frozenset[str]:
    """Everything that the words may mean."""
    items = [item for clause in clauses for item in clause.items]
    return frozenset(reading.concept for item in items for reading in item.readings)


def _only_denies(clauses: list[Clause]) -> bool:
    """Whether a "don't" is all that is said."""
    return any(item.has("not") for clause in clauses for item in clause.items)


def _speaks_of_editing(clauses: list[Clause]) -> bool:
    """Whether any word of editing was said at all."""
    items = [item for clause in clauses for item in clause.items if not item.has_role("small")]
    return any(
        item.slot is not None or item.has_role("action") or item.has_role("thing") or item.has(*_VAGUE)
        for item in items
    )
