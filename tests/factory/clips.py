"""The named clips: one for every kind of input that creators bring."""

from fractions import Fraction

from tests.factory.spec import Broken, Clip, Picture, Sound, Still, ticks_from

# 1/90000 s ticks: between 11 and 83 ms, no common rate, the sum of one pattern is no whole frame count
VFR_GAPS = (3000, 1500, 4500, 3003, 999, 7500, 2997, 3000, 2250, 3751)
SPOKEN = ((0.5, 1.4), (2.6, 3.3), (3.5, 4.25), (6.0, 7.2))  # pauses of 0.5, 1.2, 0.2, 1.75 and 0.8 s

_RATES = {
    "cfr30": Clip(),
    "cfr25": Clip(picture=Picture(rate=Fraction(25), frames=75)),
    "cfr60": Clip(picture=Picture(rate=Fraction(60), frames=150, gop=60)),
    "cfr23976": Clip(picture=Picture(rate=Fraction(24000, 1001), frames=72, gop=24)),
    "vfr": Clip(picture=Picture(ticks=ticks_from(VFR_GAPS, 90), frames=90)),
    "vfr_mkv": Clip(
        "mkv",
        Picture(
            ticks=ticks_from((33, 17, 50, 34, 83), 90), time_base=Fraction(1, 1000), frames=90, b_frames=2
        ),
    ),
}
_PICTURES = {
    "b_frames": Clip(picture=Picture(b_frames=3)),
    "open_gop": Clip(picture=Picture(b_frames=2, open_gop=True, gop=15)),
    "closed_gop": Clip(picture=Picture(b_frames=2, gop=15)),
    "long_gop": Clip(picture=Picture(frames=300, gop=250, b_frames=2)),
    "rotated90": Clip(picture=Picture(rotation=90)),
    "rotated180": Clip(picture=Picture(rotation=180)),
    "rotated270": Clip(picture=Picture(rotation=270)),
    "portrait": Clip(picture=Picture(width=180, height=320)),
    "square": Clip(picture=Picture(width=240, height=240)),
    "hd": Clip(picture=Picture(width=1920, height=1080, frames=30)),
    "yuv444": Clip(picture=Picture(pix_fmt="yuv444p")),
    "odd_size": Clip(picture=Picture(width=161, height=91, pix_fmt="yuv444p")),
    "full_range": Clip(picture=Picture(full_range=True)),
    "ten_bit_h264": Clip(picture=Picture(pix_fmt="yuv420p10le")),
    "ten_bit_hevc": Clip("mov", Picture(codec="libx265", pix_fmt="yuv420p10le")),
    "hdr": Clip("mov", Picture(codec="libx265", pix_fmt="yuv420p10le", hdr=True)),
    "interlaced": Clip(picture=Picture(interlaced=True)),
}
_TIMES = {
    "edit_list": Clip(picture=Picture(hidden=12, b_frames=2, frames=102)),
    "edit_list_mov": Clip("mov", Picture(hidden=7, frames=97, rotation=90)),
    "offset_ts": Clip("ts", Picture(b_frames=2), start_s=Fraction(10)),
    "offset_mp4": Clip(start_s=Fraction(10)),
    "offset_mkv": Clip("mkv", start_s=Fraction(10)),
    "sound_late": Clip(sounds=(Sound(start_s=Fraction(1, 4)),)),
    "sound_early": Clip(sounds=(Sound(start_s=Fraction(-1, 5)),)),
    "sound_late_mkv": Clip("mkv", sounds=(Sound(start_s=Fraction(1, 4)),)),
    "sound_early_ts": Clip("ts", sounds=(Sound(start_s=Fraction(-1, 5)),), start_s=Fraction(10)),
    "sound_short": Clip(sounds=(Sound(length_s=Fraction(2)),)),
    "sound_long": Clip(sounds=(Sound(length_s=Fraction(7, 2)),)),
}
_SOUNDS = {
    "no_sound": Clip(sounds=()),
    "mono16k": Clip(sounds=(Sound(rate_hz=16_000, channels=1, bit_rate=64_000),)),
    "sound44k": Clip(sounds=(Sound(rate_hz=44_100),)),
    "surround": Clip(sounds=(Sound(channels=6, bit_rate=384_000),)),
    "two_sounds": Clip(sounds=(Sound(), Sound(source=1, channels=1, bit_rate=96_000))),
    "tones": Clip(sounds=(Sound(kind="tones"),)),
    "clicks": Clip(sounds=(Sound(kind="clicks"),)),
    "silent": Clip(sounds=(Sound(kind="silence"),)),
    "speech": Clip(picture=Picture(frames=330), sounds=(Sound(kind="speech", channels=1),)),
    "pauses": Clip(picture=Picture(frames=240), sounds=(Sound(kind="bursts", spoken=SPOKEN),)),
}
_CONTAINERS = {
    "mov": Clip("mov", sounds=(Sound("pcm_s16le"),)),
    "mkv_opus": Clip("mkv", sounds=(Sound("libopus"),)),
    "mkv_live": Clip("mkv", sounds=(Sound("libopus"),), muxer=(("live", "1"),)),
    "av1": Clip(picture=Picture("libsvtav1")),
    "webm": Clip("webm", Picture("libvpx-vp9"), (Sound("libopus"),)),
    "avi_mp3": Clip("avi", Picture("mpeg4"), (Sound("libmp3lame"),), lag_s=Fraction(1105, 48_000)),
    "avi_mjpeg": Clip("avi", Picture("mjpeg", pix_fmt="yuvj420p", full_range=True), (Sound("pcm_s16le"),)),
    "fragmented": Clip(muxer=(("movflags", "frag_keyframe+delay_moov+default_base_moof"),)),
    "faststart": Clip(muxer=(("movflags", "+faststart"),)),
}
_SOUND_ALONE = {
    "wav": Clip("wav", None, (Sound("pcm_s16le"),)),
    "wav24": Clip("wav", None, (Sound("pcm_s24le", rate_hz=44_100, channels=1),)),
    "mp3": Clip("mp3", None, (Sound("libmp3lame"),)),
    "m4a": Clip("m4a", None),
    "aac": Clip("adts", None, lag_s=Fraction(1024, 48_000)),
    "flac": Clip("flac", None, (Sound("flac"),)),
    "ogg": Clip("ogg", None, (Sound("vorbis"),)),
    "opus": Clip("ogg", None, (Sound("libopus", channels=1, bit_rate=96_000),)),
}

