"""export, extract_audio: what kind of file comes out."""

from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import msgspec

from saycut.errors import Impossible
from saycut.operations.base import Facts, Operation, Outcome
from saycut.operations.canvas import SHORT_SIDE, enlarged, largest, short_side
from saycut.operations.level import PLATFORM_LUFS
from saycut.operations.platforms import PRESETS, name_of
from saycut.operations.when import When, span, span_text, whole
from saycut.timeline.clock import Seconds, seconds
from saycut.timeline.project import LoudnessTarget, Output, Project
from saycut.timeline.ripple import without
from saycut.timeline.spans import complement
from saycut.timeline.value import but
from saycut.words import Words

PICTURE_FORMATS = ("mp4", "mov", "mkv", "webm", "gif")
SOUND_FORMATS = ("wav", "mp3", "m4a", "flac", "ogg")
_LOSSLESS = ("wav", "flac")
_MEGABYTE = 1_000_000  # the smaller of the two meanings: a limit holds in both

Fps = Annotated[float, msgspec.Meta(ge=1, le=120)]
Kbps = Annotated[int, msgspec.Meta(ge=16, le=512)]
Megabytes = Annotated[float, msgspec.Meta(gt=0)]


def _known(wanted: str, known: tuple[str, ...]) -> str:
    if wanted not in known:
        names = ", ".join(known)
        raise Impossible(
            reason=f"{wanted} files are not made here; these are: {names}.",
            reason_zh=f"不支持输出 {wanted}；可选：{names}。",
        )
    return wanted


class Export(Operation, frozen=True, kw_only=True):
    """The file: its `format`, the picture's `resolution` (the short side), `fps` and `quality`, the sound's
    `channels` and `audio_bitrate_kbps`, the most it may weigh (`max_size_mb`, millions of bytes), and what
    `platform` takes. Everything that is left open is as DESIGN says (MP4, at most 1080)."""

    name: ClassVar[str] = "export"
    format: str | None = None
    resolution: str | None = None
    platform: str | None = None
    max_size_mb: Megabytes | None = None
    fps: Fps | None = None
    quality: Literal["small", "high"] | None = None
    channels: Literal[1, 2] | None = None
    audio_bitrate_kbps: Kbps | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        notes: tuple[Words, ...] = ()
        if self.platform is not None:
            project, notes = for_platform(project, self.platform)
        project = but(project, output=self._output(project))
        if self.resolution is not None and project.has_picture:
            notes = (*notes, *enlarged(project))
        return Outcome(project=project, notes=notes)

    def _output(self, project: Project) -> Output:
        output = project.output
        if self.format is not None:
            format_ = _known(self.format, (*PICTURE_FORMATS, *SOUND_FORMATS))
            output = but(output, format=format_, sound_only=format_ in SOUND_FORMATS)
        if self.resolution is not None:
            output = but(output, short_side=short_side(self.resolution), width=None, height=None)
        if self.fps is not None:
            output = but(output, frame_rate=_rate(self.fps))
        if self.max_size_mb is not None:
            output = but(output, max_size_bytes=int(self.max_size_mb * _MEGABYTE))
        return but(
            output,
            quality=self.quality or output.quality,
            channels=self.channels or output.channels,
            audio_bitrate_kbps=self.audio_bitrate_kbps or output.audio_bitrate_kbps,
        )

    def describe(self) -> Words:
        en, zh = [f"Save as {(self.format or 'mp4').upper()}"], [f"导出为 {(self.format or 'mp4').upper()}"]
        if self.resolution:
            en, zh = [*en, self.resolution], [*zh, self.resolution]
        if self.fps:
            en, zh = [*en, f"{self.fps:g} frames a second"], [*zh, f"每秒 {self.fps:g} 帧"]
        if self.quality:
            told = {"small": ("a smaller file", "压缩体积"), "high": ("high quality", "高画质")}[self.quality]
            en, zh = [*en, told[0]], [*zh, told[1]]
        if self.max_size_mb:
            en, zh = [*en, f"at most {self.max_size_mb:g} MB"], [*zh, f"不超过 {self.max_size_mb:g} MB"]
        if self.channels:
            en, zh = [*en, "mono" if self.channels == 1 else "stereo"], [*zh, f"{self.channels} 声道"]
        if self.audio_bitrate_kbps:
            en, zh = (
                [*en, f"sound {self.audio_bitrate_kbps} kb/s"],
                [*zh, f"音频 {self.audio_bitrate_kbps} kb/s"],
            )
        where = f" for {self.platform}" if self.platform else ""
        where_zh = f"（{self.platform}）" if self.platform else ""
        return Words(", ".join(en) + where, "，".join(zh) + where_zh)


