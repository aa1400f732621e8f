"""`understand`: words to a plan, shown to people and scored by programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from saycut.errors import Impossible, NotFound, Usage
from saycut.language.understand import Context, Step, Understanding, understanding_row
from saycut.operations.catalogue import build
from saycut.planner.plan import planned
from saycut.words import Words


def _context(text: str | None) -> Context | None:
    if text is None:
        return None
    try:
        return Context.from_json(msgspec.json.decode(text, type=dict[str, Any]))
    except msgspec.DecodeError as error:
        en, zh = f"--context is no JSON object ({error}).", f"--context 不是 JSON 对象（{error}）。"
        raise Usage(reason=en, reason_zh=zh) from error


def understood_row(text: str, context: str | None, language: str, *, explain: bool = False) -> dict[str, Any]:
    """Everything about one sentence: kind, ops, the plan in words, the question with its choices, what
    cannot be done; with `explain` also which words became what."""
    understood = planned(text, _context(context))
    question = understood.question
    row = {
        **understanding_row("", understood),
        "language": understood.language,
        "confidence": understood.confidence,
        "plan": plan_lines(understood, language),
        "choices": [choice.said(language) for choice in question.choices] if question else [],
        "unsupported": [part.said(language) for part in understood.unsupported],
    }
    if explain:
        row["explained"] = [{"words": words, "became": became} for words, became in understood.explained]
    return row


def understood_rows(path: Path) -> Iterator[str]:
    """One JSON row out per row in, in order. Raises NotFound, Usage (with the line number)."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError as error:
        raise NotFound(name=path.name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(reason=f"{path.name} holds no text.", reason_zh=f"{path.name} 不是文本文件。") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=dict[str, Any])
            said, name = str(row["text"]), row.get("id", str(number))
        except (msgspec.DecodeError, KeyError) as error:
            en = f"Line {number} of {path.name} is not a row with a text ({error})."
            zh = f"{path.name} 第 {number} 行不是带有 text 的数据行（{error}）。"
            raise Usage(reason=en, reason_zh=zh) from error
        context = row.get("context")
        understood = planned(said, Context.from_json(context if isinstance(context, dict) else None))
        yield msgspec.json.encode(understanding_row(name, understood)).decode()


def told(text: str, context: str | None, language: str, *, explain: bool = False) -> list[str]:
    """The plan in words: a line an operation, the question, what cannot be done; with `explain` also
    which words became what."""
    understood = planned(text, _context(context))
    share = f"{understood.confidence:.0%}"
    kind = _KINDS.get(understood.kind, Words(understood.kind, understood.kind))
    heading = Words(f"{kind.en} ({share} of the words explained)", f"{kind.zh}（听懂了 {share} 的词）")
    lines = [heading.said(language)]
    lines += [f"  • {line}" for line in plan_lines(understood, language)]
    lines += [f"  ! {part.said(language)}" for part in understood.unsupported]
    if understood.question is not None:
        lines.append(f"  ? {understood.question.text.said(language)}")
        lines += [f"    - {choice.said(language)}" for choice in understood.question.choices]
    if explain:
        lines += [f"    “{fragment}” → {meaning}" for fragment, meaning in understood.explained]
    return lines


def plan_lines(understood: Understanding, language: str) -> list[str]:
    """One line an operation, with the defaults said; what this version cannot do says so."""
    return [step_words(step).said(language) for step in understood.steps if step.op != "unsupported"]


def step_words(step: Step) -> Words:
    """One line that says a step; of one that this version does not take, why not."""
    if step.op in _MOVES:
        return _MOVES[step.op](step.args.get("steps", 1))
    if step.op == "upload":
        return Words(f"Add {step.args['url']}", f"添加 {step.args['url']}")
    try:
        return build(step.op, step.args).describe()
    except Impossible as refusal:
        return Words(refusal.sentence("en"), refusal.sentence("zh"))


def _undone(steps: object) -> Words:
    if steps == "all":
        return Words("Undo every change", "撤销所有修改")
    last = "change" if steps == 1 else f"{steps} changes"
    return Words(f"Undo the last {last}", f"撤销 {steps} 步")


def _redone(steps: object) -> Words:
    again = "the change that was undone" if steps == 1 else f"{steps} changes"
    return Words(f"Redo {again}", f"重做 {steps} 步")


_MOVES = {"undo": _undone, "redo": _redone}
_KINDS = {
    "edit": Words("An edit", "剪辑"),
    "export": Words("An export", "导出"),
    "credits": Words("A question about credits", "询问积分"),
    "status": Words("A question about the project", "询问项目状态"),
    "upload": Words("Files to add", "添加素材"),
    "help": Words("A question about Saycut", "询问用法"),
    "out_of_scope": Words("Nothing that can be done here", "这里做不到"),
    "clarify": Words("One question first", "先问一句"),
}
