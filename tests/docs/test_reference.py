"""The reference says everything that the code has, and nothing else."""

import importlib
import pkgutil
import re
from pathlib import Path

import msgspec

import saycut
from saycut import errors
from saycut.cli.main import parser
from saycut.operations.catalogue import OPERATIONS
from saycut.render.receipt import Receipt

# Programs, which run when they are imported, and what only runs in children.
NOT_IMPORTED = re.compile(r"\.(child|migrations)\b|__main__|launcher")
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def first_column(page: str) -> set[str]:
    return set(re.findall(r"^\| `([a-z_]+)` \|", (REFERENCE / page).read_text("utf-8"), re.MULTILINE))


def all_errors() -> set[type[errors.SaycutError]]:
    for module in pkgutil.walk_packages(saycut.__path__, "saycut."):
        if not NOT_IMPORTED.search(module.name):
            importlib.import_module(module.name)
    found, waiting = set(), [errors.SaycutError]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting += kind.__subclasses__()
    return found


def test_every_operation_and_every_argument_is_documented() -> None:
    assert first_column("operations.md") == set(OPERATIONS)
    page = (REFERENCE / "operations.md").read_text("utf-8")
    for name, kind in OPERATIONS.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` "))
        missing = [f.name for f in msgspec.structs.fields(kind) if f"`{f.name}`" not in row]
        assert not missing, f"{name}: {missing}"


def test_every_error_code_is_documented_with_its_exit_code() -> None:
    rows = dict(
        re.findall(r"^\| `([a-z_]+)` \| (\d+) \|", (REFERENCE / "errors.md").read_text("utf-8"), re.MULTILINE)
    )
    assert rows == {kind.code: str(kind.exit_code) for kind in all_errors()}


def test_every_error_says_itself_in_both_languages() -> None:
    for kind in all_errors():
        assert kind.sentence_en, kind
        assert kind.sentence_zh, kind
        fields = set(re.findall(r"{(\w+)}", kind.sentence_en + kind.hint_en))
        assert re.findall(r"{(\w+)}", kind.sentence_zh) is not None
        filled = kind(**dict.fromkeys([*fields, *(f"{f}_zh" for f in fields)], "x"))
        assert filled.sentence("en")
        assert filled.sentence("zh")


def test_every_field_of_the_receipt_is_documented() -> None:
    page = (REFERENCE / "receipt.md").read_text("utf-8")
    assert [f.name for f in msgspec.structs.fields(Receipt) if f"`{f.name}`" not in page] == []


def test_every_command_is_documented() -> None:
    page = (REFERENCE / "commands.md").read_text("utf-8")
    (verbs,) = (a for a in parser()._actions if a.choices and a.dest == "verb")
    assert verbs.choices is not None
    assert [name for name in verbs.choices if f"`saycut {name}" not in page] == []
