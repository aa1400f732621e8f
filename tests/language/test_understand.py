"""What holds for every sentence: no error, the same answer twice, plain data, honest confidence."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from saycut.language.understand import Context, understand, understanding_row

from .sentences import rows

_KINDS = {"edit", "export", "credits", "status", "upload", "help", "out_of_scope", "clarify"}
_ROOM = Path(__file__).resolve().parents[2] / "src" / "saycut" / "language"
_GROUND = {"words", "errors"}
_STANDARD = {
    *("collections", "functools", "itertools", "operator", "pathlib"),
    *("re", "tomllib", "typing", "unicodedata", "msgspec"),
}
_WORDS = st.sampled_from(sorted({word for row in rows() for word in row["text"].split()}))


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=120) | st.lists(_WORDS, max_size=25).map(" ".join))
@example("")
@example("第" * 30 + "千百十")
@example("百分之零分之零")
@example("9:16" * 30)
@example("“" * 50 + "”" * 50)
def test_no_text_makes_it_raise(text: str) -> None:
    understanding = understand(text)

    assert understanding.kind in _KINDS
    assert 0.0 <= understanding.confidence <= 1.0
    assert (understanding.kind == "clarify") == (understanding.question is not None)
    assert bool(understanding.steps) or understanding.kind not in ("edit", "export")
    json.dumps(understanding_row("x", understanding))


@settings(deadline=None, max_examples=10)
@given(
    st.sampled_from(
        ["cut the noise and ", "把停顿剪掉然后", "1:00 to 2:00 and ", "no no no ", '"a" ', "then then "]
    )
)
def test_a_very_long_text_is_read_up_to_its_limit(piece: str) -> None:
    assert understand(piece * 2000).kind in _KINDS


@pytest.mark.parametrize("row", rows()[::7], ids=lambda row: row["id"])
def test_the_same_sentence_means_the_same_twice(row: dict[str, object]) -> None:
    context = Context.from_json(row["context"])  # type: ignore[arg-type]  # rows are plain JSON

    assert understand(str(row["text"]), context) == understand(str(row["text"]), context)


def test_a_row_has_the_shape_that_the_scorer_reads() -> None:
    assert understanding_row("7", understand("mute the first 5 seconds")) == {
        "id": "7",
        "kind": "edit",
        "ops": [{"op": "mute", "args": {"start": 0, "end": 5.0}}],
        "question": None,
    }
    assert understanding_row("8", understand("剪一下"))["question"] == "您指的是哪一段？"


def test_the_explanation_pairs_what_was_typed_with_what_it_became() -> None:
    understanding = understand("Remvoe the Background Noise from 0:10 to 0:20")

    assert ("Remvoe", "denoise: remove") in understanding.explained
    assert ("Background Noise", "denoise: noise") in understanding.explained
    assert understanding.confidence == 1.0


def test_words_that_nothing_explains_lower_the_confidence() -> None:
    clear = understand("remove the background noise")
    murky = understand("remove the background noise of the flibbertigibbet quixotic zeugma")

    assert murky.confidence < clear.confidence == 1.0


def test_nothing_is_destroyed_on_a_guess() -> None:
    understanding = understand(
        "delete wuthering flumph grommet snarfblatt quibberdick whatsit zorp gleeb 0:10"
    )

    assert understanding.kind in ("clarify", "out_of_scope")
    assert understanding.steps == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("remove the noise", "en"),
        ("去掉噪音", "zh"),
        ("ノイズを消して", "ja"),
        ("소음을 제거해줘", "ko"),
        ("entferne das Hintergrundrauschen", "de"),
        ("quita el ruido de fondo", "es"),
        ("enlève le bruit de fond", "fr"),
        ("remova o ruído de fundo", "pt"),
    ],
)
def test_the_language_of_a_sentence(text: str, language: str) -> None:
    understanding = understand(text)

    assert understanding.language == language
    assert [step.op for step in understanding.steps] == ["denoise"]


def test_the_room_imports_only_the_ground_the_standard_library_and_msgspec() -> None:
    for path in _ROOM.rglob("*.py"):
        for module in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            top, _, rest = module.partition(".")
            inside = top == "saycut" and rest.split(".")[0] in _GROUND | {"language"}
            assert inside or top in _STANDARD, f"{path.name} imports {module}"


def _imported(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names
