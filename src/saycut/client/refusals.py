"""What to do about every code that a service may answer with: the table, as data.

| code | what is done |
|---|---|
| 1001 | a new token, and go on |
| 1002 | a new session with the same files, and go on |
| 2001 | the registration link with `?bind=`, or: top up |
| 4001 | the accepted formats |
| 4002 | compress or trim |
| 400  | a new client id, and go on |
| 402  | register or upgrade |
| 409  | a new id for a render; else it is said |
| 422  | it is said which field |
| 429  | wait, and ask once more |
| 507  | it is said |
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urljoin, urlsplit

from saycut.client.failures import ClientError, Dropped, Garbled, NoSuchFile, Refused, Unreachable
from saycut.client.said import NO_SUCH_FILE, Said
from saycut.client.shown import Link, Shown, Trouble

Remedy = Literal["new_token", "new_session", "new_client", "wait", "say"]
LONGEST_WAIT_S = 120.0  # what a conversation waits for by itself
ACCEPTED = "MP4, MOV, AVI, WebM, MKV, JPG, PNG, GIF, WebP, MP3, WAV, M4A, AAC"


@dataclass(frozen=True, slots=True)
class Row:
    """What is done, and what is said when that did not help."""

    remedy: Remedy
    said: Said
    links_to_register: bool = False


_ROWS: dict[int, Row] = {
    1001: Row(
        "new_token",
        Said(
            "The service does not accept who we are. If you gave a token, check that it is still good.",
            "服务未接受身份。如果您提供了令牌，请检查它是否仍然有效。",
        ),
    ),
    1002: Row("new_session", Said("That session does not exist any more.", "该会话已不存在。")),
    2001: Row(
        "say",
        Said(
            "There are not enough credits for that; nothing was changed. Register or top up to go on.",
            "积分不足，没有任何改动。请注册或充值后继续。",
        ),
        links_to_register=True,
    ),
    4001: Row(
        "say",
        Said(
            f"That kind of file is not taken. These are: {ACCEPTED}.", f"不支持该文件类型。支持：{ACCEPTED}。"
        ),
    ),
    4002: Row(
        "say",
        Said(
            "That file is too large (500 MB unless the service says otherwise). Compress or trim it first.",
            "文件过大（一般上限 500 MB）。请先压缩或裁剪。",
        ),
    ),
    400: Row("new_client", Said("The service does not know this client.", "服务无法识别此客户端。")),
    402: Row(
        "say",
        Said(
            "Exporting is not part of this plan. Register or upgrade to export; it is not about credits.",
            "当前套餐不含导出。请注册或升级后导出；这与积分无关。",
        ),
        links_to_register=True,
    ),
    409: Row(
        "say",
        Said(
            "Something else is still being done there; try again in a moment.",
            "正在处理其他任务，请稍后再试。",
        ),
    ),
    422: Row("say", Said("The service did not understand that{field}.", "服务未能理解该请求{field}。")),
    429: Row("wait", Said("That was too often; try again {when}.", "请求过于频繁，请{when}再试。")),
    507: Row("say", Said("The service has no room left for that.", "服务的存储空间不足。")),
}
_OTHER = Row("say", Said("The service refused that (code {code}).", "服务拒绝了该请求（代码 {code}）。"))
_FAULT = Row(
    "say", Said("The service has a problem of its own; try again later.", "服务出现问题，请稍后再试。")
)

_UNREACHABLE = Said(
    "The service does not answer. Check that it runs and that its address is right.",
    "服务没有响应，请检查它是否在运行、地址是否正确。",
)
_DROPPED = Said("The connection broke off. Try again.", "连接中断，请重试。")
_GARBLED = Said("The service answered something that is no answer.", "服务返回了无法识别的内容。")
_REGISTER = Said("Register: {url}", "注册：{url}")


def row(refused: Refused) -> Row:
    """What stands in the table; faults of the service itself and unknown codes have a row of their own."""
    known = _ROWS.get(refused.code)
    if known is not None:
        return known
    return _FAULT if refused.status >= 500 else _OTHER


def told(refused: Refused, language: str, web_url: str, user_id: str | None = None) -> list[Shown]:
    """The refusal in words, with the link that helps."""
    found = row(refused)
    field = _field(refused.message)
    facts = {
        "code": refused.code,
        "when": _when(refused.retry_after_s, language),
        "field": "" if not field else f"（{field}）" if language == "zh" else f" ({field})",
    }
    shown: list[Shown] = [Trouble(found.said.said(language, **facts), str(refused.code))]
    url = register_url(refused, web_url, user_id) if found.links_to_register else None
    if url is not None:
        shown.append(Link(_REGISTER.said(language, url=url), url, "register"))
    return shown


def told_other(error: ClientError, language: str) -> Trouble:
    """The same for what is no refusal."""
    if isinstance(error, NoSuchFile):
        return Trouble(NO_SUCH_FILE.said(language, name=error.name), "no_such_file")
    for kind, said, code in (
        (Unreachable, _UNREACHABLE, "unreachable"),
        (Dropped, _DROPPED, "dropped"),
        (Garbled, _GARBLED, "garbled"),
    ):
        if isinstance(error, kind):
            return Trouble(said.said(language), code)
    return Trouble(_FAULT.said.said(language), "fault")


def register_url(refused: Refused, web_url: str, user_id: str | None) -> str | None:
    """Where to register: as the service says, else its page with `?bind=` for an anonymous user."""
    given = refused.data.get("register_url")
    if isinstance(given, str) and given:
        url = urljoin(f"{web_url}/", given)
        return url if urlsplit(url).scheme in ("http", "https") else None
    return None if user_id is None else f"{web_url}/register?bind={quote(user_id, safe='')}"


def _when(retry_after_s: float | None, language: str) -> str:
    if retry_after_s is None:
        return "稍后" if language == "zh" else "later"
    for size_s, en, zh in ((86_400, "days", "天"), (3600, "hours", "小时"), (60, "minutes", "分钟")):
        if retry_after_s >= 2 * size_s:
            count = round(retry_after_s / size_s)
            return f" {count} {zh}后" if language == "zh" else f"in {count} {en}"
    return f" {retry_after_s:.0f} 秒后" if language == "zh" else f"in {retry_after_s:.0f} s"


def _field(message: str) -> str:
    """The name of a field at the beginning of a message like "draft.t[0].sg: overlaps"."""
    name = message.partition(":")[0].partition("：")[0].strip()
    plain = name.replace(".", "").replace("_", "").replace("[", "").replace("]", "")
    return name if plain.isascii() and plain.isalnum() and len(name) <= 60 and " " not in name else ""
