"""Spliced pictures: frame by frame what a full encode shows, and a proof that notices when they are not."""

from fractions import Fraction
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from saycut.errors import EngineFailed, SaycutError
from saycut.media.info import Source
from saycut.media.packets import stream_ends
from saycut.media.picture import PicturePlan, PictureRun, View
from saycut.media.picture_encode import encode_picture
from saycut.media.probe import open_source
from saycut.media.splice import Joint, Kept, Splice, splice
from saycut.media.splicing import Splicing, gops_of, splice_picture, spliceable
from tests.factory import Clip, Picture, Sound, make, read_frame_indices
from tests.studio.steps import clip_named

SPANS = ((37, 201), (233, 540), (700, 871))
KEPT = [frame for first, end in SPANS for frame in range(first, end)]


PLAIN = Picture(frames=900, gop=60, b_frames=3)


def source_of(picture: Picture = PLAIN, container: str = "mp4") -> Source:
    return open_source(make(Clip(container, picture)))


def plan_of(source: Source, spans: tuple[tuple[int, int], ...] = SPANS) -> PicturePlan:
    video = source.info.video
    assert video is not None
    return PicturePlan(
        runs=(PictureRun(source, spans),),
        width=video.width,
        height=video.height,
        frame_rate=video.frame_rate,
    )


SPLICED = {
    "plain": (Picture(frames=900, gop=60), "mp4"),
    "B-frames": (Picture(frames=900, gop=60, b_frames=3), "mp4"),
    "NTSC": (Picture(frames=900, gop=60, b_frames=2, rate=Fraction(30000, 1001)), "mp4"),
    "25 fps MOV": (Picture(frames=900, gop=50, b_frames=1, rate=Fraction(25)), "mov"),
    "Matroska": (Picture(frames=900, gop=60, b_frames=3), "mkv"),
    "720p": (Picture(frames=900, gop=60, b_frames=3, width=1280, height=720), "mp4"),
}


@pytest.mark.parametrize("name", SPLICED)
def test_a_spliced_picture_shows_what_a_full_encode_shows(name: str, tmp_path: Path) -> None:
    plan = plan_of(source_of(*SPLICED[name]))
    out, full = tmp_path / "spliced.mp4", tmp_path / "full.mp4"
    made = splice_picture(plan, out, work=tmp_path)
    assert made is not None
    assert made.kept_frames > 0.8 * plan.frames
    encode_picture(plan, full, work=tmp_path)
    spliced, encoded = read_frame_indices(out), read_frame_indices(full)
    assert [stamp.index for stamp in spliced] == KEPT
    zeros = spliced[0].pts_s, encoded[0].pts_s
    assert [s.pts_s - zeros[0] for s in spliced] == [s.pts_s - zeros[1] for s in encoded]
    for one, other in zip(pixels(out), pixels(full), strict=True):
        assert np.mean(np.abs(one.astype(int) - other)) < 3


