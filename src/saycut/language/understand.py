"""Words in, a typed plan or one good question out.

`understand` is pure and deterministic: a sentence and its context go through masking, normal form,
typed slots, clauses and frames, and come out as plain steps. The vocabulary is data (`lexicon/`).
"""

from typing import Any

import msgspec

from saycut.language import ask, dialogue
from saycut.language.clauses import Clause, clauses_of
from saycut.language.compound import parts_of
from saycut.language.confidence import confidence_of, explanation_of
from saycut.language.context import Context, FileRef, Step
from saycut.language.line import Line
from saycut.language.mask import masked
from saycut.language.negation import mark_negated
from saycut.language.normalise import normalised
from saycut.language.parts import Part
from saycut.language.patterns import with_patterns
from saycut.language.quantities import with_quantities
from saycut.language.routing import route
from saycut.language.slots import SlotBook
from saycut.language.speech import language_of
from saycut.language.spelling import repaired
from saycut.language.tagging import tagged
from saycut.words import Words

__all__ = ["Context", "FileRef", "Question", "Step", "Understanding", "understand", "understanding_row"]

Question = ask.Question
_LONGEST = 1200  # characters; a request is far shorter, and the work grows with the length


class Understanding(msgspec.Struct, frozen=True):
    """What a sentence asks for.

    `kind` is the routing of the schema (edit, export, credits, status, upload, help, out_of_scope,
    clarify); `steps` are empty unless it is edit, export or upload; `confidence` is the share of its
    content words that were explained (0 to 1); `explained` pairs a fragment of the sentence with what
    it became.
    """

    kind: str
    steps: tuple[Step, ...]
    question: Question | None
    unsupported: tuple[Words, ...]
    language: str
    confidence: float
    explained: tuple[tuple[str, str], ...]


def understand(text: str, context: Context | None = None) -> Understanding:
    """The meaning of `text` (English and Chinese fully, other languages for the main wishes) in `context`.

    Text beyond 1200 characters is not read. No text makes it raise.
    """
    context = context or Context()
    book = SlotBook()
    line = masked(Line.of(text[:_LONGEST]), book, tuple(file.name for file in context.files))
    line = with_patterns(with_quantities(repaired(normalised(line)), book), book)
    items = tagged(line, book)
    answer = dialogue.answered(items, context)
    if answer is not None:
        return understand(answer, msgspec.structs.replace(context, last_question=()))
    clauses = clauses_of(items)
    mark_negated(clauses)
    said = parts_of(clauses, line, context)
    parts = dialogue.corrected(clauses, said, line, context)
    spoken = clauses if parts is said else _clauses_of(parts)
    confidence = confidence_of(clauses) if parts is said else 1.0
    routed = route(clauses, parts, confidence)
    return Understanding(
        kind=routed.kind,
        steps=routed.steps if routed.kind in ("edit", "export", "upload") else (),
        question=routed.question,
        unsupported=_refusals(routed.kind, routed.steps),
        language=language_of(line, items),
        confidence=confidence,
        explained=explanation_of(spoken, line),
    )


def understanding_row(row_id: str, understanding: Understanding) -> dict[str, Any]:
    """The row that the scorer of the utterances compares.

    It holds what the words say: arguments that were taken from the context are left out.
    """
    ops = [
        {"op": step.op, "args": {key: value for key, value in step.args.items() if key not in step.inferred}}
        for step in understanding.steps
    ]
    question = understanding.question
    return {
        "id": row_id,
        "kind": understanding.kind,
        "ops": ops,
        "question": None if question is None else question.text.said(understanding.language),
    }


def _clauses_of(parts: list[Part]) -> list[Clause]:
    """The clauses a correction was read from, each once; an undo says nothing of its own."""
    return list({id(part.clause): part.clause for part in parts if part.op != "undo"}.values())


def _refusals(kind: str, steps: tuple[Step, ...]) -> tuple[Words, ...]:
    """One polite sentence for each thing that cannot be done, without repeats."""
    features = dict.fromkeys(str(step.args["feature"]) for step in steps if step.op == "unsupported")
    if kind == "out_of_scope" and not features:
        return (ask.refusal("unknown"),)
    return tuple(ask.refusal(feature) for feature in features)
