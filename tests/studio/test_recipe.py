"""Recipes: what a plan says of other files when it is carried out on them."""

import json
from pathlib import Path

import pytest

from saycut.errors import NeedsAnswer, NotFound, UnreadableRecipe, Usage
from saycut.studio.edit import Batched, Wish, apply_recipe, edit
from saycut.watch import Watch
from tests.factory import Clip, Sound, make
from tests.studio.steps import clip_named, worst_step_ms


def brought(folder: Path, name: str, clip: str | Clip) -> Path:
    """A clip of the factory as a file of that name."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(make(clip).read_bytes())
    return path


def voice(source: int) -> Clip:
    return Clip("wav", None, (Sound("pcm_s16le", source=source),))


def kept(tmp_path: Path, say: str) -> Path:
    """The recipe of an edit of talk.mp4 with voice.wav, in a folder of its own."""
    shoot = tmp_path / "shoot"
    files = [brought(shoot, "talk.mp4", "cfr30"), brought(shoot, "voice.wav", voice(5))]
    recipe = tmp_path / "recipes" / "dub.json"
    recipe.parent.mkdir()
    edit(files, Wish(say=say, dry_run=True, recipe_out=recipe), Watch())
    return recipe


def applied(recipe: Path, path: Path, folder: Path) -> Batched:
    folder.mkdir(exist_ok=True)
    (one,) = apply_recipe(recipe, [path], Wish(folder=folder), Watch())
    return one


INFERRED = "replace the original audio track with my voiceover"
NAMED = "replace the original audio with voice.wav"


def test_a_file_that_was_only_inferred_is_not_pinned(tmp_path: Path) -> None:
    assert json.loads(kept(tmp_path, INFERRED).read_text())["plan"] == [{"op": "replace_audio", "args": {}}]


def test_each_file_then_brings_the_recording_of_its_own_name(tmp_path: Path) -> None:
    recipe = kept(tmp_path, INFERRED)
    brought(tmp_path / "other", "second.wav", voice(6))
    one = applied(recipe, brought(tmp_path / "other", "second.mp4", "cfr30"), tmp_path / "out")
    assert one.edited is not None
    assert one.edited.output is not None
    assert worst_step_ms(one.edited.output, clip_named("cfr30"), source=6) < 1


def test_and_is_asked_for_one_where_there_is_none(tmp_path: Path) -> None:
    recipe = kept(tmp_path, INFERRED)
    one = applied(recipe, brought(tmp_path / "other", "second.mp4", "cfr30"), tmp_path / "out")
    assert isinstance(one.error, NeedsAnswer)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("place", ["recipes", "other"])
def test_a_named_file_is_found_beside_the_recipe_or_the_file(place: str, tmp_path: Path) -> None:
    recipe = kept(tmp_path, NAMED)
    brought(tmp_path / place, "voice.wav", voice(6))
    one = applied(recipe, brought(tmp_path / "other", "second.mp4", "cfr30"), tmp_path / "out")
    assert one.edited is not None
    assert one.edited.output is not None
    assert worst_step_ms(one.edited.output, clip_named("cfr30"), source=6) < 1


def test_a_named_file_that_is_nowhere_is_one_sentence(tmp_path: Path) -> None:
    recipe = kept(tmp_path, NAMED)
    one = applied(recipe, brought(tmp_path / "other", "second.mp4", "cfr30"), tmp_path / "out")
    assert isinstance(one.error, NotFound)
    assert "voice.wav" in one.error.sentence("en")
    assert "second.mp4" in one.error.sentence("zh")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"[]",
        b"\xff\xfe",
        b'{"recipe": 3, "plan": [{"op": "mute", "args": {}}]}',
        b'{"recipe": 1, "plan": []}',
    ],
)
def test_what_is_no_recipe_is_refused_as_a_whole(content: bytes, tmp_path: Path) -> None:
    recipe = tmp_path / "r.json"
    recipe.write_bytes(content)
    with pytest.raises(UnreadableRecipe, match=r"r\.json"):
        apply_recipe(recipe, [make("cfr30")], Wish(folder=tmp_path), Watch())
    assert list(tmp_path.iterdir()) == [recipe]


@pytest.mark.parametrize("place", ["absent/r.json", "clip.mp4", "."])
def test_a_recipe_that_cannot_be_written_stops_the_edit_before_it_begins(place: str, tmp_path: Path) -> None:
    clip = brought(tmp_path, "clip.mp4", "cfr30")
    before = clip.read_bytes()
    with pytest.raises(Usage):
        edit([clip], Wish(say="mute it", out=tmp_path / "o.mp4", recipe_out=tmp_path / place), Watch())
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4"}
    assert clip.read_bytes() == before
