"""Scenarios from the timeline to the file."""

from tests.client.case import Case, on_clip
from tests.client.script import DONE, FAILED, Drop, Json, Raw, Refusal, Script, going
from tests.client.script import draft as drafted

SETUP = "token session"
SAY = ("export",)
NAME = ("Untitled.mp4",)
UNSIZED: Json = {"status": "completed", "output": {"url": "/api/render/proxy/x/download"}}


CASES = (
    Case("nothing to export", SAY, Script, ("There is nothing to export yet.",), f"{SETUP} state"),
    Case(
        "tracks without anything on them",
        ("导出",),
        lambda: Script(timeline=drafted({"tt": 0, "sg": []}, {"tt": 7})),
        ("还没有可导出的内容",),
        f"{SETUP} state",
    ),
    Case(
        "all is well",
        SAY,
        on_clip(),
        (
            "⏳ Rendering…",
            "✅ Video ready! Untitled.mp4 (50.0 kB)",
            "The project: http",
            "/workspace/claim?ct=clm_abc",
        ),
        f"{SETUP} state submit look file claim",
        files=NAME,
    ),
    Case(
        "a slow render",
        SAY,
        on_clip(
            renders=lambda: [[{"status": "pending"}, going(0, 30), going(50, 15), going(50), going(90), DONE]]
        ),
        ("⏳ Rendering…", "⏳ Rendering ~30s", "⏳ 50%", "⏳ 90%", "✅ Video ready!"),
        f"{SETUP} state submit look look look look look look file claim",
        never=("50%\n⏳ 50%",),
        files=NAME,
    ),
    Case(
        "a render that stands still for half an hour is remembered",
        SAY,
        on_clip(renders=lambda: [[going(10)]]),
        ("⏳ 10%", "It is remembered"),
        f"{SETUP} state submit {' '.join(['look'] * 129)}",
    ),
    Case(
        "a render that fails once",
        SAY,
        on_clip(renders=lambda: [[going(20), FAILED], [DONE]]),
        ("⏳ 20%", "The render failed; trying once more…", "✅ Video ready!"),
        f"{SETUP} state submit look look submit look file claim",
        never=("encoder",),
        files=NAME,
    ),
    Case(
        "a render that fails twice",
        SAY,
        on_clip(renders=lambda: [[FAILED], [FAILED]]),
        ("trying once more…", "The render failed twice."),
        f"{SETUP} state submit look submit look",
        never=("encoder", "exited"),
    ),
    Case(
        "two exports are two files",
        ("export", "export"),
        on_clip(),
        ("Untitled.mp4", "Untitled 2.mp4"),
        f"{SETUP} state submit look file claim state submit look file claim",
        files=("Untitled.mp4", "Untitled 2.mp4"),
    ),
    Case(
        "the answer to the order is lost: the same order again is the same render",
        SAY,
        on_clip(answers=lambda: {"submit": [Drop(worked=True)]}),
        ("✅ Video ready!",),
        f"{SETUP} state submit submit look file claim",
        files=NAME,
    ),
    Case(
        "an id that is taken: another",
        SAY,
        on_clip(answers=lambda: {"submit": [Refusal(409, 409)]}),
        ("✅ Video ready!",),
        f"{SETUP} state submit submit look file claim",
        files=NAME,
    ),
    Case(
        "looks that come to nothing",
        SAY,
        on_clip(answers=lambda: {"look": [Drop(), Raw(500, b"oh"), Drop(), Raw(200, b"<p>")]}),
        ("✅ Video ready!",),
        f"{SETUP} state submit look look look look look file claim",
        files=NAME,
    ),
    Case(
        "the token runs out while it renders",
        SAY,
        on_clip(answers=lambda: {"look": [None, Refusal(1001, 401)]}, renders=lambda: [[going(10), DONE]]),
        ("⏳ 10%", "✅ Video ready!"),
        f"{SETUP} state submit look look token look file claim",
        files=NAME,
    ),
    Case(
        "too many looks",
        SAY,
        on_clip(answers=lambda: {"look": [Refusal(429, 429, retry_after_s=9)]}),
        ("wait 9 s", "✅ Video ready!"),
        f"{SETUP} state submit look look file claim",
        files=NAME,
    ),
    Case(
        "a render that is not there any more",
        SAY,
        on_clip(answers=lambda: {"look": [Refusal(1002, 404)]}),
        ("not there any more",),
        f"{SETUP} state submit look",
    ),
    Case(
        "a download that breaks off is gone on with",
        SAY,
        on_clip(pieces=lambda: [20_000, 10_000]),
        ("⏳ Downloading Untitled.mp4… 40%", "60%", "✅ Video ready!"),
        f"{SETUP} state submit look file file file claim",
        files=NAME,
    ),
    Case(
        "… from the beginning, where there are no ranges",
        SAY,
        on_clip(pieces=lambda: [20_000], ranges=False),
        ("✅ Video ready!",),
        f"{SETUP} state submit look file file claim",
        files=NAME,
    ),
    Case(
        "an address that has run out: the route",
        SAY,
        on_clip(pieces=lambda: [Raw(403, b"expired")]),
        ("✅ Video ready!",),
        f"{SETUP} state submit look file download claim",
        files=NAME,
    ),
    Case(
        "no size, and the route as the address",
        SAY,
        on_clip(renders=lambda: [[UNSIZED]], pieces=lambda: [7_000]),
        ("✅ Video ready!",),
        f"{SETUP} state submit look download download claim",
        files=NAME,
    ),
    Case(
        "a file that is another length than was said",
        SAY,
        on_clip(renders=lambda: [[{"status": "completed", "output": {"size": 49_999}}]]),
        ("could not be fetched whole",),
        f"{SETUP} state submit look {' '.join(['download'] * 6)}",
    ),
    Case(
        "a file that never comes whole is remembered",
        SAY,
        on_clip(pieces=lambda: [0] * 20),
        ("could not be fetched whole. It is remembered",),
        f"{SETUP} state submit look {' '.join(['file'] * 6)}",
    ),
    Case(
        "a file that the service has no more",
        SAY,
        on_clip(pieces=lambda: [Refusal(404, 404), Refusal(404, 404)]),
        ("not there any more",),
        f"{SETUP} state submit look file download",
    ),
    Case(
        "no link to the project: the file is there all the same",
        SAY,
        on_clip(answers=lambda: {"claim": [Raw(500, b"oh")]}),
        ("✅ Video ready!",),
        f"{SETUP} state submit look file claim",
        never=("The project",),
        files=NAME,
    ),
    Case(
        "a session that is gone at an export",
        ("📎", "export"),
        lambda: Script(answers={"state": [Refusal(1002, 404)]}),
        ("I opened a new one", "✅ Video ready! clip.mp4"),
        f"{SETUP} upload state session upload state submit look file claim",
        files=("clip.mp4",),
    ),
)
