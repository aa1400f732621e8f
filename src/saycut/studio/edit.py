"""`edit`: the whole product in one call, and `apply`: the same plan over many files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from saycut.errors import Cancelled, NeedsAnswer, NotUnderstood, SaycutError
from saycut.language.understand import Step, Understanding
from saycut.media.publish import check_place
from saycut.operations.catalogue import as_data
from saycut.render.receipt import Receipt, step_told, told
from saycut.studio import naming
from saycut.studio.made import made
from saycut.studio.recipe import read_recipe, recipe_of, write_recipe
from saycut.studio.session import Session, Settings, Turn
from saycut.watch import Watch
from saycut.words import Words


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one edit. `output` and `receipt` are None for a dry run."""

    output: Path | None
    turn: Turn
    receipt: Receipt | None
    credits: tuple[dict[str, Any], ...]
    summary: Words
    warnings: tuple[Words, ...]
    language: str

    def lines(self) -> list[str]:
        """The plan, a line an operation, with what each measured."""
        measured = self.turn.steps if self.receipt is None else self.receipt.operations
        found = {number: step_told(step) for number, step in enumerate(measured)}
        lines = []
        for number, operation in enumerate(self.turn.plan):
            line, figures = operation.describe().said(self.language), found.get(number)
            colon = "：" if self.language == "zh" else ": "
            lines.append(f"{line}{colon}{figures.said(self.language)}" if figures is not None else line)
        return lines

    def as_data(self) -> dict[str, Any]:
        """The object that `--json` prints (DESIGN, the command line)."""
        steps = [{k: v for k, v in step.items() if k != "step"} for step in self.turn.steps]
        return {
            "output": str(self.output) if self.output is not None else None,
            "plan": [as_data(operation) for operation in self.turn.plan],
            "receipt": msgspec.to_builtins(self.receipt) if self.receipt is not None else None,
            "operations": steps if self.receipt is None else None,
            "summary": self.summary.said(self.language),
            "warnings": [warning.said(self.language) for warning in self.warnings],
            "credits": list(self.credits),
        }


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with the files: a plan or, without one, words; where to, and how.

    A plan is one turn unless `turns` says how many of its steps each turn has.
    """

    say: str = ""
    steps: tuple[Step, ...] = ()
    turns: tuple[int, ...] = ()
    out: Path | None = None
    folder: Path | None = None
    dry_run: bool = False
    recipe_out: Path | None = None
    language: str | None = None
    settings: Settings = Settings()


def edit(paths: Sequence[Path], wish: Wish, watch: Watch) -> Edited:
    """One result from all of `paths`. Raises the error tree; then nothing has been written."""
    out = naming.checked(wish.out, paths) if wish.out is not None else None
    if wish.recipe_out is not None:
        check_place(wish.recipe_out, paths)
    with Session(paths, watch, wish.settings) as session:
        understood = session.understood(wish.say) if wish.steps == () else None
        language = wish.language or (understood.language if understood is not None else "en")
        steps = steps_of(understood) if understood is not None else wish.steps
        turn = _carried_out(session, steps, wish)
        warnings = [*session.notes, *turn.notes]
        warnings += understood.unsupported if understood is not None else ()
        if wish.dry_run:
            edited = _planned(session, turn, warnings, language)
        else:
            suffix = naming.suffix_for(session.project)
            warnings += naming.contradiction(session.project, out)
            edited = _made(
                session, turn, warnings, out or naming.fresh(paths[0], suffix, wish.folder), language
            )
        if wish.recipe_out is not None:
            record = made(session, paths, turn.plan, edited.output) if edited.output is not None else None
            write_recipe(recipe_of(turn.plan, turn.inferred, wish.say, record), wish.recipe_out)
    return edited


def _carried_out(session: Session, steps: Sequence[Step], wish: Wish) -> Turn:
    """Every turn after the other; what all of them did, as one."""
    done: list[Turn] = []
    first = 0
    for count in (*wish.turns, len(steps)) if wish.turns else (len(steps),):
        part = steps[first : first + count]
        if part or not wish.turns:
            done.append(session.carry_out(part, wish.say))
        first += count
    return Turn(
        plan=tuple(operation for turn in done for operation in turn.plan),
        inferred=tuple(names for turn in done for names in turn.inferred),
        steps=tuple(step for turn in done for step in turn.steps),
        notes=tuple(note for turn in done for note in turn.notes),
    )


def steps_of(understood: Understanding) -> tuple[Step, ...]:
    """The plan in the words. Raises NeedsAnswer for a question, NotUnderstood for no plan."""
    if understood.question is not None and understood.kind == "clarify":
        question = understood.question
        en = _with_choices(question.text.en, [c.en for c in question.choices])
        zh = _with_choices(question.text.zh, [c.zh for c in question.choices])
        raise NeedsAnswer(question=en, question_zh=zh)
    doable = tuple(step for step in understood.steps if step.op != "unsupported")
    if not doable:
        said = understood.unsupported[0] if understood.unsupported else Words("", "")
        raise NotUnderstood(suggestion=said.en, suggestion_zh=said.zh)
    return doable


def _with_choices(question: str, choices: list[str]) -> str:
    return f"{question} ({' / '.join(choices)})" if choices else question


def _made(session: Session, turn: Turn, warnings: list[Words], out: Path, language: str) -> Edited:
    rendered = session.render(out, turn)
    credits_ = tuple(session.credits())
    if credits_:
        manifest = out.with_name(f"{out.name}.credits.json")
        manifest.write_bytes(msgspec.json.format(msgspec.json.encode({"music": credits_}), indent=2) + b"\n")
    return Edited(
        output=out,
        turn=turn,
        receipt=rendered.receipt,
        credits=credits_,
        summary=told(rendered.receipt),
        warnings=_once([*warnings, *rendered.notes]),
        language=language,
    )


def _planned(session: Session, turn: Turn, warnings: list[Words], language: str) -> Edited:
    lines = [operation.describe() for operation in turn.plan]
    summary = Words("; ".join(line.en for line in lines) + ".", "；".join(line.zh for line in lines) + "。")
    return Edited(
        output=None,
        turn=turn,
        receipt=None,
        credits=(),
        summary=summary,
        warnings=_once([*warnings, *session.notes]),
        language=language,
    )


def _once(words: list[Words]) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(words))


class Batched(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a batch: its result, or the error that it met."""

    path: Path
    edited: Edited | None = None
    error: SaycutError | None = None


def apply_recipe(recipe_path: Path, paths: Sequence[Path], wish: Wish, watch: Watch) -> list[Batched]:
    """The recipe on each of `paths`, one result a file; a file that fails does not stop the others.

    What else the plan needs is found as `Recipe.beside` says. Raises Cancelled, and NotFound or
    Unreadable for the recipe itself.
    """
    recipe = read_recipe(recipe_path)
    each = msgspec.structs.replace(wish, steps=recipe.steps())
    results: list[Batched] = []
    for path in paths:
        watch.check()
        try:
            files = [path, *recipe.beside(path, recipe_path.parent)]
            results.append(Batched(path=path, edited=edit(files, each, watch)))
        except Cancelled:
            raise
        except SaycutError as error:
            results.append(Batched(path=path, error=error))
    return results
