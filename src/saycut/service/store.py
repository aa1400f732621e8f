"""The store: media and results by the hash of their content, in a folder or in an S3-compatible bucket.

What a client sent is acknowledged only when it lies here whole: written under a temporary name, hashed on
the way, then published under its hash; the same content twice is one object.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import msgspec
import obstore
from obstore.store import LocalStore, ObjectStore, S3Store, from_url

from saycut.errors import LimitExceeded, NotFound

_BLOCK_BYTES = 1 << 20
_NAME_BYTES = 180
_PARTS = "parts"


class Stored(msgspec.Struct, frozen=True):
    """One object: its name is its content."""

    sha256: str
    size_bytes: int


def key_of(sha256: str) -> str:
    """Where an object lies."""
    return f"objects/{sha256[:2]}/{sha256}"


def _part_key(render: str, number: int) -> str:
    return f"{_PARTS}/{render}/{number}.mp4"


def on_disk(name: str) -> str:
    """`name` as short as file systems want it (255 bytes), with its suffix."""
    path = PurePosixPath(name)
    stem, suffix = path.stem.encode(), path.suffix.encode()[:32].decode(errors="ignore")
    return stem[:_NAME_BYTES].decode(errors="ignore") + suffix


class Incoming:
    """A file on its way in, written to the inbox and hashed as it comes. Leaving the context removes it."""

    def __init__(self, folder: Path, most_bytes: int | None) -> None:
        self._most_bytes = most_bytes
        self._digest = hashlib.sha256()
        self.size_bytes = 0
        self.path = folder / f"in-{secrets.token_hex(8)}"
        self._file = self.path.open("xb", buffering=0)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """The next bytes. Raises LimitExceeded as soon as there are too many, OSError without room."""
        self.size_bytes += len(data)
        if self._most_bytes is not None and self.size_bytes > self._most_bytes:
            most_mb = self._most_bytes >> 20
            raise LimitExceeded(
                reason=f"A file may have at most {most_mb} MB.", reason_zh=f"单个文件最大 {most_mb} MB。"
            )
        self._digest.update(data)
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]

    def finish(self) -> Stored:
        """All of it is here and on the disk."""
        os.fsync(self._file.fileno())
        self._file.close()
        return Stored(self._digest.hexdigest(), self.size_bytes)

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class Store:
    """All objects of one service. `folder` is private to it: the inbox, and what was fetched to work with."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._inbox = folder / "inbox"
        self._fetched = folder / "fetched"
        root = folder / "store"
        for place in (self._inbox, self._fetched, root):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._store: ObjectStore = LocalStore(root) if url is None else from_url(url)
        self._root = root if url is None else None

    @property
    def is_shared(self) -> bool:
        """Whether other machines see the same objects."""
        return isinstance(self._store, S3Store)

    def incoming(self, most_bytes: int | None) -> Incoming:
        """Room for one file."""
        return Incoming(self._inbox, most_bytes)

    def publish(self, incoming: Incoming, stored: Stored) -> Stored:
        """`incoming` (finished) becomes an object; nothing happens when it is one already."""
        self._publish_file(incoming.path, stored)
        return stored

    def publish_file(self, path: Path) -> Stored:
        """A result of ours becomes an object; `path` may be gone afterwards."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            stored = Stored(digest.hexdigest(), file.tell())
            os.fsync(file.fileno())
        self._publish_file(path, stored)
        return stored

    def _publish_file(self, path: Path, stored: Stored) -> None:
        if self._root is not None:  # a rename on one file system: whole or not at all
            place = self._root / key_of(stored.sha256)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                os.utime(place)  # content that is known is young again: no sweep takes it away under our row
            except FileNotFoundError:
                path.replace(place)
                _sync_folder(place.parent)
            return
        if self.size_of(stored.sha256) is None:
            obstore.put(self._store, key_of(stored.sha256), path)

    def size_of(self, sha256: str) -> int | None:
        """Bytes of an object; None when there is none."""
        try:
            return obstore.head(self._store, key_of(sha256))["size"]
        except FileNotFoundError:
            return None

    def path_of(self, sha256: str, name: str) -> Path:
        """A file of this machine with the object's content, under a name people know. Raises NotFound.

        Each name is a hard link (or a copy of what was fetched): the work behind it may look at names.
        """
        place = self._fetched / sha256 / on_disk(name)
        if place.exists():
            return place
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._root is not None:
            try:
                os.link(self._root / key_of(sha256), place)
            except FileExistsError:
                pass
            except FileNotFoundError:
                raise NotFound(name=name) from None
            return place
        temporary = place.with_name(f".{secrets.token_hex(8)}")
        with temporary.open("xb") as file:
            for block in self.read(sha256):
                file.write(block)
        temporary.replace(place)
        return place

    @property
    def fetched(self) -> Path:
        """What was made ready to work with; all of it can be made again."""
        return self._fetched

    @property
    def inbox(self) -> Path:
        """What is on its way in; a crash leaves it there."""
        return self._inbox

    def untouched(self, before_s: float) -> Iterator[str]:
        """Objects that nobody has published since; none of a bucket, which is not listed."""
        for path in () if self._root is None else (self._root / "objects").glob("*/*"):
            if self.is_untouched(path.name, before_s):
                yield path.name

    def is_untouched(self, sha256: str, before_s: float) -> bool:
        """Whether nobody has published that content since, as far as can be known."""
        if self._root is None:
            return True
        try:
            return (self._root / key_of(sha256)).stat().st_mtime < before_s
        except FileNotFoundError:
            return True

    def remove(self, sha256: str) -> None:
        """Let an object go, and what was fetched of it; nothing happens when it is gone."""
        with suppress(FileNotFoundError):
            obstore.delete(self._store, key_of(sha256))
        shutil.rmtree(self._fetched / sha256, ignore_errors=True)

    def keep_part(self, render: str, number: int, path: Path) -> None:
        """A part of a render under way, for whoever joins it; `path` may be gone afterwards. Kept twice it
        is the same. Parts are no objects: they have no hash, no row, and go with their render."""
        if self._root is not None:
            place = self._root / _part_key(render, number)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(place)
        else:
            obstore.put(self._store, _part_key(render, number), path)

    def part(self, render: str, number: int, folder: Path) -> Path | None:
        """That part on this machine, in `folder` where it has to be fetched; None when it is not there."""
        if self._root is not None:
            place = self._root / _part_key(render, number)
            return place if place.exists() else None
        place = folder / f"{number}.mp4"
        try:
            with place.open("wb") as file:
                for block in obstore.get(self._store, _part_key(render, number)).stream(_BLOCK_BYTES):
                    file.write(block)
        except FileNotFoundError:
            place.unlink(missing_ok=True)
            return None
        return place

    def drop_parts(self, render: str) -> None:
        """Let all parts of a render go."""
        if self._root is not None:
            shutil.rmtree(self._root / _PARTS / render, ignore_errors=True)
            return
        for batch in obstore.list(self._store, prefix=f"{_PARTS}/{render}"):
            for each in batch:
                with suppress(FileNotFoundError):
                    obstore.delete(self._store, each["path"])

    def renders_with_parts(self) -> set[str]:
        """Those of which parts lie here."""
        if self._root is not None:
            return {place.name for place in (self._root / _PARTS).glob("*")}
        found = obstore.list_with_delimiter(self._store, prefix=f"{_PARTS}/")
        return {prefix.rstrip("/").rpartition("/")[2] for prefix in found["common_prefixes"]}

    def read(self, sha256: str, first: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Bytes [first, end) of an object in blocks. Raises NotFound."""
        try:
            if self._root is not None:
                yield from _file_blocks(self._root / key_of(sha256), first, end)
            else:
                yield from self._object_blocks(sha256, first, end)
        except FileNotFoundError:
            raise NotFound(name=sha256[:8]) from None

    def _object_blocks(self, sha256: str, first: int, end: int | None) -> Iterable[bytes]:
        key = key_of(sha256)
        end = obstore.head(self._store, key)["size"] if end is None else end
        for at in range(first, end, 8 * _BLOCK_BYTES):
            yield bytes(obstore.get_range(self._store, key, start=at, end=min(at + 8 * _BLOCK_BYTES, end)))


def _file_blocks(path: Path, first: int, end: int | None) -> Iterable[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = None if end is None else end - first
        while left is None or left > 0:
            block = file.read(_BLOCK_BYTES if left is None else min(_BLOCK_BYTES, left))
            if not block:
                return
            left = None if left is None else left - len(block)
            yield block


def _sync_folder(folder: Path) -> None:
    """A rename is kept through a power cut only when its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
