"""Files in a multipart body, written as they arrive: constant memory, limits while bytes come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from saycut.errors import LimitExceeded
from saycut.service.errors import BadBody
from saycut.service.fetch.naming import cleaned
from saycut.service.store import Incoming, Store

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES = 50
_MOST_HEADERS_BYTES = 16_384


@dataclass
class Parts:
    """What the parser has met so far. Every file is closed and removed when the request is over."""

    store: Store
    most_bytes: int | None
    files: list[tuple[str, Incoming]] = field(default_factory=list)
    _headers: dict[str, str] = field(default_factory=dict)
    _name: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _incoming: Incoming | None = None
    _bytes_of_headers: int = 0

    def callbacks(self) -> dict[str, Any]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._grow(self._name, data[start:end]),
            "on_header_value": lambda data, start, end: self._grow(self._value, data[start:end]),
            "on_header_end": self._header,
            "on_headers_finished": self._file,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def close(self) -> None:
        for _, incoming in self.files:
            incoming.__exit__()

    def _begin(self) -> None:
        self._headers, self._incoming, self._bytes_of_headers = {}, None, 0

    def _grow(self, into: bytearray, data: bytes) -> None:
        self._bytes_of_headers += len(data)
        if self._bytes_of_headers > _MOST_HEADERS_BYTES:
            raise BadBody(field="files", reason="headers too long", reason_zh="请求头过长")
        into += data

    def _header(self) -> None:
        # Latin-1 keeps every byte for the reader of options; names are UTF-8, and decoded after it.
        self._headers[self._name.decode("latin-1").lower()] = self._value.decode("latin-1")
        self._name.clear()
        self._value.clear()

    def _file(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", ""))
        name = options.get(b"filename")
        if name is None:
            return
        if len(self.files) >= MOST_FILES:
            raise LimitExceeded(
                reason=f"At most {MOST_FILES} files at once.", reason_zh=f"一次最多 {MOST_FILES} 个文件。"
            )
        self._incoming = self.store.incoming(self.most_bytes)
        self.files.append((cleaned(name.decode("utf-8", "replace")) or "file", self._incoming))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._incoming is not None:
            self._incoming.write(memoryview(data)[start:end])

    def _end(self) -> None:
        self._incoming = None


@asynccontextmanager
async def received(request: Request, store: Store, most_bytes: int | None) -> AsyncIterator[Parts]:
    """All files of a request; they are removed afterwards unless they were published."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise BadBody(field="body", reason="send multipart/form-data", reason_zh="请使用 multipart/form-data")
    parts = Parts(store, most_bytes)
    try:
        parser = MultipartParser(boundary, cast("MultipartCallbacks", parts.callbacks()))
        try:
            async for block in request.stream():
                await asyncio.to_thread(parser.write, block)
            parser.finalize()
        except MultipartParseError:
            raise BadBody(field="body", reason="it is not whole", reason_zh="请求不完整") from None
        if not parts.files:
            raise BadBody(field="files", reason="no file was sent", reason_zh="没有收到文件")
        yield parts
    finally:
        parts.close()