_EXTRAS = {
    "subtitled": Clip(subtitle=True),
    "subtitled_mkv": Clip("mkv", subtitle=True),
    "covered": Clip(cover=True),
    "timecoded": Clip("mov", timecode=True),
    "m4a_cover": Clip("m4a", None, cover=True),
    "mp3_cover": Clip("mp3", None, (Sound("libmp3lame"),), cover=True),
}

CLIPS: dict[str, Clip] = {
    **_RATES,
    **_PICTURES,
    **_TIMES,
    **_SOUNDS,
    **_CONTAINERS,
    **_SOUND_ALONE,
    **_EXTRAS,
}

STILLS: dict[str, Still] = {
    "png": Still(),
    "jpg": Still("jpg"),
    "webp": Still("webp"),
    "gif": Still("gif"),
    "gif_moving": Still("gif", frames=8),
    "jpg_portrait": Still("jpg", width=180, height=320),
    "png_transparent": Still("png", transparent=True),
    "png_odd": Still("png", width=161, height=91),
    **{f"jpg_exif{value}": Still("jpg", orientation=value) for value in range(2, 9)},
    "webp_exif6": Still("webp", orientation=6),
    "png_exif8": Still("png", orientation=8),
}

BROKEN: dict[str, Broken] = {
    "empty": Broken("empty"),
    "header": Broken("header"),
    "text": Broken("text"),
    "noise": Broken("noise"),
    "zeros": Broken("zeros"),
    "playlist": Broken("playlist"),
    "no_index": Broken("no_index"),
    "truncated": Broken("truncated"),
    "damaged": Broken("damaged"),
}
