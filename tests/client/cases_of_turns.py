"""Scenarios of one turn: streams as they come, silent turns, time that passes."""

from tests.client.case import Case, turn, turns
from tests.client.script import (
    CLIP,
    Bytes,
    Event,
    Passing,
    call,
    changes,
    done,
    error,
    event,
    fragment,
    sound,
    text,
    title,
    video,
)
from tests.client.script import draft as drafted

SETUP = "token session"
ONE = f"{SETUP} state turn"
SAY = ("remove the noise",)
BEAT = b": heartbeat\n\n"
HUGE = b'data: {"content":{"parts":[{"text":"' + b"x" * (17 << 20) + b'"}]}}\n\n'
DENOISED = video("clip.mp4", 10, effects=[{"type": "denoise"}])

STREAMS = (
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

TIME = (
    Case(
        "still working, every two minutes",
        SAY,
        turn(Passing(300), text("Done.")),
        ("⏳ Still working…", "⏳ Still working…", "Done."),
        ONE,
        never=("Still working…\n⏳ Still working…\n⏳ Still working…",),
    ),
    Case(
        "still working, though the service is silent",
        SAY,
        turn(Passing(150, 50, b""), text("Done.")),
        ("⏳ Still working…", "Done."),
        ONE,
    ),
    Case(
        "ten minutes of heartbeats alone",
        SAY,
        turn(Passing(700), text("Too late.")),
        ("⏳ Still working…", "No answer for ten minutes", "Shall I ask once more?", "Yes"),
        f"{ONE} state state state",
        never=("Too late.",),
        said=SAY,
    ),
    Case(
        "ten minutes of heartbeats, but something was done",
        SAY,
        turn(changes(DENOISED), Passing(700)),
        ("✅ Noise lowered on clip 1",),
        f"{ONE} state state",
        never=("No answer", "once more"),
        said=SAY,
    ),
    Case(
        "fifteen minutes are the limit",
        SAY,
        turn(*([Passing(280), done("render")] * 4)),
        ("⏳ Still working…", "more than 15 minutes"),
        f"{ONE} state state state",
        never=("once more",),
        said=SAY,
    ),
)

SILENT = (
    Case(
        "a title",
        ("add a title",),
        turn(changes(CLIP, title("Paradise Found", color="white", position="top-center"))),
        ("✅ Title added: “Paradise Found” (white, top-center, 0-3 s)", "Next, you could say"),
        f"{ONE} state state",
    ),
    Case(
        "noise and pauses",
        SAY,
        turn(call("denoise"), changes(video("clip.mp4", 2, 3, 2, effects=[{"type": "denoise"}]))),
        ("✅ Noise lowered on clip 1", "✅ 2 pieces cut out, −3 s (10 s → 7 s)"),
        f"{ONE} state state",
    ),
    Case(
        "a level",
        ("make it quieter",),
        turn(changes(video("clip.mp4", 10, volume=0.35))),
        ("✅ Volume of clip 1: 100% → 35%",),
        f"{ONE} state state",
    ),
    Case(
        "sound off",
        ("mute it",),
        turn(changes(video("clip.mp4", 10, muted=True))),
        ("✅ Sound of clip 1 off",),
        f"{ONE} state state",
    ),
    Case(
        "music, in Chinese",
        ("加一段音乐",),
        turn(changes(CLIP, sound("Calm Tide", 10, volume=0.35))),
        ("正在连接…", "✅ 已添加音乐：Calm Tide（0-10 s, 35%）", "接下来可以说", "导出"),
        f"{ONE} state state",
    ),
    Case(
        "a track that is gone",
        ("take the music out",),
        turn(changes(CLIP), timeline=lambda: drafted(CLIP, sound("Calm Tide", 10))),
        ("✅ Music removed: Calm Tide",),
        f"{ONE} state state",
    ),
    Case(
        "something nobody has words for",
        ("do the thing",),
        turn(changes(video("clip.mp4", 10, glitter=3))),
        ("✅ The project changed",),
        f"{ONE} state state",
    ),
    Case(
        "the state comes a moment later",
        SAY,
        turn(later=lambda: {3: drafted(DENOISED)}),
        ("✅ Noise lowered on clip 1",),
        f"{ONE} state state state",
    ),
    Case(
        "nothing at all",
        SAY,
        turn(),
        ("ended without a word, and nothing on the timeline changed",),
        f"{ONE} state state state",
        said=SAY,
    ),
    Case(
        "a crash",
        SAY,
        turn(Event({"error": "KeyError: secret", "error_details": {"error_type": "KeyError"}})),
        ("Something went wrong inside the service.",),
        f"{ONE} state state state",
        never=("KeyError",),
        said=SAY,
    ),
    Case(
        "a crash after the work was done",
        SAY,
        turn(changes(DENOISED), Event({"error": "boom", "error_details": {}})),
        ("✅ Noise lowered on clip 1",),
        f"{ONE} state state",
        never=("boom",),
    ),
    Case(
        "a temporary issue behind a good answer is noise",
        SAY,
        turn(
            text("Noise lowered by 12 dB."),
            text("I'm experiencing a temporary issue. Please try again later."),
        ),
        ("Noise lowered by 12 dB.",),
        ONE,
        never=("temporary", "try again"),
    ),
    Case(
        "a temporary issue and nothing else",
        SAY,
        turn(text("I encountered a temporary issue.")),
        ("The service could not do that.", "Shall I ask once more?"),
        f"{ONE} state state state",
        never=("temporary issue",),
        said=SAY,
    ),
    Case(
        "a temporary issue, though it was done",
        SAY,
        turn(changes(DENOISED), text("抱歉，暂时出现问题，请稍后再试。")),
        ("✅ Noise lowered on clip 1",),
        f"{ONE} state state",
        never=("抱歉",),
    ),
    Case(
        "whoever wants it once more gets it once",
        ("remove the noise", "yes", "yes"),
        turns((text("There is a temporary problem."),), (text("A temporary problem."),), (text("Hello."),)),
        ("Shall I ask once more?", "The service could not do that.", "Hello."),
        f"{ONE} state state state state turn state state state state turn",
        said=("remove the noise", "remove the noise", "yes"),
    ),
    Case(
        "whoever does not is left alone",
        ("remove the noise", "no"),
        turns((text("There is a temporary problem."),)),
        ("Shall I ask once more?", "Left as it is."),
        f"{ONE} state state state",
        said=SAY,
    ),
)

CASES = (*STREAMS, *TIME, *SILENT)
