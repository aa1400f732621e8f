"""export, extract_audio: what kind of file comes out."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.base import Facts, Operation, Outcome
from saycut.operations.level import PLATFORM_LUFS
from saycut.timeline.project import LoudnessTarget, Output, Project
from saycut.timeline.value import but
from saycut.words import Words

PICTURE_FORMATS = ("mp4", "mov", "mkv", "webm")
SOUND_FORMATS = ("wav", "mp3", "m4a", "flac")

_SHORT_SIDES = {"480p": 480, "720p": 720, "1080p": 1080}


def _known(wanted: str, known: tuple[str, ...]) -> str:
    if wanted not in known:
        names = ", ".join(known)
        raise Impossible(
            reason=f"{wanted} files are not made here; these are: {names}.",
            reason_zh=f"不支持输出 {wanted}；可选：{names}。",
        )
    return wanted


class Export(Operation, frozen=True, kw_only=True):
    """The file's `format`, the picture's size (`resolution`, the short side), and the loudness that
    `platform` plays at. Everything that is left open is as DESIGN says (MP4, at most 1080)."""

    name: ClassVar[str] = "export"
    format: str | None = None
    resolution: str | None = None
    platform: str | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        output = project.output
        if self.format is not None:
            format_ = _known(self.format, (*PICTURE_FORMATS, *SOUND_FORMATS))
            output = but(output, format=format_, sound_only=format_ in SOUND_FORMATS)
        if self.resolution is not None:
            output = but(output, short_side=_SHORT_SIDES[_known(self.resolution, tuple(_SHORT_SIDES))])
        if self.platform in PLATFORM_LUFS and project.audible():
            project = but(project, target=LoudnessTarget(lufs=PLATFORM_LUFS[self.platform]))
        return Outcome(project=but(project, output=output))

    def describe(self) -> Words:
        format_ = (self.format or "mp4").upper()
        size = f", {self.resolution}" if self.resolution else ""
        where = f" for {self.platform}" if self.platform else ""
        return Words(f"Save as {format_}{size}{where}", f"导出为 {format_}{size}")


class ExtractAudio(Operation, frozen=True, kw_only=True):
    """The sound alone, as a file of `format`."""

    name: ClassVar[str] = "extract_audio"
    format: str = "mp3"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if not project.audible():
            raise Impossible(reason="The clip has no sound to extract.", reason_zh="视频没有声音可以提取。")
        output = Output(format=_known(self.format, SOUND_FORMATS), sound_only=True)
        return Outcome(project=but(project, output=output))

    def describe(self) -> Words:
        return Words(
            f"Save the sound alone as {self.format.upper()}", f"单独导出声音为 {self.format.upper()}"
        )