def for_platform(project: Project, platform: str) -> tuple[Project, tuple[Words, ...]]:
    """The loudness that `platform` plays at, its largest picture and its highest frame rate."""
    if platform in PLATFORM_LUFS and project.audible():
        project = but(project, target=LoudnessTarget(lufs=PLATFORM_LUFS[platform]))
    preset = PRESETS.get(platform)
    if preset is None or not project.has_picture:
        return project, ()
    wide, high = largest(project)
    output = project.output
    if output.short_side is None and output.width is None and output.height is None:
        kept = min(wide, high, preset.most_short_side)
        output = but(output, short_side=kept if kept > SHORT_SIDE else None)
    if project.frame_rate is not None and project.frame_rate > preset.most_fps:
        output = but(output, frame_rate=preset.most_fps)
    notes: tuple[Words, ...] = ()
    if preset.upright and wide > high and output.aspect is None and output.width is None:
        name = name_of(platform)
        notes = (
            Words(
                f"{name.en} shows upright video; say “make it vertical” to fill its screen.",
                f"{name.zh} 以竖屏显示；可以说“改成竖屏”来铺满屏幕。",
            ),
        )
    return but(project, output=output), notes


def _rate(fps: float) -> Fraction:
    """The exact rate that people mean: 29.97 is 30000/1001."""
    for whole_fps in (24, 30, 48, 60, 120):
        if abs(fps - whole_fps * 1000 / 1001) < 0.006:
            return Fraction(whole_fps * 1000, 1001)
    return Fraction(seconds(fps)).limit_denominator(1000)


class ExtractAudio(Operation, frozen=True, kw_only=True):
    """The sound alone, from `start` to `end`, as a file of `format`."""

    name: ClassVar[str] = "extract_audio"
    format: str = "mp3"
    start: When = 0
    end: When = "end"
    bitrate_kbps: Kbps | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if not project.audible():
            raise Impossible(reason="The clip has no sound to extract.", reason_zh="视频没有声音可以提取。")
        format_ = _known(self.format, SOUND_FORMATS)
        notes: tuple[Words, ...] = ()
        if self.bitrate_kbps is not None and format_ in _LOSSLESS:
            notes = (
                Words(
                    f"{format_.upper()} has no bit rate to choose.", f"{format_.upper()} 格式无需选择码率。"
                ),
            )
        output = Output(format=format_, sound_only=True, audio_bitrate_kbps=self.bitrate_kbps)
        if not whole(self.start, self.end):
            first, last = span(self.start, self.end, project.duration_s, project.grid_hz)
            project = without(project, complement(((first, last),), Seconds(0), project.duration_s))
        return Outcome(project=but(project, output=output), notes=notes)

    def describe(self) -> Words:
        format_ = self.format.upper()
        en, zh = span_text(self.start, self.end)
        rate = f", {self.bitrate_kbps} kb/s" if self.bitrate_kbps else ""
        rate_zh = f"，{self.bitrate_kbps} kb/s" if self.bitrate_kbps else ""
        return Words(f"Save the sound alone{en} as {format_}{rate}", f"单独导出声音{zh}为 {format_}{rate_zh}")
