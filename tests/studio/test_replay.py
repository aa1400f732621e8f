"""The same job gives the same bytes, and a recipe proves it."""

import json
from pathlib import Path

import msgspec
import pytest

from saycut.errors import NotFound, UnreadableRecipe, Usage
from saycut.studio.edit import Wish, edit
from saycut.studio.made import RecordedFile, Stretch, recorded
from saycut.studio.recipe import Recipe, read_recipe, write_recipe
from saycut.studio.replay import Engines, Replayed, replay
from saycut.studio.session import Settings
from saycut.watch import Watch
from tests.factory import make

JOBS = {
    "copy.mp4": ("cfr30", "mute it"),
    "copy.mkv": ("cfr30", "mute it"),
    "copied sound.mp4": ("cfr30", "export as mp4"),
    "new sound.mp4": ("cfr30", "normalize"),
    "encode.mp4": ("cfr30", "cut from 1 to 2 seconds"),
    "encode.webm": ("webm", "cut from 1 to 2 seconds"),
    "drawn.mp4": ("wav", "normalize"),
    "music.wav": ("wav", "add calm background music"),
    "sound.mp3": ("wav", "normalize"),
    "sound.flac": ("wav", "normalize"),
}


@pytest.mark.parametrize("name", JOBS)
def test_two_renders_of_one_job_are_the_same_bytes(name: str, tmp_path: Path) -> None:
    clip, say = JOBS[name]
    results = []
    for folder in (tmp_path / "one", tmp_path / "another, with a longer name"):
        folder.mkdir()
        edit([make(clip)], Wish(say=say, out=folder / name), Watch())
        results.append((folder / name).read_bytes())
    assert results[0] == results[1]


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with clip.mp4, out.mp4 made of it without its second second, and the recipe of that."""
    folder = tmp_path_factory.mktemp("shoot")
    (folder / "clip.mp4").write_bytes(make("cfr30").read_bytes())
    wish = Wish(say="cut from 1 to 2 seconds", out=folder / "out.mp4", recipe_out=folder / "recipe.json")
    edit([folder / "clip.mp4"], wish, Watch())
    return folder


def changed(shoot: Path, place: Path, **facts: object) -> Path:
    """The recipe with other facts in its record, at another place."""
    recipe = read_recipe(shoot / "recipe.json")
    assert recipe.made is not None
    saycut = str(facts.pop("saycut", recipe.saycut))
    made = msgspec.structs.replace(recipe.made, **facts)
    write_recipe(msgspec.structs.replace(recipe, made=made, saycut=saycut), place)
    return place


def replayed(recipe: Path, *paths: Path) -> Replayed:
    return replay(recipe, paths, Engines(), Watch())


WRONG = RecordedFile(name="out.mp4", sha256="0" * 64, size_bytes=1)


def test_a_recipe_records_what_was_made_and_of_what(shoot: Path) -> None:
    recipe = read_recipe(shoot / "recipe.json")
    assert recipe.recipe == 2
    assert recipe.made is not None
    assert recipe.made.inputs == (recorded(shoot / "clip.mp4"),)
    assert recipe.made.output == recorded(shoot / "out.mp4")
    assert recipe.made.kept == (
        Stretch(input=0, start_s=0, end_s=1),
        Stretch(input=0, start_s=2, end_s=3),
    )
    assert str(shoot) not in (shoot / "recipe.json").read_text("utf-8")


def test_the_same_again_is_proven(shoot: Path) -> None:
    verdict = replayed(shoot / "recipe.json")
    assert verdict.identical
    assert recorded(shoot / "out.mp4").sha256 in verdict.said().en
    assert {path.name for path in shoot.iterdir()} == {"clip.mp4", "out.mp4", "recipe.json"}


def test_inputs_are_known_by_content_whatever_they_are_called_now(shoot: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed.mp4"
    renamed.write_bytes((shoot / "clip.mp4").read_bytes())
    assert replayed(changed(shoot, tmp_path / "r.json"), renamed).identical


def test_a_sound_is_drawn_under_the_name_it_had(tmp_path: Path) -> None:
    first = tmp_path / "first.wav"
    first.write_bytes(make("wav").read_bytes())
    edit([first], Wish(say="normalize", out=tmp_path / "o.mp4", recipe_out=tmp_path / "r.json"), Watch())
    first.rename(tmp_path / "second.wav")
    assert replayed(tmp_path / "r.json", tmp_path / "second.wav").identical


def test_another_result_is_one_sentence(shoot: Path, tmp_path: Path) -> None:
    verdict = replayed(changed(shoot, tmp_path / "r.json", output=WRONG), shoot / "clip.mp4")
    assert not verdict.identical
    assert "SHA-256" in verdict.said().en
    assert "processors" not in verdict.said().en
    assert verdict.said().en.count(". ") == 0
    assert verdict.said().zh.endswith("。")
    assert verdict.as_data("en")["sha256_found"] == recorded(shoot / "out.mp4").sha256


def test_what_may_have_caused_it_is_said(shoot: Path, tmp_path: Path) -> None:
    recipe = changed(shoot, tmp_path / "r.json", output=WRONG, processors=3000, saycut="0.0.7")
    verdict = replayed(recipe, shoot / "clip.mp4")
    assert "3000 processors" in verdict.said().en
    assert "Saycut 0.0.7" in verdict.said().en


def test_another_input_is_a_difference_and_none_is_not_found(shoot: Path, tmp_path: Path) -> None:
    recipe = changed(shoot, tmp_path / "r.json")
    with pytest.raises(NotFound, match=r"clip\.mp4"):
        replayed(recipe)
    with pytest.raises(NotFound):
        replayed(recipe, tmp_path / "absent.mp4")
    (tmp_path / "clip.mp4").write_bytes(make("cfr25").read_bytes())
    verdict = replayed(recipe)
    assert "clip.mp4 is not the file that was used" in verdict.said().en
    assert verdict.found is None


def test_a_plan_without_a_result_proves_nothing(tmp_path: Path) -> None:
    clip = make("cfr30")
    edit([clip], Wish(say="mute it", dry_run=True, recipe_out=tmp_path / "dry.json"), Watch())
    (tmp_path / "old.json").write_text('{"recipe": 1, "plan": [{"op": "mute"}]}')
    for name in ("dry.json", "old.json"):
        with pytest.raises(UnreadableRecipe, match="records no result"):
            replayed(tmp_path / name, clip)


@pytest.mark.parametrize(("kind", "model"), [("onnx:", "model.onnx"), ("demucs:", "htdemucs")])
def test_the_path_of_a_model_stays_private_and_has_to_be_given_again(
    shoot: Path, tmp_path: Path, kind: str, model: str
) -> None:
    recipe = changed(shoot, tmp_path / "r.json", separator=kind + model)
    with pytest.raises(Usage, match=f"made with {model}; give it with --separator {kind}PATH"):
        replayed(recipe, shoot / "clip.mp4")
    wish = Wish(
        say="mute it",
        out=tmp_path / "o.mp4",
        recipe_out=tmp_path / "private.json",
        settings=Settings(separator=f"{kind}{tmp_path}/{model}"),
    )
    edit([make("cfr30")], wish, Watch())
    told = json.loads((tmp_path / "private.json").read_text("utf-8"))
    assert told["made"]["separator"] == kind + model


def test_a_record_names_no_place_outside_the_private_folder(shoot: Path, tmp_path: Path) -> None:
    """A recipe may come from anybody: its names are names, never paths."""
    output = msgspec.structs.replace(recorded(shoot / "out.mp4"), name="../../escaped.mp4")
    recipe = changed(shoot, tmp_path / "r.json", output=output)
    assert replayed(recipe, shoot / "clip.mp4").identical
    assert not list(tmp_path.parent.glob("escaped.mp4"))
    assert isinstance(read_recipe(recipe), Recipe)
