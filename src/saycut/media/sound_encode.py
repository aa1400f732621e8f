"""Sound files from blocks; the suffix decides the format."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from saycut.errors import Usage
from saycut.media.ffmpeg import execute, file_operand, head, pcm_input_args
from saycut.pcm import RATE_HZ, Blocks
from saycut.watch import Watch

_AAC = ("-c:a", "aac", "-b:a", "192k")
_OPUS = ("-c:a", "libopus", "-b:a", "128k")
# 48 000 ticks a second, so that the edit list says to the sample where the sound begins and ends
_FORMATS: dict[str, Sequence[str]] = {
    ".m4a": (*_AAC, "-movflags", "+faststart", "-movie_timescale", "48000", "-f", "ipod"),
    ".aac": (*_AAC, "-f", "adts"),
    ".wav": ("-c:a", "pcm_s16le", "-rf64", "auto", "-f", "wav"),
    ".mp3": ("-c:a", "libmp3lame", "-b:a", "192k", "-f", "mp3"),
    ".flac": ("-c:a", "flac", "-sample_fmt", "s16", "-f", "flac"),
    ".opus": (*_OPUS, "-f", "opus"),
    ".ogg": (*_OPUS, "-f", "ogg"),
}
SOUND_SUFFIXES = tuple(_FORMATS)


def encode_sound_argv(
    out: Path, *, channels: int, rate_hz: int, bitrate_kbps: int | None, title: str | None
) -> list[str]:
    """The argv of `encode_sound`; its shape depends on nothing that a file or a person says."""
    suffix = out.suffix.lower()
    if suffix not in _FORMATS:
        raise Usage(reason=f"{suffix or 'no suffix'} is not one of {', '.join(SOUND_SUFFIXES)}")
    wanted = list(_FORMATS[suffix])
    if bitrate_kbps is not None and "-b:a" in wanted:
        wanted[wanted.index("-b:a") + 1] = f"{bitrate_kbps}k"
    if title:
        wanted += ["-metadata", f"title={title}"]
    return [*head(), *pcm_input_args(channels, rate_hz), "-map", "0:a:0", *wanted, file_operand(out)]


def encode_sound(
    blocks: Blocks,
    out: Path,
    *,
    channels: int = 2,
    rate_hz: int = RATE_HZ,
    bitrate_kbps: int | None = None,
    expected_s: Fraction | float | None = None,
    title: str | None = None,
    watch: Watch | None = None,
) -> None:
    """Encode float32 blocks (n, channels) into `out`.

    .m4a and .aac: AAC-LC 192 kb/s; .wav: 16-bit PCM, RF64 when over 4 GB; .mp3: LAME 192 kb/s;
    .flac: 16 bit; .opus and .ogg: Opus 128 kb/s. `bitrate_kbps` overrides. Raises as
    `ffmpeg.execute`, Usage for another suffix.
    """
    argv = encode_sound_argv(out, channels=channels, rate_hz=rate_hz, bitrate_kbps=bitrate_kbps, title=title)
    execute(argv, expected_s=expected_s, stage="encode sound", watch=watch, sound=blocks, writes=[out])
