"""Scenarios of connections that break off, sessions that go and tokens that run out."""

import json

from tests.client.case import Case, turn, turns
from tests.client.cases_of_refusals import refused
from tests.client.script import (
    CUT,
    Bytes,
    Does,
    Drop,
    Passing,
    changes,
    done,
    fragment,
    text,
    title,
    video,
)
from tests.client.script import draft as drafted

SETUP = "token session"
ONE = f"{SETUP} state turn"
SAY = ("remove the noise",)
DENOISED = video("clip.mp4", 10, effects=["denoise"])
DAYS = 5 * 24 * 3600
OK = text("Done.")


CASES = (
    Case(
        "before a token came: under another id, for one client gets one token",
        SAY,
        refused("token", Drop(worked=True)),
        ("Done.",),
        f"token {SETUP} state turn",
    ),
    Case("at the session", SAY, refused("session", Drop()), ("The connection broke off.",), SETUP, said=()),
    Case("at an upload", ("📎",), refused("upload", Drop(worked=True)), ("broke off",), f"{SETUP} upload"),
    Case(
        "at the state", SAY, refused("state", Drop(), Drop()), ("Done.",), f"{SETUP} state state state turn"
    ),
    Case(
        "at a turn, before any answer: never said again, the state is looked at",
        SAY,
        turn(answers=lambda: {"turn": [Drop()]}, later=lambda: {2: drafted(DENOISED)}),
        ("The connection was lost; looking", "✅ Noise lowered on clip 1"),
        f"{ONE} state state state",
        said=(),
    ),
    Case(
        "after a turn was taken",
        SAY,
        turn(Passing(12), changes(DENOISED), CUT),
        ("The connection was lost; looking", "✅ Noise lowered on clip 1"),
        f"{ONE} state state state",
        said=SAY,
    ),
    Case(
        "in the middle of a frame",
        SAY,
        turn(Bytes(b'data: {"content":{"par'), changes(DENOISED), CUT),
        ("✅ Noise lowered on clip 1",),
        f"{ONE} state state state",
        never=("par",),
    ),
    Case(
        "behind some words",
        SAY,
        turn(text("Working on it."), changes(DENOISED), CUT),
        ("Working on it.", "The connection was lost", "✅ Noise lowered on clip 1"),
        f"{ONE} state state state",
    ),
    Case(
        "the change comes late, and is told when it stands still",
        SAY,
        turn(CUT, later=lambda: {3: drafted(DENOISED), 4: drafted(DENOISED, title("Hi"))}),
        ("✅ Title added: “Hi” (0-3 s)", "✅ Noise lowered on clip 1"),
        f"{ONE} state state state state state",
        said=SAY,
    ),
    Case(
        "nothing changes for five minutes",
        SAY,
        turn(CUT),
        (
            "looking at what has been done",
            "nothing has changed",
            "was not sent again",
            "Shall I ask once more?",
        ),
        f"{ONE} {' '.join(['state'] * 23)}",
        said=SAY,
    ),
    Case(
        "the state cannot be had for a while either",
        SAY,
        turn(CUT, answers=lambda: {"state": [None, *[Drop()] * 5]}, later=lambda: {2: drafted(DENOISED)}),
        ("✅ Noise lowered on clip 1",),
        f"{ONE} {' '.join(['state'] * 8)}",
    ),
    Case(
        "taken up again where it broke off",
        SAY,
        turn(text("First."), done("denoise"), CUT, text("Last."), ids=True),
        ("First.", "Last.", "Next, you could say"),
        f"{ONE} resume state",
        said=SAY,
    ),
    Case(
        "taken up again in the middle of a sentence",
        SAY,
        turn(
            fragment("One half "), CUT, fragment("and the other. "), text("One half and the other."), ids=True
        ),
        ("One half and the other.",),
        f"{ONE} resume",
        never=("other.\nOne half",),
    ),
    Case(
        "taken up again and again",
        SAY,
        turn(text("1."), CUT, text("2."), CUT, text("3."), ids=True),
        ("1.", "2.", "3."),
        f"{ONE} resume resume",
        said=SAY,
    ),
    Case(
        "taken up again, and told what was told before",
        SAY,
        turn(
            text("Once."),
            CUT,
            Bytes(b"id: 1\ndata: " + json.dumps(text("Once.").body).encode() + b"\n\n"),
            text("Last."),
            ids=True,
        ),
        ("Once.", "Last."),
        f"{ONE} resume",
        never=("Once.\nOnce.",),
    ),
    Case(
        "a service that cannot take it up",
        SAY,
        turn(text("First."), changes(DENOISED), CUT, ids=True, resumes=False),
        ("First.", "The connection was lost; looking", "✅ Noise lowered on clip 1"),
        f"{ONE} resume state state state",
        said=SAY,
    ),
    Case(
        "the way there breaks off too",
        SAY,
        turn(text("First."), CUT, text("Last."), ids=True, answers=lambda: {"resume": [Drop(), Drop()]}),
        ("First.", "Last."),
        f"{ONE} resume resume resume",
        said=SAY,
    ),
    Case(
        "the token runs out in the middle of a turn",
        SAY,
        turn(text("First."), Does(lambda service: service.expire()), CUT, text("Last."), ids=True),
        ("First.", "Last."),
        f"{ONE} resume token resume",
        said=SAY,
    ),
    Case(
        "the token runs out in the middle of a silent turn",
        SAY,
        turn(Does(lambda service: service.expire()), changes(DENOISED)),
        ("✅ Noise lowered on clip 1",),
        f"{ONE} state token state state",
        said=SAY,
    ),
    Case(
        "the session is gone in the middle of a turn",
        SAY,
        turn(Does(lambda service: service.lose_sessions()), text("First."), CUT, ids=True),
        ("First.", "I opened a new one"),
        f"{ONE} resume state session state",
        said=SAY,
        never=("removed", "Next, you could say"),
    ),
    Case(
        "a second turn after all that",
        ("remove the noise", "mute it"),
        turns((text("First."), CUT, text("Last.")), (text("Muted."),), ids=True),
        ("First.", "Last.", "Muted."),
        f"{ONE} resume state turn",
        said=("remove the noise", "mute it"),
    ),
)
