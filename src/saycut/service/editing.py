"""Edits in two moves, for whoever wants to look before anything happens: what words would do, and operations
that are carried out exactly as they stand.

The same operations asked for again at the same version are the same turn: whoever lost the answer may ask
again, and nothing is done or paid for twice.
"""

import json
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from saycut.errors import Impossible
from saycut.language.understand import Step, understand
from saycut.operations.catalogue import build
from saycut.planner.plan import planned
from saycut.planner.settings import planner_settings
from saycut.service import sessions, telling, turns
from saycut.service.accounts import User
from saycut.service.asked_again import the_same
from saycut.service.errors import BadBody
from saycut.service.planning import context_of
from saycut.service.plans import price
from saycut.service.sessions import SessionRow
from saycut.service.turns import TurnRow
from saycut.service.workplace import Workplace
from saycut.studio.understanding import step_words
from saycut.words import Words

MOST_STEPS = 50
_MOVES = ("undo", "redo")
_MOST_MOVES = 10_000


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What words would do to a session at `version`; nothing was done.

    `kind` is what they are about (edit, export, credits, status, upload, help, out_of_scope, clarify);
    `by_model` says whether a language model is set up to make plans; `price` is in credits.
    """

    session_id: str
    version: int
    kind: str
    language: str
    steps: tuple[Step, ...]
    described: tuple[Words, ...]
    question: Words | None
    choices: tuple[Words, ...]
    refused: tuple[Words, ...]
    by_model: bool
    price: int


def outlook(
    workplace: Workplace, user: User, session_id: str, text: str, *, by_words: bool = False
) -> Outlook:
    """What `text` would do; `by_words` asks no model, even where one is set up. Raises SessionNotFound."""
    with workplace.database.reading() as connection:
        session = sessions.of_user(connection, user.id, session_id)
        project = sessions.project_at(connection, session)
        remembered = turns.remembered(connection, session.id)
        names = [asset.name for asset in sessions.assets_of(connection, session.id)]
    context = context_of(project, remembered, names)
    understood = understand(text, context) if by_words else planned(text, context)
    steps: list[Step] = []
    refused = list(understood.unsupported)
    for step in understood.steps:
        if step.op == "upload":
            refused.append(telling.UPLOAD)
        elif step.op != "unsupported":
            refusal = _refusal(step)
            if refusal is None:
                steps.append(step)
            else:
                refused.append(Words(refusal.sentence("en"), refusal.sentence("zh")))
    if steps and project.main is None:
        refused.append(telling.NOTHING_YET)
    question = understood.question if understood.kind == "clarify" else None
    return Outlook(
        session_id=session.id,
        version=session.version,
        kind=understood.kind,
        language=understood.language,
        steps=tuple(steps),
        described=tuple(step_words(step) for step in steps),
        question=None if question is None else question.text,
        choices=() if question is None else tuple(question.choices),
        refused=tuple(dict.fromkeys(refused)),
        by_model=planner_settings() is not None,
        price=price([step.op for step in steps]) if user.plan.metered else 0,
    )


def outlook_of(workplace: Workplace, user: User, session_id: str, steps: Sequence[Step]) -> Outlook:
    """What these operations would do, for whoever changed a plan. Raises SessionNotFound, BadBody."""
    check(steps)
    with workplace.database.reading() as connection:
        session = sessions.of_user(connection, user.id, session_id)
    return Outlook(
        session_id=session.id,
        version=session.version,
        kind="edit",
        language=session.language,
        steps=tuple(steps),
        described=tuple(step_words(step) for step in steps),
        question=None,
        choices=(),
        refused=(),
        by_model=planner_settings() is not None,
        price=price([step.op for step in steps]) if user.plan.metered else 0,
    )


def edit(
    workplace: Workplace,
    user: User,
    session_id: str,
    operations: Sequence[Step],
    version: int,
    *,
    on_place: int | None = None,
) -> TurnRow:
    """A turn that carries out these operations on the session as it is at `version`; with `on_place` on that
    state of its history, beside what came after it.

    Asked again it is the same turn, unless that one failed or was cancelled. Raises SessionNotFound,
    BadBody, StaleVersion, Conflict.
    """
    steps = tuple(operations)
    check(steps)
    with workplace.database.writing() as connection:
        session = sessions.of_user(connection, user.id, session_id)
        turn_id, known = _known(connection, session, steps, version, on_place)
        if known is not None:
            return known
        sessions.check_version(session, version)
        turns.check_idle(connection, session.id)
        if on_place is not None:
            sessions.at_place(sessions.outline(connection, session), on_place, "on_place")
        said = ("；" if session.language == "zh" else "; ").join(
            step_words(step).said(session.language) for step in steps
        )
        turn = turns.begin(connection, session, said, turn_id=turn_id, steps=steps, on_place=on_place)
        workplace.jobs.turn(connection, turn.id, session.id)
    return turn


def check(steps: Sequence[Step]) -> None:
    """Raises BadBody for an operation that this version does not take, naming it by its place."""
    if not 1 <= len(steps) <= MOST_STEPS:
        raise BadBody(
            field="operations",
            reason=f"1 to {MOST_STEPS} are taken",
            reason_zh=f"应为 1 至 {MOST_STEPS} 个",
        )
    for place, step in enumerate(steps):
        refusal = _refusal(step)
        if refusal is not None:
            raise BadBody(
                field=f"operations.{place}", reason=refusal.sentence("en"), reason_zh=refusal.sentence("zh")
            )


def _refusal(step: Step) -> Impossible | None:
    """Why a step cannot be carried out by anybody; None when it can."""
    if step.op in _MOVES:
        return (
            None
            if _is_move(step)
            else Impossible(
                reason=f"{step.op} takes steps: a number from 1 on, or “all”.",
                reason_zh=f"{step.op} 的 steps 应为不小于 1 的整数或 “all”。",
            )
        )
    try:
        json.dumps(step.args, allow_nan=False)
        build(step.op, step.args)
    except Impossible as refusal:
        return refusal
    except (ValueError, RecursionError):
        return Impossible(reason=f"{step.op}: a number is no number.", reason_zh=f"{step.op}：数值无效。")
    return None


def _is_move(step: Step) -> bool:
    steps = step.args.get("steps", 1)
    counted = type(steps) is int and 1 <= steps <= _MOST_MOVES
    return set(step.args) <= {"steps"} and (counted or steps == "all")


def _known(
    connection: sa.Connection,
    session: SessionRow,
    steps: tuple[Step, ...],
    version: int,
    on_place: int | None,
) -> tuple[str, TurnRow | None]:
    """The id of the turn for this request, and that turn when it is under way or done."""
    where = [] if on_place is None else [on_place]
    return the_same(
        [session.id, version, [[step.op, step.args] for step in steps], *where],
        lambda digest, attempt: f"e-{digest}-{attempt}",
        lambda turn_id: turns.of_id(connection, turn_id),
    )
