"""How pictures are compressed, by the suffix of the file they go into."""

from fractions import Fraction

import msgspec

from saycut.errors import Usage
from saycut.media.encoders import HARDWARE, Encoder, Hardware, hardware_args
from saycut.media.processor import has_avx512

SUFFIXES = (".mp4", ".mov", ".mkv", ".webm")
_KEY_FRAME_S = 2  # what platforms ask for; also how finely a player can seek
_STILL_KEY_FRAME_S = 10  # in pictures that hardly move, key frames are nearly all of the file
# Where nearly every block is skipped, searching for better ones only costs time: 170 frames of 1080p per CPU
# second against 75 with veryfast, for 0.4 Mb/s.
_STILL_PRESET = ("-preset", "ultrafast", "-tune", "stillimage")
_STILL_PARAMS = "cabac=1:8x8dct=1"
# The macroblock tree of this libx264 reads memory that nobody wrote in an AVX-512 routine: with other garbage
# there (MALLOC_PERTURB_) 21 of 72 encodes of the same frames differed, without AVX-512 none of 104, and they
# were what the others usually are. Who has AVX-512 has all of these; elsewhere x264 is left to itself, for it
# takes the list at its word.
_WITHOUT_AVX512 = "asm=MMX2,SSE,SSE2Fast,LZCNT,SSSE3,SSE4.2,AVX,FMA3,BMI2,AVX2"
_VP9_CRF_OFFSET = 11
# "Unspecified" in all three (ITU-T H.273).
_UNTAGGED = "h264_metadata=colour_primaries=2:transfer_characteristics=2:matrix_coefficients=2"
_VP9_SPEED = ("-deadline", "good", "-cpu-used", "5")


class Encoding(msgspec.Struct, frozen=True):
    """How the frames of a graph become a file. `still` suits pictures that hardly move.

    `bitrate_kbps` is the most it may take, over any second or so; what needs less takes less. `key_frames`,
    `parameter_set_id` and `is_untagged` as in `PicturePlan`; only H.264 knows them.
    """

    frames: int
    frame_rate: Fraction
    crf: int = 20
    preset: str = "veryfast"
    still: bool = False
    bitrate_kbps: int | None = None
    key_frames: tuple[int, ...] = ()
    parameter_set_id: int = 0
    is_untagged: bool = False
    encoder: Encoder = "x264"

    @property
    def hardware(self) -> Hardware | None:
        """The chip that encodes; none where what is asked for is more than all chips do alike."""
        plain = not (self.still or self.bitrate_kbps or self.key_frames)
        return HARDWARE.get(self.encoder) if plain else None


def codec_args(encoding: Encoding, suffix: str, vp9: bool = False) -> list[str]:
    """The codec for a file of that suffix (VP9 for .webm or where `vp9` says so). Raises Usage for others."""
    key_frame_s = _STILL_KEY_FRAME_S if encoding.still else _KEY_FRAME_S
    key_frame = str(max(round(key_frame_s * encoding.frame_rate), 1))
    if checked(suffix) == ".webm" or vp9:
        return ["-c:v", "libvpx-vp9", *_vp9_rate(encoding), *_VP9_SPEED, "-row-mt", "1", "-g", key_frame]
    if encoding.hardware is not None:
        return hardware_args(encoding.encoder, encoding.crf, int(key_frame))
    preset = _STILL_PRESET if encoding.still else ("-preset", encoding.preset)
    how = [*preset, *_x264_rate(encoding), *_x264_params(encoding)]
    return ["-c:v", "libx264", *how, "-profile:v", "high", "-g", key_frame, *_apart(encoding)]


def _x264_params(encoding: Encoding) -> list[str]:
    """All in one: a second list would take the place of the first."""
    params = [_STILL_PARAMS] if encoding.still else []
    if encoding.key_frames:
        params.append(f"sps-id={encoding.parameter_set_id}")
    if has_avx512():
        params.append(_WITHOUT_AVX512)
    return ["-x264-params", ":".join(params)] if params else []


def _apart(encoding: Encoding) -> list[str]:
    """What lets parts of a picture stand beside parts of another. A frame is named by a time before it."""
    if not encoding.key_frames:
        return []
    times = (max(frame - Fraction(1, 4), Fraction(0)) / encoding.frame_rate for frame in encoding.key_frames)
    forced = ",".join(f"{float(time):.6f}" for time in times)
    unsaid = ["-bsf:v", _UNTAGGED] if encoding.is_untagged else []
    return ["-force_key_frames", forced, "-forced-idr", "1", *unsaid]


def muxer_args(suffix: str) -> list[str]:
    """The container of that suffix."""
    if checked(suffix) == ".webm":
        return ["-f", "webm"]
    if suffix == ".mkv":
        return ["-f", "matroska"]
    return ["-movflags", "+faststart", "-movie_timescale", "48000", "-f", suffix.removeprefix(".")]


def checked(suffix: str) -> str:
    """`suffix` when pictures can go into such a file. Raises Usage."""
    if suffix not in SUFFIXES:
        raise Usage(reason=f"{suffix or 'no suffix'} is not one of {', '.join(SUFFIXES)}")
    return suffix


def _x264_rate(encoding: Encoding) -> list[str]:
    rate = encoding.bitrate_kbps
    held = ["-maxrate", f"{rate}k", "-bufsize", f"{rate}k"] if rate is not None else []
    return ["-crf", str(encoding.crf), *held]


def _vp9_rate(encoding: Encoding) -> list[str]:
    rate = encoding.bitrate_kbps
    held = f"{rate}k" if rate is not None else "0"
    return ["-crf", str(encoding.crf + _VP9_CRF_OFFSET), "-b:v", held]