def pixels(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def test_a_splice_is_an_ordinary_file(tmp_path: Path) -> None:
    out = tmp_path / "spliced.mp4"
    splice_picture(plan_of(source_of()), out, work=tmp_path)
    info = open_source(out).info
    assert info.video is not None
    assert not info.video.is_vfr
    assert info.video.frame_rate == 30
    assert info.video.frame_count == len(KEPT)
    assert info.duration_s == Fraction(len(KEPT), 30)
    assert not info.warnings
    ends = stream_ends(open_source(out))
    assert ends.video_start_s == 0
    with av.open(str(out)) as container:
        decoding = [packet.dts for packet in container.demux(video=0) if packet.dts is not None]
    assert decoding == sorted(set(decoding))


@pytest.mark.parametrize(
    "change",
    [
        {"reverse": True},
        {"speed": Fraction(2)},
        {"fade_in_frames": 5},
        {"view": View(flip_horizontal=True)},
        {"zero_s": Fraction(1)},
    ],
    ids=str,
)
def test_what_changes_the_frames_is_not_spliced(change: dict[str, object]) -> None:
    plan = plan_of(source_of())
    assert spliceable(plan) is not None
    run = msgspec.structs.replace(plan.runs[0], **change)
    assert spliceable(msgspec.structs.replace(plan, runs=(run,))) is None


@pytest.mark.parametrize(
    "clip",
    [
        Clip(picture=Picture(frames=300, rotation=90)),
        Clip(picture=Picture(frames=300, full_range=True)),
        Clip(picture=Picture(frames=300, hidden=10, b_frames=2)),
        Clip(picture=Picture(frames=300, interlaced=True)),
        Clip(picture=Picture(frames=300, pix_fmt="yuv444p")),
        Clip("ts", Picture(frames=300), (Sound(),)),
        Clip("webm", Picture("libvpx-vp9", frames=60), (Sound("libopus"),)),
        clip_named("vfr"),
    ],
    ids=lambda clip: f"{clip.container}-{clip.picture.codec}-{clip.picture.frames}",
)
def test_what_is_stored_otherwise_than_we_post_it_is_not_spliced(clip: Clip) -> None:
    assert spliceable(plan_of(open_source(make(clip)), ((0, 2),))) is None


def test_three_frames_off_the_grid_are_no_constant_rate() -> None:
    assert gops_of(open_source(make(Clip(picture=Picture(frames=3, ticks=(0, 3000, 9000)))))) is None


def test_open_groups_are_no_place_to_begin(tmp_path: Path) -> None:
    source = source_of(Picture(frames=300, gop=30, b_frames=3, open_gop=True))
    found = gops_of(source)
    assert found is not None
    assert sum(found.gops.begins) == 1
    assert splice_picture(plan_of(source, ((40, 280),)), tmp_path / "out.mp4", work=tmp_path) is None


def splicing(tmp_path: Path, made: Splice | None = None, set_id: int | None = None) -> Splicing:
    source = source_of()
    plan = plan_of(source)
    found = gops_of(source)
    assert found is not None
    if set_id is not None:
        found = msgspec.structs.replace(
            found, gops=msgspec.structs.replace(found.gops, parameter_set_id=set_id)
        )
    whole = made or splice(SPANS, found.gops, plan.frame_rate)
    assert whole is not None
    run = plan.runs[0]
    assert isinstance(run, PictureRun)
    return Splicing(plan, run, found, whole, None)


def moved(made: Splice, kind: type[Kept | Joint], by: int) -> Splice:
    """`made` with its second piece of that kind taken from `by` frames later."""
    pieces = list(made.pieces)
    place = [n for n, piece in enumerate(pieces) if isinstance(piece, kind)][1]
    piece = pieces[place]
    pieces[place] = (
        Kept(piece.first + by, piece.end + by)
        if isinstance(piece, Kept)
        else Joint(tuple((first + by, end + by) for first, end in piece.spans))
    )
    return Splice(tuple(pieces))


@pytest.mark.parametrize(("kind", "by"), [(Kept, 60), (Joint, 45)])
def test_the_proof_notices_other_frames(kind: type[Kept | Joint], by: int, tmp_path: Path) -> None:
    right = splicing(tmp_path)
    wrong = splicing(tmp_path, moved(right.made, kind, by))
    out = tmp_path / "out.mp4"
    wrong.write(wrong.encoded_joints(tmp_path), out)
    with pytest.raises(EngineFailed, match="splice"):
        right.prove(out)


def test_the_proof_notices_a_copy_that_begins_where_it_cannot(tmp_path: Path) -> None:
    right = splicing(tmp_path)
    pieces = (Kept(37, 201), *right.made.pieces[2:])
    wrong = splicing(tmp_path, Splice(pieces))
    out = tmp_path / "out.mp4"
    with pytest.raises(SaycutError):
        wrong.write(wrong.encoded_joints(tmp_path), out)
        wrong.prove(out)


def test_one_number_for_two_parameter_sets_is_refused(tmp_path: Path) -> None:
    same = splicing(tmp_path, set_id=0)
    with pytest.raises(SaycutError):
        same.write(same.encoded_joints(tmp_path), tmp_path / "out.mp4")
