"""Recipes: a plan kept as a file, to be carried out again on other files."""

from pathlib import Path
from typing import Any

import msgspec

from saycut import __version__
from saycut.errors import NotFound, Unreadable
from saycut.language.understand import Step
from saycut.operations.base import Operation
from saycut.operations.catalogue import as_data

FORMAT = 1


class RecipeStep(msgspec.Struct, frozen=True, kw_only=True):
    """One operation."""

    op: str
    args: dict[str, Any] = {}


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `--recipe-out` writes: the plan, the words it came from, and who wrote it."""

    recipe: int = FORMAT
    saycut: str = __version__
    said: str = ""
    plan: tuple[RecipeStep, ...]

    def steps(self) -> tuple[Step, ...]:
        """The plan as a session takes it."""
        return tuple(Step(op=step.op, args=step.args) for step in self.plan)


def recipe_of(plan: tuple[Operation, ...], said: str) -> Recipe:
    """The recipe of a plan that was carried out."""
    return Recipe(said=said, plan=tuple(msgspec.convert(as_data(op), RecipeStep) for op in plan))


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write it as indented JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(recipe), indent=2) + b"\n")


def read_recipe(path: Path) -> Recipe:
    """Raises NotFound, or Unreadable with the place of the mistake."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Recipe)
    except FileNotFoundError as error:
        raise NotFound(name=path.name) from error
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise Unreadable(name=path.name, reason=f"it is not a recipe ({error})") from error
