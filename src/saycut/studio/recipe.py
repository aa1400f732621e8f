"""Recipes: a plan kept as a file, to be carried out again on other files."""

from pathlib import Path

import msgspec

from saycut import __version__
from saycut.errors import NotFound, RecipeSourceNotFound, UnreadableRecipe
from saycut.language.understand import Step
from saycut.operations.base import Operation
from saycut.operations.catalogue import as_data
from saycut.studio.made import Made, RecipeStep
from saycut.studio.music import SUFFIXES as SOUND_SUFFIXES

FORMAT = 2
READABLE = (1, 2)  # 2 adds `made`; what it holds besides is as in 1
TAKE_A_RECORDING = frozenset({"replace_audio", "sync_audio"})


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `--recipe-out` writes: the plan, the words it came from, who wrote it, and what was made."""

    recipe: int = FORMAT
    saycut: str = __version__
    said: str = ""
    plan: tuple[RecipeStep, ...]
    made: Made | None = None  # None after a dry run

    def steps(self) -> tuple[Step, ...]:
        """The plan as a session takes it."""
        return tuple(Step(op=step.op, args=step.args) for step in self.plan)

    def beside(self, path: Path, folder: Path) -> list[Path]:
        """The files that the plan needs beside `path`; `folder` is where the recipe lies.

        A file that the plan names is looked for beside the recipe, then beside `path`. Where the plan takes
        a recording and names none, `path` brings its own: the sound of the same name beside it (talk.mp4,
        talk.wav), if there is one. Raises RecipeSourceNotFound.
        """
        found = [_named(name, path, folder) for name in self._names()]
        if any(_takes_its_own(step) for step in self.plan):
            found += own_recording(path)
        return [one for one in dict.fromkeys(found) if not (path.exists() and one.samefile(path))]

    def _names(self) -> list[str]:
        names = [step.args.get("source") for step in self.plan]
        return [name for name in names if isinstance(name, str) and Path(name).name == name]


def _named(name: str, path: Path, folder: Path) -> Path:
    for place in (folder, path.parent):
        if (place / name).is_file():
            return place / name
    raise RecipeSourceNotFound(name=name, beside=path.name)


def _takes_its_own(step: RecipeStep) -> bool:
    return step.op in TAKE_A_RECORDING and "source" not in step.args and "mood" not in step.args


def own_recording(path: Path) -> list[Path]:
    """The sound that is called as `path` is and lies beside it; the first by suffix, or none."""
    if not path.parent.is_dir():
        return []
    same = [other for other in path.parent.iterdir() if other.stem == path.stem and other != path]
    return sorted(other for other in same if other.suffix.lower() in SOUND_SUFFIXES and other.is_file())[:1]


def recipe_of(
    plan: tuple[Operation, ...], inferred: tuple[tuple[str, ...], ...], said: str, made: Made | None = None
) -> Recipe:
    """The recipe of a plan that was carried out, with what was `made`.

    What was `inferred` from the files at hand stays out: on other files it means their own.
    """
    steps = [msgspec.convert(as_data(operation), RecipeStep) for operation in plan]
    open_steps = [
        msgspec.structs.replace(step, args={k: v for k, v in step.args.items() if k not in left_open})
        for step, left_open in zip(steps, inferred, strict=True)
    ]
    return Recipe(said=said, plan=tuple(open_steps), made=made)


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write it as indented JSON."""
    path.write_bytes(as_file(recipe))


def as_file(recipe: Recipe) -> bytes:
    """What lies in a recipe's file."""
    return msgspec.json.format(msgspec.json.encode(recipe), indent=2) + b"\n"


def read_recipe(path: Path) -> Recipe:
    """Raises NotFound, or UnreadableRecipe with the place of the mistake."""
    try:
        recipe = msgspec.json.decode(path.read_bytes(), type=Recipe)
    except FileNotFoundError as error:
        raise NotFound(name=path.name) from error
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        en, zh = f"it is not a recipe ({error})", f"它不是配方文件（{error}）"
        raise UnreadableRecipe(name=path.name, reason=en, reason_zh=zh) from error
    if recipe.recipe not in READABLE:
        en, zh = f"it has the format {recipe.recipe}, not {FORMAT}", f"格式是 {recipe.recipe}，不是 {FORMAT}"
        raise UnreadableRecipe(name=path.name, reason=en, reason_zh=zh)
    if not recipe.plan:
        raise UnreadableRecipe(name=path.name, reason="its plan is empty", reason_zh="其中没有任何操作")
    return recipe
