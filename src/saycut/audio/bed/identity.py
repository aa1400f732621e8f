"""What a bed is called and what a manifest says about it."""

import zlib
from functools import cache
from importlib.resources import files

import msgspec

from saycut.audio.bed.draw import dice, pick
from saycut.audio.bed.moods import mood_named
from saycut.audio.bed.spec import GENERATOR_VERSION, BedSpec

_TITLE_PLACE = 10
AUTHOR = "Saycut bed generator"
SOURCE = "generated on this machine"
LICENCE = "CC0-1.0"
LICENCE_TEXT = (
    "This piece was composed and synthesised by a program from a seed, without samples or melodies of "
    "others, and is dedicated to the public domain under CC0 1.0: anyone may use it for anything, uncredited."
)


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first: tuple[str, ...]
    second: tuple[str, ...]


def title(spec: BedSpec) -> str:
    """A name for the piece, from its mood and seed ("Slow Harbour No. 412"). Raises NotFound (mood)."""
    mood_named(spec.mood)
    words = _words()[spec.mood]
    rng = dice(spec.seed, _TITLE_PLACE, zlib.crc32(spec.mood.encode()))
    return f"{pick(rng, words.first)} {pick(rng, words.second)} No. {int(rng.integers(2, 1000))}"


def credit(spec: BedSpec) -> dict[str, str | int]:
    """The manifest entry of the piece; the caller adds the SHA-256 of what was rendered."""
    return {
        "title": title(spec),
        "author": AUTHOR,
        "source": SOURCE,
        "licence": LICENCE,
        "licence_text": LICENCE_TEXT,
        "mood": spec.mood,
        "seed": spec.seed,
        "generator_version": GENERATOR_VERSION,
    }


@cache
def _words() -> dict[str, _Words]:
    raw = files("saycut.audio.bed").joinpath("titles.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, _Words])
