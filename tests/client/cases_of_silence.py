"""Scenarios of one turn: time that passes, and turns that say nothing."""

from tests.client.case import Case, turn, turns
from tests.client.script import (
    CLIP,
    Event,
    Passing,
    call,
    changes,
    done,
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

CASES = (*TIME, *SILENT)
