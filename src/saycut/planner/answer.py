"""What a model answered, believed only as far as it was checked: known verbs, their arguments, files at
hand, times, and texts that the person said themself."""

import re
from typing import Any

import msgspec

from saycut.errors import Impossible
from saycut.language.context import Step
from saycut.operations.catalogue import OPERATIONS, build
from saycut.planner.endpoint import Refused
from saycut.planner.handles import Handles
from saycut.planner.tool import MOST_STEPS, MOVES, NAME, features

_NAMES = frozenset({"source", "clip", "before", "after", "clips", "swap"})
_TIMES = frozenset({"start", "end", "at"})
_TIME = re.compile(r"(?:end|playhead|\d{1,3}(?:\.\d+)?%)$")
_CLIP = re.compile(r"(?:current|-?\d+)$")
_MOST_LETTERS = 200
_MOST_UNDONE = 100


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    op: str
    args: dict[str, Any] = {}


class _Plan(msgspec.Struct, forbid_unknown_fields=True):
    steps: list[_Step]
    question: str | None = None
    choices: list[str] = []


class Answer(msgspec.Struct, frozen=True):
    """A plan that passed every check, or one question with its choices."""

    steps: tuple[Step, ...]
    question: str | None = None
    choices: tuple[str, ...] = ()


def answer_of(reply: Any, text: str, handles: Handles) -> Answer:
    """The plan in a `reply` of the protocol to the request `text`. Raises Refused, saying what is wrong."""
    try:
        plan = msgspec.json.decode(_arguments(reply), type=_Plan)
    except (
        msgspec.DecodeError,
        RecursionError,
    ) as error:  # its text may quote the answer: it is not passed on
        raise Refused("the arguments of the tool do not fit its schema") from error
    if len(plan.steps) > MOST_STEPS:
        raise Refused(f"more than {MOST_STEPS} steps")
    if not plan.steps:
        return _question(plan)
    return Answer(tuple(_step(step, text, handles) for step in plan.steps))


def _arguments(reply: Any) -> str:
    """The arguments of the one call of our tool, as the text that the protocol sends them in."""
    try:
        call = reply["choices"][0]["message"]["tool_calls"][0]["function"]
        name, arguments = call["name"], call["arguments"]
    except (KeyError, IndexError, TypeError) as error:
        raise Refused("the tool was not used") from error
    if name != NAME or not isinstance(arguments, str):
        raise Refused("another tool was used")
    return arguments


def _question(plan: _Plan) -> Answer:
    texts = [plan.question or "", *plan.choices]
    asks = bool(plan.question) and 2 <= len(plan.choices) <= 3
    if not asks or any(not _is_plain(text) for text in texts):
        raise Refused("no steps and no question with two or three choices")
    return Answer((), plan.question, tuple(plan.choices))


def _is_plain(text: str) -> bool:
    """Whether `text` is one short line without control characters (it is shown in a terminal)."""
    return bool(text.strip()) and len(text) <= _MOST_LETTERS and text.isprintable()


def _step(step: _Step, text: str, handles: Handles) -> Step:
    if step.op in MOVES:
        return _move(step)
    if step.op == "unsupported":
        if step.args.keys() != {"feature"} or step.args["feature"] not in features():
            raise Refused("a feature that is not in the list")
        return Step(step.op, step.args)
    if step.op not in OPERATIONS:
        raise Refused("an operation that is not in the list")
    args = {key: _checked(key, value, text, handles) for key, value in step.args.items()}
    try:
        build(step.op, args)
    except Impossible as error:
        raise Refused(f"{step.op} does not take these arguments") from error
    return Step(step.op, {key: value for key, value in args.items() if value is not None})


def _move(step: _Step) -> Step:
    steps = step.args.get("steps", 1)
    counted = isinstance(steps, int) and not isinstance(steps, bool) and 1 <= steps <= _MOST_UNDONE
    if step.args.keys() - {"steps"} or not (counted or steps == "all"):
        raise Refused(f"{step.op} does not take these arguments")
    return Step(step.op, {} if steps == 1 else {"steps": steps})


def _checked(key: str, value: Any, text: str, handles: Handles) -> Any:
    """`value` with handles as names. Raises Refused for words that are not the person's own."""
    if isinstance(value, list):
        return [_checked(key, each, text, handles) for each in value]
    if not isinstance(value, str):
        return value
    if not _is_plain(value):
        raise Refused(f"{key} is no short line")
    if key in _TIMES and not _TIME.match(value):
        raise Refused(f"{key} is no time")
    if key in _NAMES:
        return _named(key, value, text, handles)
    if key == "text" and handles.hidden(value).casefold() not in handles.hidden(text).casefold():
        raise Refused("the text to write is not in the request")
    return value


def _named(key: str, value: str, text: str, handles: Handles) -> str:
    name = handles.shown(value)
    if name is not None:
        return name
    known = key != "source" and _CLIP.match(value)
    if not known and value.casefold() not in text.casefold():
        raise Refused(f"{key} names nothing that is here")
    return value
