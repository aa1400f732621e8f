"""Files under handles: a model never sees a file's name, so no name can talk to it.

"replace the sound with voice.wav" is sent as "replace the sound with file_2"; what comes back is put
under its name again. A name a model makes up is no file of anybody's.
"""

import re

import msgspec

from saycut.language.context import Context

_HANDLE = re.compile(r"file_(\d+)$")


class Handles(msgspec.Struct, frozen=True):
    """The names of the files at hand, in their order; the first is `file_1`."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, context: Context) -> "Handles":
        """The handles of the files of `context`."""
        return cls(tuple(file.name for file in context.files))

    def hidden(self, text: str) -> str:
        """`text` with every name of a file as its handle."""
        for name in sorted(self.names, key=len, reverse=True):
            handle = f"file_{self.names.index(name) + 1}"
            whole = rf"(?<![a-z0-9_]){re.escape(name)}(?![a-z0-9_])"
            text = re.sub(whole, handle, text, flags=re.IGNORECASE) if name.strip() else text
        return text

    def shown(self, handle: str) -> str | None:
        """The name of the file under `handle`, None when there is no such file."""
        found = _HANDLE.match(handle)
        place = int(found[1]) if found else 0
        return self.names[place - 1] if 1 <= place <= len(self.names) else None
