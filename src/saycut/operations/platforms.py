"""What platforms ask of a file: data, from their upload pages; loudness: `level.PLATFORM_LUFS`.

Lengths and sizes are those for everybody in 2025: Shorts and Reels take three minutes, TikTok an hour, X
140 s and 512 MB without a subscription. They move, so nothing is refused for them.
"""

from fractions import Fraction

import msgspec

from saycut.words import Words


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """The most that a platform keeps: larger pictures and higher rates are thrown away after the upload.

    `upright` platforms show 9:16 full screen. `most_s` and `most_bytes` are what one upload may be.
    """

    most_short_side: int = 1080
    most_fps: Fraction = Fraction(60)
    upright: bool = False
    most_s: int | None = None
    most_bytes: int | None = None


PRESETS: dict[str, Preset] = {
    "youtube": Preset(most_short_side=2160),
    "youtube_shorts": Preset(upright=True, most_s=180),
    "tiktok": Preset(upright=True, most_s=3600),
    "douyin": Preset(upright=True),
    "instagram": Preset(most_fps=Fraction(30)),
    "instagram_reels": Preset(most_fps=Fraction(30), upright=True, most_s=180),
    "x": Preset(most_s=140, most_bytes=512_000_000),
    "facebook": Preset(most_fps=Fraction(30)),
    "bilibili": Preset(most_short_side=2160),
    "xiaohongshu": Preset(upright=True),
    "spotify": Preset(),
    "podcast": Preset(),
    "broadcast": Preset(most_fps=Fraction(50)),
    "web": Preset(most_fps=Fraction(30)),
}

_NAMES: dict[str, Words] = {
    "youtube": Words("YouTube", "YouTube"),
    "youtube_shorts": Words("YouTube Shorts", "YouTube Shorts"),
    "tiktok": Words("TikTok", "TikTok"),
    "douyin": Words("Douyin", "抖音"),
    "instagram": Words("Instagram", "Instagram"),
    "instagram_reels": Words("Instagram Reels", "Instagram Reels"),
    "x": Words("X", "X"),
    "facebook": Words("Facebook", "Facebook"),
    "bilibili": Words("Bilibili", "哔哩哔哩"),
    "xiaohongshu": Words("Xiaohongshu", "小红书"),
}


def name_of(platform: str) -> Words:
    """How people write it."""
    return _NAMES.get(platform, Words(platform, platform))
