"""What platforms ask of a file: data, from their upload pages; loudness: `level.PLATFORM_LUFS`."""

from fractions import Fraction

import msgspec


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """The most that a platform keeps: larger pictures and higher rates are thrown away after the upload.

    `upright` platforms show 9:16 full screen.
    """

    most_short_side: int = 1080
    most_fps: Fraction = Fraction(60)
    upright: bool = False


PRESETS: dict[str, Preset] = {
    "youtube": Preset(most_short_side=2160),
    "youtube_shorts": Preset(upright=True),
    "tiktok": Preset(upright=True),
    "douyin": Preset(upright=True),
    "instagram": Preset(most_fps=Fraction(30)),
    "instagram_reels": Preset(most_fps=Fraction(30), upright=True),
    "x": Preset(),
    "facebook": Preset(most_fps=Fraction(30)),
    "bilibili": Preset(most_short_side=2160),
    "xiaohongshu": Preset(upright=True),
    "spotify": Preset(),
    "podcast": Preset(),
    "broadcast": Preset(most_fps=Fraction(50)),
    "web": Preset(most_fps=Fraction(30)),
}
