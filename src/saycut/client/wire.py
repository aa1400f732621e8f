"""The routes of a service, typed. Every answer is checked for its shape; what is no answer raises.

Asking here is asking once: what to do about a refusal stands in `refusals`, and who does it is `connection`.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import httpx

from saycut.client.address import Address, Skill, same_origin
from saycut.client.failures import Dropped, Garbled, NoSuchFile, Refused, Unreachable

APP = "nemo_agent"
_CONNECT_S, _ANSWER_S = 10.0, 60.0
_UPLOAD_ANSWER_S = 600.0  # the service looks at every file before it answers
_MOST_ANSWER_BYTES = 64 << 20

# What a status means where the body says no code of its own.
_CODES = {400: 422, 401: 1001, 404: 1002, 413: 4002, 415: 4001}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Token:
    """A fresh anonymous token."""

    token: str
    expires_at: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new session."""

    session_id: str
    task_id: str | None
    user_id: str | None


@dataclass(frozen=True, slots=True)
class State:
    """A session as it is now; `version` is None where the service counts none."""

    draft: Json
    whole: Json
    version: int | None

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to export."""
        return draft_is_ready(self.draft)

    @property
    def sounds(self) -> frozenset[str]:
        """The ids of its files that have no picture."""
        files = _objects(self.whole, "video_infos")
        return frozenset(str(f.get("file_id")) for f in files if f.get("kind") == "audio")


def draft_is_ready(draft: Json) -> bool:
    """Whether one of a draft's tracks holds a segment."""
    tracks = draft.get("t")
    if not isinstance(tracks, list):
        return False
    return any(isinstance(t, dict) and isinstance(t.get("sg"), list) and t["sg"] for t in tracks)


@dataclass(frozen=True, slots=True)
class RenderState:
    """How far a render is. `progress` is 0..100; `size_bytes` and `url` are known when it is completed."""

    status: str
    progress: float | None
    eta_s: float | None
    url: str | None
    size_bytes: int | None
    duration_s: float | None


