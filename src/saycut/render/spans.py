"""A long picture in spans that are encoded apart, by whoever has a hand free, and joined without a seam.

Every span is an encode of its own that begins with a key frame and holds exactly its frames; the sound is
never divided. What is copied, spliced, small or limited in size is not: it would win nothing or cannot be.
"""

from pathlib import Path

from saycut.errors import Usage
from saycut.media.picture_encode import encode_picture
from saycut.media.picture_spans import Span, between
from saycut.media.picture_spans import spans_of as spans_of_plan
from saycut.render.assemble import H264_SUFFIXES, is_cheaper_spliced
from saycut.render.bench import Bench
from saycut.render.picture import Encoded, planned
from saycut.render.titles import with_titles
from saycut.timeline.project import Project

SPAN_S = 60  # opening the files and seeking takes seconds: a few percent of encoding a minute
_MOST = 32


def may_be_divided(project: Project) -> bool:
    """Whether the result is long enough; looks at nothing but the project."""
    return project.has_picture and project.duration_s >= 2 * SPAN_S


def spans_of(project: Project, bench: Bench, out: Path) -> list[Span]:
    """The picture of `out` in at least two spans of frames; none where it is better made in one go."""
    if (
        not may_be_divided(project)
        or out.suffix.lower() not in H264_SUFFIXES
        or project.output.max_size_bytes is not None
        or bench.encoder != "x264"  # another machine may have another chip
    ):
        return []
    picture = planned(project, bench.sources, out.suffix.lower(), sound_only=False)
    if not isinstance(picture, Encoded) or is_cheaper_spliced(project, picture.plan, out, bench.watch):
        return []
    spans = spans_of_plan(picture.plan, int(SPAN_S * picture.plan.frame_rate), _MOST)
    return spans if len(spans) > 1 else []


def encode_span(project: Project, bench: Bench, out: Path, span: Span) -> None:
    """Frames [first, end) of the picture alone, into `out` (an MP4). Raises Usage for what is no span."""
    picture = planned(project, bench.sources, out.suffix.lower(), sound_only=False, copying=False)
    if not isinstance(picture, Encoded):
        raise Usage(reason="only a picture that is encoded has spans")
    titled, _ = with_titles(project, picture.plan, bench.folder)
    encode_picture(between(titled, span), out, work=bench.folder, watch=bench.watch)
