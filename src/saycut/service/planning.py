"""The first step of a turn: from words to operations, or to an answer that needs no work."""

from typing import Any

import msgspec
import sqlalchemy as sa

from saycut.errors import SaycutError
from saycut.language.understand import Context, FileRef, Step, Understanding, understand
from saycut.planner.plan import planned
from saycut.service import events, hooks, ledger, sessions, telling, turns
from saycut.service.errors import OutOfCredits
from saycut.service.plans import PLANS, price
from saycut.service.tables import users
from saycut.service.turns import TurnRow
from saycut.service.workplace import Workplace
from saycut.timeline.project import Project
from saycut.timeline.summary import summary_line
from saycut.words import Words


class Planned(msgspec.Struct, frozen=True):
    """What has to be carried out; without steps the turn is over already."""

    steps: tuple[dict[str, Any], ...]
    language: str
    refused: tuple[Words, ...] = ()


def plan_turn(workplace: Workplace, turn_id: str) -> Planned:
    """Read the words, freeze the price, and tell of the operations to come; or answer at once."""
    with workplace.database.reading() as connection:
        turn = turns.of_id(connection, turn_id)
        if turn is None or turn.is_over:
            return Planned((), "en")
        session = sessions.of_user(connection, turn.user_id, turn.session_id)
        project = sessions.project_at(connection, session, turn.on_place)
        remembered = turns.remembered(connection, session.id)
        names = [asset.name for asset in sessions.assets_of(connection, session.id)]
        asked = turns.asked(connection, turn.id)
    if asked:
        understood = _as_asked(asked, session.language)
    else:
        understood = planned(turn.text, context_of(project, remembered, names))
    steps = tuple(step for step in understood.steps if step.op != "unsupported")
    if understood.kind == "edit" and steps and project.main is not None:
        return _begun(workplace, turn, understood, steps)
    _answered(workplace, turn, project, understood)
    return Planned((), understood.language)


LONGEST_TEXT = 20_000  # characters of one message


def warm_up() -> None:
    """Put together now what understanding needs, not when the first person waits for it."""
    understand("remove the noise", Context())


def context_of(project: Project, remembered: turns.Remembered, names: list[str]) -> Context:
    """What words about a session may refer to; `names` are those of its files in the order they came."""
    files = tuple(FileRef(name=a.name, kind=a.kind) for a in project.assets if a.bed is None)
    return Context(
        files=files,
        tracks=tuple(track.role for track in project.tracks if track.role != "main"),
        history=remembered.steps,
        has_picture=project.has_picture,
        duration_s=float(project.duration_s),
        last_question=remembered.choices,
        last_upload=names[-1] if names else None,
    )


def _as_asked(steps: tuple[Step, ...], language: str) -> Understanding:
    """Operations that need no understanding."""
    return Understanding(
        kind="edit",
        steps=steps,
        question=None,
        unsupported=(),
        language=language,
        confidence=1.0,
        explained=(),
    )


def _begun(
    workplace: Workplace, turn: TurnRow, understood: Understanding, steps: tuple[Step, ...]
) -> Planned:
    data = tuple({"op": s.op, "args": s.args, "inferred": list(s.inferred)} for s in steps)
    shown = [step for step in steps if step.op not in ("undo", "redo")]
    with workplace.database.writing() as connection:
        if not turns.running(connection, turn.id):
            return Planned((), understood.language)
        plan = connection.execute(sa.select(users.c.plan).where(users.c.id == turn.user_id)).scalar_one()
        try:
            if PLANS[plan].metered:
                cost = price([step.op for step in steps])
                ledger.hold(connection, turn.user_id, turn.id, cost, turn.text[:200])
        except OutOfCredits as error:
            _out_of_credits(workplace, connection, turn, error, understood.language)
            return Planned((), understood.language)
        for number, step in enumerate(shown):
            turns.tell(
                connection, turn.id, f"call:{number}", events.call(turn.id, number, step.op, step.args)
            )
    return Planned(data, understood.language, understood.unsupported)


def _out_of_credits(
    workplace: Workplace, connection: sa.Connection, turn: TurnRow, error: SaycutError, language: str
) -> None:
    address = f"{workplace.settings.address}/register?bind={turn.user_id}"
    said = f"{error.sentence(language)} {error.hint(language)}"
    turns.tell(
        connection,
        turn.id,
        "error",
        events.error(turn.id, "2001", error.sentence(language), register_url=address),
    )
    turns.tell(connection, turn.id, "end", events.text(turn.id, said, turnComplete=True))
    turns.end(connection, turn.id, "failed")
    hooks.turn_ended(connection, workplace.jobs, turn.id)


def _answered(workplace: Workplace, turn: TurnRow, project: Project, understood: Understanding) -> None:
    """Answer what needs no work, and end the turn."""
    with workplace.database.writing() as connection:
        choices: tuple[Words, ...] = ()
        if understood.question is not None and understood.kind == "clarify":
            choices = tuple(understood.question.choices)
            said = telling.question(understood.question.text, choices)
        elif understood.kind == "credits":
            has = ledger.balance(connection, turn.user_id)
            said = Words(
                f"{has.available} credits available, {has.frozen} on hold.",
                f"可用积分 {has.available}，冻结 {has.frozen}。",
            )
        else:
            said = _simple_answer(project, understood)
        metadata = {"choices": [c.said(understood.language) for c in choices]} if choices else None
        event = events.text(
            turn.id, said.said(understood.language), turnComplete=True, customMetadata=metadata
        )
        turns.tell(connection, turn.id, "end", event)
        if turns.end(connection, turn.id, "done", choices=tuple(c.en for c in choices)):
            hooks.turn_ended(connection, workplace.jobs, turn.id)


def _simple_answer(project: Project, understood: Understanding) -> Words:
    if understood.kind == "help":
        return telling.GREETING
    if understood.kind == "upload":
        return telling.UPLOAD
    if project.main is None:
        return telling.NOTHING_YET
    summary = Words(summary_line(project), summary_line(project))
    if understood.kind == "status":
        return summary
    if understood.kind == "export":
        return telling.joined([telling.EXPORT, summary], "\n", "\n")
    return telling.joined(understood.unsupported) if understood.unsupported else telling.GREETING
