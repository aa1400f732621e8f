"""What a file is, by its name alone: the suffix and the words in it."""

from functools import cache

from saycut.language import data


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    return {kind: tuple(words) for kind, words in data.table("names.toml")["file_kinds"].items()}


def file_kind(name: str) -> str:
    """ "music" (bgm, song …), "audio", "image" or "video" (also for a suffix that is not known)."""
    stem, _, suffix = name.lower().rpartition(".")
    if suffix in _kinds()["audio_suffixes"]:
        return "music" if any(word in stem for word in _kinds()["music"]) else "audio"
    return "image" if suffix in _kinds()["image_suffixes"] else "video"


def sound_role(name: str) -> str | None:
    """The role a sound's name tells: "sfx", "voiceover", or None."""
    stem = name.lower().rpartition(".")[0]
    for kind, role in (("sfx", "sfx"), ("recording", "voiceover")):
        if any(word in stem for word in _kinds()[kind]):
            return role
    return None


def tells(name: str, kind: str) -> bool:
    """Whether a word of `kind` ("music", "recording" …) is in the name."""
    return any(word in name.lower() for word in _kinds()[kind])
