"""A finished file, fetched whole: resumed where it broke off, checked by its size, laid over nothing."""

import re
from collections.abc import Callable, Generator
from pathlib import Path

import httpx

from saycut.client import said
from saycut.client.connection import Connection
from saycut.client.failures import ClientError, Dropped, Refused, Unreachable
from saycut.client.shown import Progress, Shown

_TRIES = 6
_PAUSE_S = 1.0
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LONGEST_NAME = 100


class NotWhole(ClientError):
    """The file could not be fetched as long as it should be."""


class Fetching:
    """One download into a folder. `addresses` are tried in turn: each is called anew, for they may expire."""

    def __init__(
        self, connection: Connection, addresses: list[Callable[[], str]], size_bytes: int | None
    ) -> None:
        self._connection = connection
        self._addresses = addresses
        self._size_bytes = size_bytes
        self._tag: str | None = None

    def into(self, folder: Path, name: str, suffix: str) -> Generator[Shown, None, Path]:
        """The path of the file when it is whole. Raises NotWhole, Refused, OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{file_name(name)}.{self._connection.clock.chance()}.part"
        try:
            yield from self._fetched(part, f"{file_name(name)}.{suffix}")
            return placed(part, folder, file_name(name), suffix)
        finally:
            part.unlink(missing_ok=True)

    def _fetched(self, part: Path, name: str) -> Generator[Shown, None, None]:
        yield Progress(said.DOWNLOADING.said(self._connection.language, name=name), "download", 0.0)
        refused: ClientError | None = None
        for number in range(_TRIES):
            if number:
                self._connection.wait_s(_PAUSE_S * number)
            try:
                yield from self._piece(part, name)
            except (Dropped, Unreachable):
                pass
            except Refused as error:
                refused = error
                if len(self._addresses) == 1:
                    raise
                self._addresses = self._addresses[1:]
            if self._is_whole(part):
                return
        raise refused or NotWhole

    def _piece(self, part: Path, name: str) -> Generator[Shown, None, None]:
        """From where the part ends, as far as it comes."""
        have = part.stat().st_size if part.exists() else 0
        if self._size_bytes is not None and have > self._size_bytes:
            have = 0
        with self._connection.wire.file(self._addresses[0](), have) as response:
            goes_on = self._goes_on(response, have)
            if response.status_code == 206 and not goes_on:  # another part, or of another file
                part.unlink(missing_ok=True)
                raise Dropped
            self._learn(response)
            with part.open("ab" if goes_on else "wb") as file:
                done, shown = have if goes_on else 0, -1
                for block in response.iter_bytes():
                    self._connection.check()
                    file.write(block)
                    done += len(block)
                    percent = int(100 * done / self._size_bytes) if self._size_bytes else -1
                    if percent >= shown + 10:
                        shown = percent
                        text = said.DOWNLOADING.said(self._connection.language, name=name)
                        yield Progress(f"{text} {percent}%", "download", min(percent / 100, 1.0))

    def _goes_on(self, response: httpx.Response, have: int) -> bool:
        """Whether what comes is the rest of what is there: the same file, from that byte on."""
        found = _RANGE.fullmatch(response.headers.get("content-range", ""))
        same = self._tag is None or response.headers.get("etag") in (None, self._tag)
        return response.status_code == 206 and found is not None and int(found[1]) == have and same

    def _learn(self, response: httpx.Response) -> None:
        """How long the whole is, where nobody said so before; and which version of it this is."""
        self._tag = response.headers.get("etag", self._tag)
        if self._size_bytes is not None:
            return
        found = _RANGE.fullmatch(response.headers.get("content-range", ""))
        length = response.headers.get("content-length", "")
        if found is not None and found[3] != "*":
            self._size_bytes = int(found[3])
        elif response.status_code == 200 and length.isdecimal():
            self._size_bytes = int(length)

    def _is_whole(self, part: Path) -> bool:
        if not part.exists() or part.stat().st_size == 0:
            return False
        return self._size_bytes is None or part.stat().st_size == self._size_bytes


def placed(part: Path, folder: Path, name: str, suffix: str) -> Path:
    """Give a whole file its name: the first of "name.mp4", "name 2.mp4", … that nobody has."""
    number = 1
    while True:
        path = folder / (f"{name}.{suffix}" if number == 1 else f"{name} {number}.{suffix}")
        try:
            with path.open("xb"):
                pass  # ours now, whoever else looks for a name
        except FileExistsError:
            number += 1
            continue
        part.replace(path)
        return path


def file_name(name: str) -> str:
    """A name that every system takes, and that leads nowhere but into its folder."""
    plain = _FORBIDDEN.sub(" ", name).strip(" .")[:_LONGEST_NAME].strip(" .")
    while len(plain.encode()) > _LONGEST_NAME * 2:
        plain = plain[:-1]
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain or "video"