class Wire:
    """One service, asked over HTTP. `token` may change at any time."""

    def __init__(self, address: Address, skill: Skill, transport: httpx.BaseTransport | None = None) -> None:
        self.address = address
        self.token: str | None = None
        self.language = "en"
        self._skill = skill
        self._http = httpx.Client(
            timeout=httpx.Timeout(_ANSWER_S, connect=_CONNECT_S),
            transport=transport,
            trust_env=not address.is_on_this_machine,  # a proxy cannot know this machine's services
        )

    def close(self) -> None:
        self._http.close()

    def anonymous_token(self, client_id: str) -> Token:
        """A token for whoever has no other."""
        data = self._data("POST", "/api/auth/anonymous-token", headers={"X-Client-Id": client_id})
        return Token(_text(data, "token"), _maybe_text(data, "expires_at"))

    def new_session(self, name: str) -> Made:
        """An empty timeline."""
        asked = {"task_name": name, "language": self.language}
        data = self._data("POST", f"/api/tasks/me/with-session/{APP}", json=asked)
        return Made(_text(data, "session_id"), _maybe_text(data, "task_id"), _maybe_text(data, "user_id"))

    def upload(self, session_id: str, paths: Sequence[Path]) -> list[Json]:
        """Send files, all in one; what the service says of each. Raises NoSuchFile before that."""
        with ExitStack() as open_files:
            parts = []
            for path in paths:
                try:
                    file = open_files.enter_context(path.open("rb"))
                except OSError:
                    raise NoSuchFile(path.name) from None
                parts.append(("files", (path.name, file)))
            data = self._data("POST", self._upload_path(session_id), files=parts, timeout=_slow())
        return _objects(data, "files")

    def upload_links(self, session_id: str, urls: Sequence[str]) -> list[Json]:
        """Have the service fetch links."""
        asked = {"urls": list(urls), "source_type": "url"}
        data = self._data("POST", self._upload_path(session_id), json=asked, timeout=_slow())
        return _objects(data, "files")

    def state(self, session_id: str) -> State:
        """What is on the timeline."""
        data = self._data("GET", f"/api/state/{APP}/me/{_quoted(session_id)}/latest")
        whole = data.get("state")
        if not isinstance(whole, dict):
            raise Garbled("state")
        draft, version = whole.get("draft"), data.get("version")
        return State(
            draft if isinstance(draft, dict) else {}, whole, version if isinstance(version, int) else None
        )

    def credits(self) -> tuple[int, int]:
        """(available, frozen)."""
        data = self._data("GET", "/api/credits/balance/simple")
        return int(_number(data, "available") or 0), int(_number(data, "frozen") or 0)

    def claim(self, session_id: str, task_id: str | None) -> str:
        """The address at which a browser opens the session, and nothing else."""
        asked = {"session_id": session_id, **({} if task_id is None else {"task_id": task_id})}
        data = self._data("POST", "/api/auth/claim-token", json=asked)
        return f"{self.address.web_url}/workspace/claim?ct={quote(_text(data, 'claim_token'), safe='')}"

    def submit(self, render_id: str, session_id: str, draft: Json, output: Json) -> None:
        """Queue a render. The same id and body again is the same render."""
        asked = {"id": render_id, "sessionId": session_id, "draft": draft, "output": output}
        self._asked("POST", "/api/render/proxy/lambda", json=asked)

    def render(self, render_id: str) -> RenderState:
        """How far a render is."""
        told = self._asked("GET", f"/api/render/proxy/lambda/{_quoted(render_id)}")
        if not isinstance(told.get("status"), str) and isinstance(told.get("data"), dict):
            told = told["data"]
        output = told.get("output")
        output = output if isinstance(output, dict) else {}
        size, duration_ms = _number(output, "size"), _number(output, "duration_ms")
        url = _maybe_text(output, "url")
        return RenderState(
            status=_text(told, "status"),
            progress=_number(told, "progress"),
            eta_s=_number(told, "eta_s"),
            url=None if url is None else urljoin(f"{self.address.url}/", url),
            size_bytes=None if size is None else int(size),
            duration_s=None if duration_ms is None else duration_ms / 1000,
        )

    def cancel(self, what: str, its_id: str) -> None:
        """Stop a turn ("turns") or a render ("jobs") at a service that knows how (ours)."""
        self._asked("POST", f"/api/v1/{what}/{_quoted(its_id)}/cancel")

    def history(self, session_id: str) -> Json:
        """Every state of the session, at a service that keeps them (ours)."""
        return self._asked("GET", f"/api/v1/sessions/{_quoted(session_id)}/history")

    def move(self, session_id: str, how: str, body: Json) -> Json:
        """ "undo", "redo", "versions" or "versions/restore", at a service that knows them (ours)."""
        return self._asked("POST", f"/api/v1/sessions/{_quoted(session_id)}/{how}", json=body)

    def turn_body(self, session_id: str, **rest: Any) -> Json:
        """What `/run_sse` takes."""
        return {"app_name": APP, "user_id": "me", "session_id": session_id, **rest}

    @contextmanager
    def turn(self, body: Json, last_event_id: str | None = None) -> Iterator[httpx.Response]:
        """An open stream. Raises Refused, Garbled, Unreachable, Dropped; its bytes raise httpx errors."""
        headers = {**self._headers(), "Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        timeout = httpx.Timeout(None, connect=_CONNECT_S)  # heartbeats are watched by who reads
        with (
            _heard(),
            self._http.stream(
                "POST", self._url("/run_sse"), json=body, headers=headers, timeout=timeout
            ) as r,
        ):
            kind = r.headers.get("content-type", "")
            if not r.is_success or kind.startswith("application/json"):
                _told(r)
                raise Garbled("stream")
            yield r

    @contextmanager
    def file(self, url: str, first_byte: int) -> Iterator[httpx.Response]:
        """The bytes at `url` from `first_byte` on. The token goes to the service alone, and only to its own
        routes: a signed address needs none, and another server must not see it."""
        signed = not url.startswith(f"{self.address.url}/api/render/")
        ours = same_origin(url, self.address.url) and not signed
        headers = self._headers() if ours else {}
        headers["Accept-Encoding"] = "identity"
        if first_byte:
            headers["Range"] = f"bytes={first_byte}-"
        with _heard(), self._http.stream("GET", url, headers=headers) as response:
            if response.status_code not in (200, 206):
                raise Refused(_CODES.get(response.status_code, response.status_code), response.status_code)
            yield response

    def download_url(self, render_id: str) -> str:
        """The route of the finished file, for which the token is needed."""
        return self._url(f"/api/render/proxy/{_quoted(render_id)}/download")

    def _data(self, method: str, path: str, **asked: Any) -> Json:
        data = self._asked(method, path, **asked).get("data")
        if not isinstance(data, dict):
            raise Garbled("data")
        return data

    def _asked(self, method: str, path: str, **asked: Any) -> Json:
        headers = {**self._headers(), **asked.pop("headers", {})}
        with _heard(), self._http.stream(method, self._url(path), headers=headers, **asked) as response:
            return _told(response)

    def _headers(self) -> dict[str, str]:
        headers = {
            "X-Skill-Source": self._skill.source,
            "X-Skill-Version": self._skill.version,
            "X-Skill-Platform": self._skill.platform,
            "Accept-Language": self.language,
        }
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def _url(self, path: str) -> str:
        return self.address.url + path

    @staticmethod
    def _upload_path(session_id: str) -> str:
        return f"/api/upload-video/{APP}/me/{_quoted(session_id)}"


@contextmanager
def _heard() -> Iterator[None]:
    """The library's errors as ours. Nothing was sent where no connection came about."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise Unreachable from None
    except httpx.UnsupportedProtocol:
        raise Garbled("address") from None
    except httpx.HTTPError:
        raise Dropped from None


def _told(response: httpx.Response) -> Json:
    """The envelope of an answer. Raises the Refused that it stands for, and Garbled for what is none."""
    body = _object(_whole(response))
    code = (body or {}).get("code", 0)
    if response.is_success and code == 0:
        if body is None:
            raise Garbled("body")
        return body
    told = body or {}
    data, message = told.get("data"), told.get("message") or told.get("detail")
    status = response.status_code
    raise Refused(
        code if isinstance(code, int) and code else _CODES.get(status, status),
        status,
        message if isinstance(message, str) else "",
        data if isinstance(data, dict) else {},
        _seconds(response.headers.get("retry-after")),
    )


def _whole(response: httpx.Response) -> bytes:
    """Every byte, unless there are more than in any answer. Raises Garbled."""
    read = bytearray()
    for piece in response.iter_bytes():
        read += piece
        if len(read) > _MOST_ANSWER_BYTES:
            raise Garbled("length")
    return bytes(read)


def _object(body: bytes) -> Json | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _slow() -> httpx.Timeout:
    return httpx.Timeout(_UPLOAD_ANSWER_S, connect=_CONNECT_S)


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _text(data: Json, key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise Garbled(key)
    return value


def _maybe_text(data: Json, key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) and value else None


def _number(data: Json, key: str) -> float | None:
    value = data.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _objects(data: Json, key: str) -> list[Json]:
    value = data.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _seconds(header: str | None) -> float | None:
    """Of Retry-After; dates, which no service of this kind sends, count as none."""
    return float(header) if header is not None and header.isdecimal() else None
