"""`understand`: words to a plan, shown to people and scored by programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from saycut.errors import Impossible, NotFound, Usage
from saycut.language.understand import Context, understand, understanding_row
from saycut.operations.catalogue import build


def _context(text: str | None) -> Context | None:
    if text is None:
        return None
    try:
        return Context.from_json(msgspec.json.decode(text, type=dict[str, Any]))
    except msgspec.DecodeError as error:
        en, zh = f"--context is no JSON object ({error}).", f"--context 不是 JSON 对象（{error}）。"
        raise Usage(reason=en, reason_zh=zh) from error


def understood_row(text: str, context: str | None) -> dict[str, Any]:
    """One row: kind, ops, question."""
    return understanding_row("", understand(text, _context(context)))


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
        understood = understand(said, Context.from_json(context if isinstance(context, dict) else None))
        yield msgspec.json.encode(understanding_row(name, understood)).decode()


def told(text: str, context: str | None, language: str) -> list[str]:
    """The plan in words: a line an operation, the question, what cannot be done, which words meant what."""
    understood = understand(text, _context(context))
    lines = [f"{understood.kind} ({understood.confidence:.0%} of the words explained)"]
    for step in understood.steps:
        if step.op == "unsupported":
            continue
        try:
            lines.append(f"  • {build(step.op, step.args).describe().said(language)}")
        except Impossible:
            lines.append(f"  • {step.op} {step.args}")
    lines += [f"  ! {part.said(language)}" for part in understood.unsupported]
    if understood.question is not None:
        choices = " / ".join(choice.said(language) for choice in understood.question.choices)
        lines.append(f"  ? {understood.question.text.said(language)} {choices}".rstrip())
    lines += [f"    “{fragment}” → {meaning}" for fragment, meaning in understood.explained]
    return lines
