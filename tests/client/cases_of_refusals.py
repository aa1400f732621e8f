"""Scenarios of refusals: every code of the contract."""

from collections.abc import Callable

from tests.client.case import Case, on_clip, turn
from tests.client.script import (
    Answer,
    Raw,
    Refusal,
    Script,
    text,
    video,
)

SETUP = "token session"
ONE = f"{SETUP} state turn"
SAY = ("remove the noise",)
DENOISED = video("clip.mp4", 10, effects=["denoise"])
DAYS = 5 * 24 * 3600
OK = text("Done.")


def refused(name: str, *answers: Answer) -> Callable[[], Script]:
    """A turn, and these answers first to requests of that name."""
    return turn(OK, answers=lambda: {name: list(answers)})


CASES = (
    Case(
        "1001 before a turn: another token, and on",
        SAY,
        refused("state", Refusal(1001, 401)),
        ("Connecting…", "Done."),
        f"{SETUP} state token state turn",
        said=SAY,
    ),
    Case(
        "1001 at a turn: it had not begun, so it is said after a new token",
        SAY,
        refused("turn", Refusal(1001, 401)),
        ("Done.",),
        f"{SETUP} state turn token turn",
        said=SAY,
    ),
    Case(
        "1001 again and again",
        SAY,
        refused("turn", Refusal(1001, 401), Refusal(1001, 401)),
        ("does not accept who we are",),
        f"{SETUP} state turn token turn",
        said=(),
    ),
    Case(
        "1001 with a token from the environment: no other is made",
        SAY,
        refused("session", Refusal(1001, 401)),
        ("Connecting…", "does not accept who we are. If you gave a token"),
        "session",
        said=(),
        token="mine-secret-0123456789",
    ),
    Case(
        "1001 in an answer with status 200",
        SAY,
        refused("state", Refusal(1001, 200)),
        ("Done.",),
        f"{SETUP} state token state turn",
    ),
    Case(
        "1002 before a turn: another session, and on",
        SAY,
        refused("state", Refusal(1002, 404)),
        ("I opened a new one", "Done."),
        f"{SETUP} state session state turn",
        said=SAY,
    ),
    Case(
        "1002 at a turn: another session with the same files, and on",
        ("📎", "remove the noise"),
        lambda: Script(turns=[[OK]], answers={"turn": [Refusal(1002, 404)]}),
        ("Uploading clip.mp4…", "📎 clip.mp4 (10 s)", "I opened a new one", "Done."),
        f"{SETUP} upload state turn session upload turn",
        said=SAY,
    ),
    Case(
        "2001 at a turn, with the service's link",
        SAY,
        refused("turn", Refusal(2001, 403, data={"register_url": "https://example.org/r?bind=u"})),
        ("not enough credits", "Register: https://example.org/r?bind=u"),
        ONE,
        said=(),
    ),
    Case(
        "2001 without a link: ours with bind",
        SAY,
        refused("turn", Refusal(2001, 403)),
        ("not enough credits", "/register?bind=usr_1"),
        ONE,
    ),
    Case(
        "2001 with a link that is no web address",
        SAY,
        refused("turn", Refusal(2001, 403, data={"register_url": "javascript:alert(1)"})),
        ("not enough credits",),
        ONE,
        never=("javascript",),
    ),
    Case(
        "4001: the formats that are taken",
        ("📎",),
        refused("upload", Refusal(4001, 415, "clip.mp4: not media")),
        ("That kind of file is not taken.", "MP4, MOV, AVI, WebM"),
        f"{SETUP} upload",
    ),
    Case(
        "4001 in Chinese",
        ("📎去掉噪音",),
        refused("upload", Refusal(4001, 415)),
        ("正在上传 clip.mp4…", "不支持该文件类型"),
        f"{SETUP} upload",
        said=(),
    ),
    Case(
        "4002: compress or trim",
        ("📎",),
        refused("upload", Refusal(4002, 413)),
        ("too large (500 MB", "Compress or trim"),
        f"{SETUP} upload",
    ),
    Case(
        "400: another client id, and on",
        SAY,
        refused("token", Refusal(400, 400)),
        ("Connecting…", "Ready.", "Done."),
        f"token {SETUP} state turn",
    ),
    Case(
        "402: register or upgrade, not about credits",
        ("export",),
        on_clip(answers=lambda: {"submit": [Refusal(402, 402)]}),
        ("not part of this plan", "not about credits", "/register?bind=usr_1"),
        f"{SETUP} state submit",
    ),
    Case(
        "422: which field",
        ("export",),
        on_clip(answers=lambda: {"submit": [Refusal(422, 422, "draft.t[0].sg: they overlap")]}),
        ("did not understand that (draft.t[0].sg).",),
        f"{SETUP} state submit",
        never=("overlap",),
    ),
    Case(
        "422 with a message that is none of a field",
        SAY,
        refused("turn", Refusal(422, 422, 'Traceback (most recent call last): {"a": 1}')),
        ("did not understand that.",),
        ONE,
    ),
    Case(
        "429: waited for, and once more",
        SAY,
        refused("turn", Refusal(429, 429, retry_after_s=7)),
        ("The service asks to wait 7 s…", "Done."),
        f"{ONE} turn",
        said=SAY,
    ),
    Case(
        "429 twice",
        SAY,
        refused("turn", Refusal(429, 429, retry_after_s=7), Refusal(429, 429, retry_after_s=30)),
        ("wait 7 s…", "too often; try again in 30 s."),
        f"{ONE} turn",
        said=(),
    ),
    Case(
        "429 for days: said, not waited for",
        SAY,
        refused("token", Refusal(429, 429, retry_after_s=DAYS)),
        ("Connecting…", "too often; try again in 5 days."),
        "token",
    ),
    Case(
        "507",
        ("📎",),
        refused("upload", Refusal(507, 507)),
        ("no room left",),
        f"{SETUP} upload",
    ),
    Case("a code nobody knows", SAY, refused("turn", Refusal(7777, 418)), ("refused that (code 7777)",), ONE),
    Case(
        "a fault of the service",
        SAY,
        refused("turn", Raw(500, b"<h1>Traceback at /srv/app.py</h1>")),
        ("a problem of its own",),
        ONE,
        said=(),
    ),
    Case(
        "somebody in between is out for a moment",
        SAY,
        refused("state", Raw(503, b"down"), Raw(502, b"down")),
        ("Done.",),
        f"{SETUP} state state state turn",
    ),
    Case("a page where JSON belongs", SAY, refused("session", Raw(200, b"<html>")), ("no answer",), SETUP),
    Case(
        "JSON of another shape",
        SAY,
        refused("session", Raw(200, b'{"code": 0, "data": []}', "application/json")),
        ("no answer",),
        SETUP,
    ),
    Case(
        "no stream where a stream belongs",
        SAY,
        refused("turn", Raw(200, b'{"code": 0, "data": {}}', "application/json")),
        ("no answer",),
        ONE,
        said=(),
    ),
    Case(
        "a state of another shape: the turn goes on without it",
        SAY,
        refused("state", Raw(200, b'{"code": 0, "data": {"state": 5}}', "application/json")),
        ("Done.",),
        ONE,
    ),
    Case(
        "an answer that is shorter than it says",
        SAY,
        refused("state", Raw(200, b'{"code": 0', "application/json", 500)),
        ("Done.",),
        f"{SETUP} state state turn",
    ),
)
