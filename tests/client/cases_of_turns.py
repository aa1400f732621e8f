"""Scenarios of one turn: streams as they come."""

from tests.client.case import Case, turn, turns
from tests.client.script import (
    Bytes,
    Event,
    call,
    done,
    error,
    event,
    fragment,
    text,
    video,
)

SETUP = "token session"
ONE = f"{SETUP} state turn"
SAY = ("remove the noise",)
BEAT = b": heartbeat\n\n"
HUGE = b'data: {"content":{"parts":[{"text":"' + b"x" * (17 << 20) + b'"}]}}\n\n'
DENOISED = video("clip.mp4", 10, effects=[{"type": "denoise"}])

CASES = (
    Case("words are shown", SAY, turn(text("Done.")), ("Connecting…", "Ready.", "Done."), ONE, said=SAY),
    Case(
        "fragments are not told twice",
        SAY,
        turn(
            fragment("Noise is "),
            fragment("lower now. Any"),
            fragment("thing else?"),
            text("Noise is lower now. Anything else?"),
        ),
        ("Noise is lower now.", "Anything else?"),
        ONE,
        never=("lower now. Anything else?\nNoise",),
    ),
    Case(
        "what the full text adds to its fragments",
        SAY,
        turn(fragment("One. "), text("One. Two.")),
        ("One.", "Two."),
        ONE,
        never=("One. Two.",),
    ),
    Case(
        "fragments without a full text",
        SAY,
        turn(fragment("All of "), fragment("it")),
        ("All of it",),
        ONE,
    ),
    Case("several texts", SAY, turn(text("First."), text("Second.")), ("First.", "Second."), ONE),
    Case(
        "tool calls stay inside",
        SAY,
        turn(call("denoise"), done("denoise"), text("Noise lowered.")),
        ("Noise lowered.", "Next, you could say:", "export"),
        f"{ONE} state",
        never=("denoise",),
    ),
    Case("comments are signs of life", SAY, turn(Bytes(BEAT), text("Done."), Bytes(BEAT)), ("Done.",), ONE),
    Case(
        "heartbeats as events and as empty data",
        SAY,
        turn(
            Bytes(b"event: heartbeat\ndata: {}\n\n"), Bytes(b"data:\n\n"), Bytes(b"data: \n\n"), text("Done.")
        ),
        ("Done.",),
        ONE,
    ),
    Case(
        "frames that are no JSON",
        SAY,
        turn(
            Bytes(b"data: {not json\n\n"), Bytes(b"data: [1, 2]\n\n"), Bytes(b"data: null\n\n"), text("Done.")
        ),
        ("Done.",),
        ONE,
        never=("not json",),
    ),
    Case(
        "shapes that nobody expects",
        SAY,
        turn(
            Event({"content": "words", "actions": 3, "errorCode": ""}),
            Event({"content": {"parts": ["x", {"text": 5}, {"functionCall": "f"}]}, "partial": "yes"}),
            Event({"customMetadata": {"progress": {"stage": 1}, "choices": "a"}}),
            text("Done."),
        ),
        ("Done.",),
        ONE,
    ),
    Case(
        "a frame of 17 MB is passed over",
        SAY,
        turn(Bytes(HUGE), text("Done.")),
        ("Done.",),
        ONE,
        never=("xxx",),
    ),
    Case(
        "other line ends, and bytes that come in pieces",
        SAY,
        turn(
            Bytes(b'data: {"content":{"parts":[{"text":"caf\xc3'),
            Bytes(b"\xa9"),
            Bytes(b'."}]}}\r'),
            Bytes(b"\n\r\n"),
            text("Done."),
        ),
        ("café.", "Done."),
        ONE,
    ),
    Case(
        "a frame over several lines, and a last one without its blank line",
        SAY,
        turn(
            Bytes(b'data: {"content":\ndata: {"parts":[{"text":"First."}]}}\n\n'),
            Bytes(b'data: {"content":{"parts":[{"text":"Last."}]}}'),
        ),
        ("First.", "Last."),
        ONE,
    ),
    Case(
        "frames that come twice, by their ids",
        SAY,
        turn(
            Event(text("Once.").body, again=2),
            fragment("Half "),
            Event(fragment("a word.").body, again=1),
            ids=True,
        ),
        ("Once.", "Half a word."),
        ONE,
        never=("Once.\nOnce.", "a word.a word."),
    ),
    Case(
        "events that come twice, by their own ids",
        SAY,
        turn(
            Event({**fragment("Once. ").body, "id": "evt_1"}, again=1),
            Event({**fragment("More.").body, "id": "evt_1"}),
        ),
        ("Once.", "More."),
        ONE,
        never=("Once. Once", "Once.\nOnce."),
    ),
    Case(
        "the same full text twice, without any id",
        SAY,
        turn(text("Once."), text("Once.")),
        ("Once.",),
        ONE,
        never=("Once.\nOnce.",),
    ),
    Case(
        "thoughts are not shown",
        SAY,
        turn(Event(event(content={"parts": [{"text": "hmm", "thought": True}, {"text": "Done."}]}))),
        ("Done.",),
        ONE,
        never=("hmm",),
    ),
    Case(
        "tokens, headers and JSON in the words",
        SAY,
        turn(
            text('Done. {"code": 0, "data": {"a": 1}}\nAuthorization: Bearer abcdef01234\nX-Skill-Source: x'),
            text('```json\n{"t": []}\n```\nKept [laughs] {name}. Bearer abcdefghijklmnop.'),
        ),
        ("Done.", "Kept [laughs] {name}."),
        ONE,
        never=("abcdef", "X-Skill", '"t"'),
    ),
    Case(
        "progress",
        SAY,
        turn(
            Event(event(partial=True, customMetadata={"progress": {"stage": "denoise", "fraction": 0.25}})),
            Event(event(partial=True, customMetadata={"progress": {"stage": "denoise", "fraction": 0.251}})),
            Event(event(partial=True, customMetadata={"progress": {"stage": "odd", "fraction": 7}})),
            text("Done."),
        ),
        ("Lowering noise 25%", "Working 100%", "Done."),
        ONE,
        never=("25%\nLowering noise 25%",),
    ),
    Case(
        "a question",
        SAY,
        turn(text("Which clip?", customMetadata={"choices": ["the first", "the second"]})),
        ("Which clip?", "the first", "the second"),
        ONE,
        never=("Next, you could say",),
    ),
    Case(
        "an answer to a question is a turn, however vague",
        ("remove the noise", "make it better"),
        turns((text("What?", customMetadata={"choices": ["make it better"]}),), (text("Better now."),)),
        ("What?", "Better now."),
        f"{ONE} state turn",
        said=("remove the noise", "make it better"),
    ),
    Case(
        "an error of the service's own",
        SAY,
        turn(error("impossible", "There is no clip 7.")),
        ("There is no clip 7.",),
        ONE,
        never=("impossible",),
    ),
    Case(
        "out of credits in the middle",
        SAY,
        turn(
            error("2001", "No.", register_url="/register?bind=usr_1"), text("There are not enough credits.")
        ),
        ("not enough credits", "Register or top up", "/register?bind=usr_1"),
        ONE,
    ),
)
