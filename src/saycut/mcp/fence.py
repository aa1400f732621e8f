"""The folders that an agent may use: what is read and written lies in one of them, however it is named."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from saycut.errors import NotFound, SaycutError, Usage

_MOST_NAMES = 1000


class OutsideRoots(SaycutError):
    """A path that leads out of the folders, or what is no plain file. Facts: name."""

    code = "outside_roots"
    http_status = 403
    exit_code = 4
    sentence_en = "“{name}” lies outside of the folders that may be used here."
    sentence_zh = "“{name}”不在允许使用的文件夹内。"
    hint_en = "Name a file inside one of the root folders."
    hint_zh = "请指定根文件夹内的文件。"


class Fence:
    """Root folders; relative names begin at the first. Links and `..` are followed before a judgement."""

    def __init__(self, roots: Sequence[Path]) -> None:
        """Raises NotFound for a root that is no folder."""
        for root in roots:
            if not root.is_dir():
                raise NotFound(name=str(root))
        self._roots = tuple(Path(os.path.realpath(root)) for root in roots)
        self._allowed: tuple[Path, ...] | None = None

    def narrowed(self, uris: Sequence[str] | None) -> "Fence":
        """The same within the folders that a client shows. One that shows none, or has none open (an empty
        list), says nothing about them: then nothing changes."""
        if not uris:
            return self
        made = Fence(self._roots)
        made._allowed = tuple(Path(os.path.realpath(path)) for path in map(_path_of, uris) if path)
        return made

    @contextmanager
    def reading(self, name: str) -> Iterator[tuple[Path, BinaryIO]]:
        """That file, opened: where it lies, and its bytes. Raises OutsideRoots, NotFound."""
        path = self._within(name)
        try:
            # No link is followed any more, and what is no file does not hold us up.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            raise NotFound(name=name) from None
        except OSError:
            raise OutsideRoots(name=name) from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OutsideRoots(name=name)
        with os.fdopen(handle, "rb") as file:
            yield path, file

    def free_names(self, name: str) -> Iterator[Path]:
        """Where a result of that name may lie; then with a number. Raises OutsideRoots, NotFound, Usage."""
        first = self._within(name)
        if not first.parent.is_dir():
            raise NotFound(name=str(Path(name).parent))
        yield first
        for number in range(2, _MOST_NAMES):
            yield first.with_stem(f"{first.stem}-{number}")
        raise Usage(reason=f"There are too many files called {first.name}.")

    def shown(self, path: Path) -> str:
        """A path inside, as it is told: from its root on."""
        root = next(root for root in self._roots if path.is_relative_to(root))
        return str(path.relative_to(root))

    def _within(self, name: str) -> Path:
        if not name.isprintable():  # NUL, and halves of characters: no name that a person gave
            raise OutsideRoots(name="".join(each for each in name if each.isprintable()))
        path = Path(os.path.realpath(self._roots[0] / name))
        inside = any(path.is_relative_to(root) for root in self._roots)
        seen = self._allowed is None or any(path.is_relative_to(root) for root in self._allowed)
        if not (inside and seen):
            raise OutsideRoots(name=name)
        return path


def _path_of(uri: str) -> str | None:
    """The folder of a file address; None for any other."""
    parts = urlsplit(uri)
    return unquote(parts.path) if parts.scheme == "file" and parts.netloc in ("", "localhost") else None
