"""A project's titles as images over a picture plan."""

from pathlib import Path

from saycut.media.picture import Overlay, PicturePlan
from saycut.media.title_image import TitleSpec, draw_title
from saycut.timeline.clock import to_frames
from saycut.timeline.project import Project, Title
from saycut.timeline.value import but
from saycut.words import Words

FADE_S = 0.2  # soft enough not to jump, short enough to be read at once


def with_titles(project: Project, plan: PicturePlan, folder: Path) -> tuple[PicturePlan, tuple[Words, ...]]:
    """`plan` with every title of `project` drawn for its canvas into `folder`, and what could not be."""
    overlays: list[Overlay] = []
    notes: list[Words] = []
    for number, title in enumerate(project.titles):
        first = to_frames(title.start_s, plan.frame_rate)
        end = min(to_frames(title.end_s, plan.frame_rate), plan.frames)
        image = draw_title(_spec(title), plan.width, plan.height, folder / f"title{number}.png")
        missing = image.missing if image is not None else title.text
        if missing:
            notes.append(_not_drawn(title, missing))
        if image is None or first >= end:
            continue
        fade = round(FADE_S * plan.frame_rate)
        overlays.append(Overlay(image.path, image.x, image.y, first, end, fade_frames=fade))
    return but(plan, overlays=(*plan.overlays, *overlays)), tuple(notes)


def _spec(title: Title) -> TitleSpec:
    return TitleSpec(text=title.text, position=title.position, color=title.color, style=title.style)


def _not_drawn(title: Title, missing: str) -> Words:
    return Words(
        f"No font here has {missing}: left out of “{title.text}”.",
        f"没有字体包含 {missing}：已从“{title.text}”中省略。",
    )
