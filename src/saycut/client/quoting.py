"""Words that are quoted, and names of files: they are content, and never orders to the client."""

import re

# A mark of this range stands for what was taken out; no text that people write has them.
_FIRST, _MOST = 0xE000, 1000
_MARKS = "".join(chr(_FIRST + n) for n in range(_MOST))
MARK = f"[{_MARKS[0]}-{_MARKS[-1]}]"

_QUOTED = re.compile(
    "“[^”]*”|「[^」]*」|『[^』]*』|《[^》]*》|„[^“”]*[“”]|«[^»]*»|\"[^\"\n]*\"|(?<!\\w)'[^'\n]*'(?!\\w)|‘[^’\n]*’(?!\\w)"
)
_SUFFIXES = "mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac|flac|ogg|opus|txt|srt|pdf"
_FILES = re.compile(rf"https?://\S+|[^\s,;，；“”\"'（）()、。]+\.(?:{_SUFFIXES})\b", re.IGNORECASE)
_NAME = re.compile(rf"[^\n/]+\.(?:{_SUFFIXES})", re.IGNORECASE)  # in quotes, so it may have spaces


class Masked:
    """A text whose quotes and file names are marks of one letter each."""

    def __init__(self, text: str) -> None:
        self._taken: list[str] = []
        clean = re.sub(MARK, "", text)
        self.text = _FILES.sub(self._take, _QUOTED.sub(self._take, clean))

    def restored(self, text: str) -> str:
        """`text`, or a part of it, with everything in its place."""
        while re.search(MARK, text):
            text = re.sub(MARK, lambda m: self._taken[ord(m.group()) - _FIRST], text)
        return text

    @property
    def files(self) -> list[str]:
        """The names and links that were taken out; of quoted words those that look like one."""
        told = (one.strip("“”\"'「」‘’") for one in self._taken)
        return [one for one in told if _FILES.fullmatch(one) or _NAME.fullmatch(one)]

    def _take(self, found: re.Match[str]) -> str:
        if len(self._taken) >= _MOST:
            return found.group()
        self._taken.append(found.group())
        return chr(_FIRST + len(self._taken) - 1)
