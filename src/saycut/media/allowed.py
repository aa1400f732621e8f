"""What may be parsed and decoded at all. Few codecs: every decoder is code that meets hostile bytes."""

MOST_PIXELS = 50_000_000  # 8K is 33 million
MOST_STREAMS = 32
MOST_CHANNELS = 16
MOST_DURATION_S = 24 * 3600

VIDEO_CODECS = frozenset(
    (
        *("h264", "hevc", "av1", "vp8", "vp9", "mpeg4", "msmpeg4v2", "msmpeg4v3", "h263"),
        *("mpeg1video", "mpeg2video", "mjpeg", "prores", "dnxhd", "dvvideo", "theora", "png"),
    )
)
AUDIO_CODECS = frozenset(
    (
        *("aac", "mp3", "mp2", "ac3", "eac3", "opus", "vorbis", "flac", "alac", "speex"),
        *("amr_nb", "amr_wb", "adpcm_ima_wav", "adpcm_ima_qt", "adpcm_ms", "gsm_ms"),
        *("pcm_u8", "pcm_s8", "pcm_alaw", "pcm_mulaw", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
        *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be"),
    )
)
# Some decoders do not bear their codec's name.
_DECODERS = frozenset(
    (
        *("libdav1d", "libaom-av1", "libvpx", "libvpx-vp9", "libopus", "libspeex"),
        *("mp3float", "mp2float", "ac3_fixed", "amrnb", "amrwb"),
    )
)


def decoder_whitelist() -> str:
    """FFmpeg's `codec_whitelist`: the decoders that probing and decoding may start."""
    return ",".join(sorted(VIDEO_CODECS | AUDIO_CODECS | _DECODERS))
