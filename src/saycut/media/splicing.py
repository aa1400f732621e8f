"""A cut picture made by copying what can be copied: only the frames around the cuts are encoded.

Packets of two encoders stand in one track under parameter sets of different numbers (`child/splice.py`),
and nothing is believed: every copied packet is compared with the source's, and around every seam both are
decoded and compared frame by frame (`child/spliced.py`). Who calls this encodes everything when it fails.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgspec

from saycut.errors import EngineFailed
from saycut.media.children import answer_of
from saycut.media.colour import is_as_posted, is_untagged
from saycut.media.copying import copy_obstacle
from saycut.media.info import Source
from saycut.media.picture import PicturePlan, PictureRun
from saycut.media.picture_encode import encode_picture
from saycut.media.pieces import SEEKABLE
from saycut.media.sandbox import Limits
from saycut.media.splice import Gops, Kept, Splice, splice
from saycut.watch import Watch

_LIMITS = Limits(memory_bytes=3 << 30, cpu_s=3 * 3600, wall_s=6 * 3600.0)
_PROVEN_S = Fraction(1, 2)  # of a copied stretch at each of its ends


class Found(msgspec.Struct, frozen=True):
    """A picture that can be taken apart: where, and what the child programs have to know of it."""

    gops: Gops
    zero_ticks: int
    lag_frames: int


def spliceable(plan: PicturePlan) -> PictureRun | None:
    """The one run of `plan` when it shows frames of one picture as they are stored; else None."""
    run = plan.runs[0] if len(plan.runs) == 1 else None
    if not isinstance(run, PictureRun) or run.source.info.video is None:
        return None
    video, info = run.source.info.video, run.source.info
    plain = PicturePlan(
        runs=(PictureRun(source=run.source, spans=run.spans, fit=run.fit),),
        width=video.width,
        height=video.height,
        frame_rate=video.frame_rate,
        crf=plan.crf,
        preset=plan.preset,
        encoder=plan.encoder,
    )
    steady = not video.is_vfr and not video.hidden_frames and not video.is_interlaced
    as_stored = not video.rotation and is_as_posted(video) and copy_obstacle(info, ".mp4") is None
    return run if plan == plain and steady and as_stored and info.demuxer in SEEKABLE else None


def splice_picture(plan: PicturePlan, out: Path, *, work: Path, watch: Watch | None = None) -> Splice | None:
    """Make `out` (an MP4) by splicing where that is possible and worth it; None, and no file, where not.

    Raises as `encode_picture`, and EngineFailed when the result is not proven: then `out` must not be used.
    """
    task = splicing_of(plan, watch)
    if task is None:
        return None
    with tempfile.TemporaryDirectory(prefix="splice-", dir=work) as private:
        task.write(task.encoded_joints(Path(private)), out)
    task.prove(out)
    return task.made


def splicing_of(plan: PicturePlan, watch: Watch | None = None) -> "Splicing | None":
    """How `plan` would be spliced; None where that is not possible or not worth it."""
    run = spliceable(plan)
    found = gops_of(run.source, watch) if run is not None else None
    if run is None or found is None:
        return None
    made = splice(run.spans, found.gops, plan.frame_rate)
    return None if made is None else Splicing(plan, run, found, made, watch)


def gops_of(source: Source, watch: Watch | None = None) -> Found | None:
    """Where the main picture of `source` may be taken apart; None when it may not at all."""
    request = _track(source)
    head, _, flags = answer_of("gops", source.path, request, watch=watch, limits=_LIMITS).partition(b"\n")
    said = json.loads(head)
    if said["obstacle"] is not None:
        return None
    half = len(flags) // 2
    return Found(
        Gops(flags[:half], flags[half:], said["parameter_set_id"]), said["zero_ticks"], said["lag_frames"]
    )


def _track(source: Source) -> dict[str, Any]:
    video = source.info.video
    assert video is not None
    return {
        "path": str(source.path.absolute()),
        "demuxer": source.info.demuxer,
        "index": video.index,
        "frame_rate": str(video.frame_rate),
    }


@dataclass(frozen=True)
class Splicing:
    """One picture on its way through encoding, writing and proof."""

    plan: PicturePlan
    run: PictureRun
    found: Found
    made: Splice
    watch: Watch | None

    def encoded_joints(self, folder: Path) -> Path | None:
        """All joints, one after the other in one file, each beginning with an IDR; None without any."""
        joints = self.made.joints
        if not joints:
            return None
        out = folder / "joints.mp4"
        plan = msgspec.structs.replace(
            self.plan,
            runs=tuple(msgspec.structs.replace(self.run, spans=joint.spans) for joint in joints),
            key_frames=tuple(accumulate((joint.frames for joint in joints), initial=0))[:-1],
            parameter_set_id=self.found.gops.parameter_set_id,
            is_untagged=self.run.source.info.video is not None and is_untagged(self.run.source.info.video),
        )
        encode_picture(plan, out, work=folder, watch=self.watch)
        return out

    def write(self, joints: Path | None, out: Path) -> None:
        """All pieces as one track."""
        request = {
            **_track(self.run.source),
            "zero_ticks": self.found.zero_ticks,
            "lag_frames": self.found.lag_frames,
            "joints": None if joints is None else str(joints.absolute()),
            "pieces": [[p.first, p.end] if isinstance(p, Kept) else [p.frames] for p in self.made.pieces],
            "out": str(out.absolute()),
        }
        self._ask("splice", request, () if joints is None else (joints,), (out,))

    def prove(self, out: Path) -> None:
        """Raises EngineFailed when `out` does not show what it should."""
        request = {
            "source": {**_track(self.run.source), "zero_ticks": self.found.zero_ticks},
            "result": {"path": str(out.absolute()), "demuxer": "mov", "index": 0, "zero_ticks": 0},
            "frame_rate": str(self.plan.frame_rate),
            "kept": [[p.first, p.end, at] for at, p in self.made.placed() if isinstance(p, Kept)],
            "checks": list(_checks(self.made, self.found.gops, self.plan.frame_rate)),
        }
        wrong = json.loads(self._ask("spliced", request, (out,), ()))["wrong"]
        if wrong is not None:
            raise EngineFailed(reason=f"a splice does not hold ({wrong})")

    def _ask(
        self, program: str, request: dict[str, Any], beside: tuple[Path, ...], writes: tuple[Path, ...]
    ) -> bytes:
        path = self.run.source.path
        return answer_of(
            program, path, request, watch=self.watch, limits=_LIMITS, beside=beside, writes=writes
        )


def _checks(made: Splice, gops: Gops, frame_rate: Fraction) -> Iterator[list[int | bool]]:
    """What is decoded and compared, ascending: every joint, and both ends of every copied stretch."""
    near = int(_PROVEN_S * frame_rate)
    for at, piece in made.placed():
        if not isinstance(piece, Kept):
            inside = at
            for first, end in piece.spans:
                yield [first, end, gops.group_of(first), inside, at, False]
                inside += end - first
            continue
        shift = at - piece.first
        until = min(piece.first + near, piece.end)
        yield [piece.first, until, piece.first, at, at, True]
        last = max(piece.end - near, until)
        if last < piece.end:
            decode = gops.group_of(last)
            yield [last, piece.end, decode, last + shift, decode + shift, True]
