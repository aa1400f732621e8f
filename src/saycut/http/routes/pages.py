"""Pages for people: registration, and what a claim link opens."""

import html
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from saycut.errors import SaycutError
from saycut.http.asking import Place
from saycut.http.envelope import language_of
from saycut.service import accounts, sessions
from saycut.service.rates import Rates
from saycut.timeline.summary import summary_line
from saycut.words import Words

router = APIRouter(include_in_schema=False)
_attempts = Rates(15, 300)
_TITLE = Words("Register", "注册")
_INTRO = Words(
    "Keep your files and your credits: choose an address and a password.",
    "设置邮箱和密码，保留您的文件和积分。",
)
_EMAIL, _PASSWORD = (
    Words("Email", "邮箱"),
    Words("Password (10 characters or more)", "密码（至少 10 个字符）"),
)
_DONE = Words(
    "Done. Everything you had is kept; your client goes on with the token it has.",
    "注册成功。原有内容均已保留，客户端可继续使用现有令牌。",
)


@router.get("/register")
def form(request: Request, bind: Annotated[str, Query(max_length=64)] = "") -> HTMLResponse:
    """Where an anonymous user becomes a registered one."""
    return _page(language_of(request), _TITLE, _form(language_of(request), bind))


@router.post("/register")
def register(
    request: Request,
    place: Place,
    bind: Annotated[str, Form(max_length=64)],
    email: Annotated[str, Form(max_length=400)],
    password: Annotated[str, Form(max_length=400)],
) -> HTMLResponse:
    """Bind the user to an address; what they had is theirs still."""
    language = language_of(request)
    try:
        _attempts.count(request.client.host if request.client is not None else "")
        with place.database.writing() as connection:
            accounts.register(connection, bind, email, password)
    except SaycutError as error:
        said = f"<p>{html.escape(error.sentence(language))}</p>"
        return _page(language, _TITLE, said + _form(language, bind, email), error.http_status)
    return _page(language, _TITLE, f"<p>{_DONE.said(language)}</p>")


@router.get("/workspace/claim")
def claim(request: Request, place: Place, ct: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """What is on the timeline of the session that a claim token opens."""
    language = language_of(request)
    try:
        with place.database.reading() as connection:
            user = accounts.whose(connection, ct, kind="claim")
            session = sessions.of_user(connection, user.id, user.session_id or "")
            summary = summary_line(sessions.project_at(connection, session))
    except SaycutError as error:
        said = f"<p>{html.escape(error.sentence(language))}</p>"
        return _page(language, Words("Saycut", "Saycut"), said, error.http_status)
    return _page(language, Words(session.name, session.name), f"<p>{html.escape(summary)}</p>")


def _form(language: str, bind: str, email: str = "") -> str:
    return (
        f"<p>{_INTRO.said(language)}</p>"
        f'<form method="post" action="/register">'
        f'<input type="hidden" name="bind" value="{html.escape(bind)}">'
        f'<p><label>{_EMAIL.said(language)} <input type="email" name="email" required autocomplete="email" '
        f'value="{html.escape(email)}"></label></p>'
        f'<p><label>{_PASSWORD.said(language)} <input type="password" name="password" required '
        f'minlength="10" autocomplete="new-password"></label></p>'
        f'<p><button type="submit">{_TITLE.said(language)}</button></p></form>'
    )


def _page(language: str, title: Words, body: str, status: int = 200) -> HTMLResponse:
    said = html.escape(title.said(language))
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{said}</title>'
        f"<main><h1>{said}</h1>{body}</main></html>",
        status,
        headers={"Cache-Control": "no-store"},
    )
