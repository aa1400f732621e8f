"""Words to a plan with the help of a language model, when a person set one up; else by the words alone.

The parser reads every sentence first. A model is asked about wishes, never about prices, the state of the
project or where files go; its answer is checked, asked for once more when it fails, and otherwise left aside:
then the parser's own plan stands.
"""

import time

import msgspec

from saycut.language import ask
from saycut.language.context import Context
from saycut.language.understand import Question, Understanding, understand
from saycut.planner.answer import Answer, answer_of
from saycut.planner.endpoint import NoAnswer, Refused, asked
from saycut.planner.handles import Handles
from saycut.planner.request import request
from saycut.planner.settings import PlannerSettings, planner_settings
from saycut.words import Words

_WISHES = frozenset({"edit", "export", "clarify", "out_of_scope"})
_TRIES = 2


def planned(
    text: str, context: Context | None = None, settings: PlannerSettings | None = None
) -> Understanding:
    """What `text` asks for, by the model of `settings` (default: of the environment) or by the words alone.

    Raises Usage for settings that cannot be used; whatever a model does, it does not raise.
    """
    context = context or Context()
    by_words = understand(text, context)
    settings = settings or planner_settings()
    if settings is None or by_words.kind not in _WISHES or not text.strip():
        return by_words
    try:
        answer = _answered(settings, text, context)
    except NoAnswer as reason:
        return _noted(by_words, settings, f"not used: {reason}")
    return _noted(_understood(answer, by_words), settings, "made this plan")


def _answered(settings: PlannerSettings, text: str, context: Context) -> Answer:
    """The model's answer, asked for a second time when the first is no plan. Raises NoAnswer."""
    handles = Handles.of(context)
    until = time.monotonic() + settings.deadline_s
    refused: str | None = None
    for _ in range(_TRIES):
        try:
            return answer_of(
                asked(settings, request(settings, text, context, handles, refused), until), text, handles
            )
        except Refused as reason:
            refused = str(reason)
    raise NoAnswer(refused or "")


def _understood(answer: Answer, by_words: Understanding) -> Understanding:
    """The answer in the form of the parser's own."""
    features = dict.fromkeys(str(step.args["feature"]) for step in answer.steps if step.op == "unsupported")
    refusals = tuple(ask.refusal(feature) for feature in features)
    question = None
    if answer.question is not None:
        choices = tuple(Words(choice, choice) for choice in answer.choices)
        question = Question(Words(answer.question, answer.question), choices)
    kind = _kind(answer)
    return Understanding(
        kind=kind,
        steps=answer.steps if kind in ("edit", "export") else (),
        question=question,
        unsupported=refusals,
        language=by_words.language,
        confidence=1.0,
        explained=(),
    )


def _kind(answer: Answer) -> str:
    ops = [step.op for step in answer.steps]
    if not ops:
        return "clarify"
    if all(op == "unsupported" for op in ops):
        return "out_of_scope"
    return "export" if all(op == "export" for op in ops) else "edit"


def _noted(understood: Understanding, settings: PlannerSettings, what: str) -> Understanding:
    """`understood`, with what became of the model among the explanations."""
    explained = (*understood.explained, (settings.model, what))
    return msgspec.structs.replace(understood, explained=explained)
