"""`replay`: a recorded edit made again, and the proof that the bytes are the same."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from saycut import __version__
from saycut.audio.engines import brought
from saycut.errors import NotFound, UnreadableRecipe, Usage
from saycut.language.understand import Step
from saycut.studio.edit import Wish, edit
from saycut.studio.made import Made, RecordedFile, processors, recorded
from saycut.studio.recipe import Recipe, read_recipe
from saycut.studio.session import Settings
from saycut.watch import Watch
from saycut.words import Words

_SHORT = 12  # digits of a SHA-256 that a person compares


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict. `difference` is None when the bytes are the same."""

    output: RecordedFile
    found: RecordedFile | None
    difference: Words | None

    @property
    def identical(self) -> bool:
        return self.difference is None

    def said(self) -> Words:
        """The verdict in one sentence."""
        if self.difference is not None:
            return self.difference
        name, digest = self.output.name, self.output.sha256
        return Words(
            f"{name} was made again, byte for byte (SHA-256 {digest}).",
            f"{name} 已重新生成，逐字节相同（SHA-256 {digest}）。",
        )

    def as_data(self, language: str) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "identical": self.identical,
            "output": self.output.name,
            "sha256_recorded": self.output.sha256,
            "sha256_found": self.found.sha256 if self.found is not None else None,
            "difference": self.difference.said(language) if self.difference is not None else None,
        }


class Engines(msgspec.Struct, frozen=True, kw_only=True):
    """What a recipe cannot carry: where the music folder lies, and the model of another separator."""

    music_folder: Path | None = None
    separator: str | None = None


def replay(recipe_path: Path, paths: Sequence[Path], engines: Engines, watch: Watch) -> Replayed:
    """Make the recorded result again, in a private folder, and compare it. Nothing is kept.

    The inputs are found among `paths` by their content, else by their names beside the recipe. Raises
    NotFound, UnreadableRecipe for a recipe that records no result, and what an edit raises.
    """
    recipe = read_recipe(recipe_path)
    if recipe.made is None:
        raise UnreadableRecipe(
            name=recipe_path.name, reason="it records no result", reason_zh="其中没有记录任何结果"
        )
    made = recipe.made
    inputs, other = _inputs(made, paths, recipe_path.parent, watch)
    if other is not None:
        return Replayed(output=made.output, found=None, difference=other)
    settings = Settings(
        music_folder=engines.music_folder, separator=_separator(made, engines), encoder=made.encoder
    )
    with tempfile.TemporaryDirectory(prefix="saycut-", ignore_cleanup_errors=True) as work:
        named = [_under_its_name(path, file, Path(work) / str(at)) for at, (path, file) in enumerate(inputs)]
        out = Path(work) / Path(made.output.name).name
        steps = tuple(Step(op=step.op, args=step.args) for step in made.plan)
        edit(named, Wish(steps=steps, turns=made.turns, out=out, settings=settings), watch)
        found = recorded(out)
    same = found.sha256 == made.output.sha256
    return Replayed(output=made.output, found=found, difference=None if same else _why(recipe, made, found))


def _inputs(
    made: Made, paths: Sequence[Path], folder: Path, watch: Watch
) -> tuple[list[tuple[Path, RecordedFile]], Words | None]:
    """Each recorded input with the file that it is; a sentence when one is there with other content."""
    for path in paths:
        if not path.is_file():
            raise NotFound(name=str(path))
    known: dict[Path, RecordedFile] = {}
    for path in [*paths, *(folder / Path(file.name).name for file in made.inputs)]:
        watch.check()
        if path not in known and path.is_file():
            known[path] = recorded(path)
    found: list[tuple[Path, RecordedFile]] = []
    for wanted in made.inputs:
        same = [path for path, file in known.items() if file.sha256 == wanted.sha256]
        if same:
            found.append((same[0], wanted))
            continue
        namesakes = [file for file in known.values() if file.name == wanted.name]
        if not namesakes:
            raise NotFound(name=wanted.name)
        return [], _another_input(wanted, namesakes[0])
    return found, None


def _under_its_name(path: Path, file: RecordedFile, folder: Path) -> Path:
    """`path` as it was called: the plan and the choice of music go by names."""
    name = Path(file.name).name
    if path.name == name:
        return path
    folder.mkdir()
    link = folder / name
    link.symlink_to(path.absolute())
    return link


def _separator(made: Made, engines: Engines) -> str:
    if engines.separator is not None:
        return engines.separator
    kind = brought(made.separator)
    if kind is not None:
        model = made.separator.removeprefix(kind)
        raise Usage(
            reason=f"The result was made with {model}; give it with --separator {kind}PATH.",
            reason_zh=f"结果是用 {model} 生成的，请用 --separator {kind}PATH 指定。",
        )
    return made.separator


def _another_input(wanted: RecordedFile, found: RecordedFile) -> Words:
    was, now = wanted.sha256[:_SHORT], found.sha256[:_SHORT]
    return Words(
        f"{wanted.name} is not the file that was used: its SHA-256 is {now}… instead of {was}….",
        f"{wanted.name} 不是当时使用的文件：其 SHA-256 为 {now}…，应为 {was}…。",
    )


def _why(recipe: Recipe, made: Made, found: RecordedFile) -> Words:
    """The difference with what may have caused it."""
    was, now = made.output.sha256[:_SHORT], found.sha256[:_SHORT]
    en = f"The result is another file: {found.size_bytes} bytes with SHA-256 {now}… instead of "
    en += f"{made.output.size_bytes} with {was}…"
    zh = f"结果不同：{found.size_bytes} 字节，SHA-256 {now}…，应为 {made.output.size_bytes} 字节，{was}…"
    if recipe.saycut != __version__:
        en += f"; it was made with Saycut {recipe.saycut}, this is {__version__}"
        zh += f"；原由 Saycut {recipe.saycut} 生成，当前为 {__version__}"
    if made.processors != processors():
        en += f"; it was made on {made.processors} processors, here are {processors()}, "
        en += "and a picture is encoded differently by their number"
        zh += f"；原用 {made.processors} 个处理器，此处为 {processors()} 个，画面编码结果随其数量而不同"
    return Words(f"{en}.", f"{zh}。")
