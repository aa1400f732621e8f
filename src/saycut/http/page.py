"""The page at `/`: what `web/` was built into, which lies beside this file in `page/`.

Every file but index.html has its content's hash in its name, so that browsers may keep it for ever;
index.html is asked for every time. Where the page was not built `/` says so, and how to; the API works
all the same.
"""

import gzip
import html
import secrets
from pathlib import Path

import msgspec
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from saycut.http.envelope import language_of
from saycut.words import Words

FOLDER = Path(__file__).with_suffix("")
ENTRY = "index.html"
_NONCE = "{{nonce}}"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER = "public, max-age=31536000, immutable"
# `blob:` is what a preview is held in while it is seen and heard; the nonce is for the one style element
# that the drawing of waveforms makes.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' blob:; "
    "media-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PERMISSIONS = "microphone=(self), camera=(), geolocation=(), display-capture=()"  # voiceovers are recorded
_ABSENT = Words(
    "The page is not built in this installation. The API works all the same: /openapi.json describes it.",
    "此安装未包含页面。API 可正常使用，说明见 /openapi.json。",
)
_HOW = Words(
    "To build it: install Node.js 20.19 or newer, run make web in the source folder, start the service anew.",
    "构建方法：安装 Node.js（20.19 或更新），在源码目录运行 make web，再启动 saycut serve。",
)


class PageFile(msgspec.Struct, frozen=True):
    """One file of the page, as it is and packed."""

    media_type: str
    data: bytes
    packed: bytes


class Page:
    """The built page, held in memory: less than a megabyte. `entry` is None where it was not built."""

    def __init__(self, folder: Path = FOLDER) -> None:
        index = folder / ENTRY
        self.entry = index.read_text("utf-8") if index.exists() else None
        found = [path for path in folder.iterdir() if path.suffix in _TYPES] if self.entry is not None else []
        self.files = {path.name: _read(path) for path in found}


def _read(path: Path) -> PageFile:
    data = path.read_bytes()
    return PageFile(_TYPES[path.suffix], data, gzip.compress(data, 9, mtime=0))


router = APIRouter(include_in_schema=False)


@router.get("/")
def entry(request: Request) -> Response:
    """The page; or what there is in its place."""
    page: Page = request.app.state.page
    if page.entry is None:
        return _absent(language_of(request))
    nonce = secrets.token_urlsafe(18)
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": _POLICY.format(nonce=nonce),
        "Permissions-Policy": _PERMISSIONS,
    }
    return HTMLResponse(page.entry.replace(_NONCE, nonce), headers=headers)


@router.get("/page/{name}")
def file(name: str, request: Request) -> Response:
    """One of the files that index.html names."""
    page: Page = request.app.state.page
    found = page.files.get(name)
    if found is None:
        raise HTTPException(404, "Not Found")
    packed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(found.packed if packed else found.data, media_type=found.media_type, headers=headers)


def _absent(language: str) -> HTMLResponse:
    other = "zh" if language == "en" else "en"
    said = "".join(
        f'<section lang="{spoken}"><p>{html.escape(_ABSENT.said(spoken))}</p>'
        f"<p>{html.escape(_HOW.said(spoken))}</p></section>"
        for spoken in (language, other)
    )
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>Saycut</title>'
        f"<main><h1>Saycut</h1>{said}</main></html>",
        headers={"Cache-Control": "no-store"},
    )
