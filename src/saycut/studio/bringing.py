"""Files brought to a timeline that is there already: what they mean is as if they had come at once."""

from collections.abc import Sequence

from saycut.studio.opening import laid_out
from saycut.timeline.project import Asset, Project, Segment
from saycut.timeline.value import but


def with_files(project: Project, brought: Sequence[Asset]) -> Project:
    """`project` with files after those it has: pictures as clips at its end, sound beside it.

    A timeline nobody has edited yet is laid out anew (sound alone is the timeline until a picture comes).
    """
    assets = (*project.assets, *brought)
    if project == laid_out(project.assets):
        return laid_out(assets)
    if project.main is None:
        return laid_out(assets)
    clips = [asset for asset in brought if asset.kind != "audio"]
    segments = list(project.main.segments)
    for clip in clips:
        at_s = segments[-1].end_s if segments else project.duration_s
        number = max((segment.clip for segment in segments), default=-1) + 1
        segments.append(
            Segment(asset_id=clip.id, at_s=at_s, start_s=0 * at_s, duration_s=clip.duration_s, clip=number)
        )
    longer = but(project, assets=assets)
    return longer.with_track(but(project.main, segments=tuple(segments)))
