"""However turns, flips and crops follow each other, one look shows what they show one after the other."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.errors import Impossible
from saycut.operations.base import NothingToDo, Outcome
from saycut.operations.canvas import canvas, enlarged
from saycut.operations.catalogue import build
from saycut.operations.looks import cropped, flipped, turned
from saycut.timeline.project import Look, Project
from tests.projects import GivenFacts, project, recording, video

Step = tuple[str, object]
QUARTERS = st.tuples(*[st.integers(0, 1)] * 4)
STEPS = st.one_of(
    st.tuples(st.just("turn"), st.sampled_from([90, 180, 270])),
    st.tuples(st.just("flip"), st.sampled_from([(True, False), (False, True), (True, True)])),
    st.tuples(st.just("crop"), QUARTERS),
)
SIDE = 64  # three crops of a quarter on both sides leave 8 of it


def seen(picture: np.ndarray, step: Step) -> np.ndarray:
    """What one step makes of a picture."""
    what, how = step
    if what == "turn":
        return np.rot90(picture, -int(how) // 90)  # type: ignore[call-overload]
    if what == "flip":
        across, over = how  # type: ignore[misc]
        return picture[:: -1 if over else 1, :: -1 if across else 1]
    left, top, right, bottom = (
        side // 4 * edge for side, edge in zip(picture.shape[::-1] * 2, how, strict=True)
    )  # type: ignore[call-overload]
    return picture[top : picture.shape[0] - bottom, left : picture.shape[1] - right]


def with_step(look: Look, step: Step) -> Look:
    what, how = step
    if what == "turn":
        return turned(look, int(how))  # type: ignore[call-overload]
    if what == "flip":
        return flipped(look, horizontal=how[0], vertical=how[1])  # type: ignore[index]
    left, top, right, bottom = (Fraction(edge, 4) for edge in how)  # type: ignore[attr-defined]
    return cropped(look, (left, top, 1 - right, 1 - bottom))


def shown(picture: np.ndarray, look: Look) -> np.ndarray:
    """What the renderer makes of a picture: the crop, the flips, the turn."""
    high, wide = picture.shape
    left, right = int(look.left * wide), int(look.right * wide)
    top, bottom = int(look.top * high), int(look.bottom * high)
    kept = picture[top:bottom, left:right]
    kept = kept[:: -1 if look.flip_vertical else 1, :: -1 if look.flip_horizontal else 1]
    return np.rot90(kept, -look.turn_deg // 90)


@given(st.lists(STEPS, max_size=9).filter(lambda steps: sum(s[0] == "crop" for s in steps) <= 2))
def test_one_look_is_all_steps(steps: list[Step]) -> None:
    picture = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    look, stepped = Look(), picture
    for step in steps:
        look, stepped = with_step(look, step), seen(stepped, step)
    assert np.array_equal(shown(picture, look), stepped)


def applied(op: str, to: Project | None = None, **args: object) -> Outcome:
    return build(op, args).apply(to or project(video(), video("second")), GivenFacts(), "1.0")


def test_a_look_of_one_clip_leaves_the_others() -> None:
    two = project(video(), video("second"))
    assert two.main is not None
    numbered = two.with_track(
        type(two.main)(
            id="main",
            role="main",
            segments=tuple(
                type(s)(asset_id=s.asset_id, at_s=s.at_s, start_s=s.start_s, duration_s=s.duration_s, clip=n)
                for n, s in enumerate(two.main.segments)
            ),
        )
    )
    after = applied("rotate", numbered, clip=2).project
    assert after.main is not None
    assert [s.look.turn_deg for s in after.main.segments] == [0, 90]


@pytest.mark.parametrize(
    ("op", "args"),
    [
        ("rotate", {}),
        ("flip", {}),
        ("crop", {}),
        ("resize", {"resolution": "720p"}),
        ("reframe", {}),
        ("text", {"text": "x"}),
    ],
)
def test_sound_alone_has_no_picture_to_change(op: str, args: dict[str, object]) -> None:
    with pytest.raises(NothingToDo):
        applied(op, project(recording()), **args)


@pytest.mark.parametrize(
    ("op", "args", "words"),
    [
        ("crop", {"percent": 60}, "no picture"),
        ("crop", {"percent": 0}, "no picture"),
        ("resize", {"resolution": "9000p"}, "no size"),
        ("resize", {"width": 100_000}, "outside"),
        ("reframe", {"aspect": "banana"}, "not a shape"),
        ("reframe", {"aspect": "1:0"}, "not a shape"),
        ("export", {"format": "exe"}, "not made here"),
        ("export", {"max_size_mb": -1}, "max_size_mb"),
        ("text", {"text": "a" * 501}, "at most 500"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(op: str, args: dict[str, object], words: str) -> None:
    with pytest.raises(Impossible, match=words):
        applied(op, **args)


@pytest.mark.parametrize(
    ("op", "args", "size"),
    [
        ("reframe", {"aspect": "9:16"}, (720, 1280)),
        ("reframe", {"aspect": "1:1"}, (720, 720)),
        ("reframe", {"aspect": "21:9"}, (1680, 720)),
        ("reframe", {"platform": "tiktok"}, (720, 1280)),
        ("reframe", {"aspect": "1:1", "width": 1080, "height": 1080}, (1080, 1080)),
        ("resize", {"resolution": "4k"}, (3840, 2160)),
        ("resize", {"resolution": "480p"}, (854, 480)),
        ("resize", {"height": 360}, (640, 360)),
        ("export", {"resolution": "1080p"}, (1920, 1080)),
        ("export", {"platform": "youtube"}, (1280, 720)),
    ],
)
def test_sizes_that_come_of_it(op: str, args: dict[str, object], size: tuple[int, int]) -> None:
    after = applied(op, **args).project
    assert canvas(after) == size
    assert bool(enlarged(after)) == (size in ((3840, 2160), (1920, 1080)))
