"""What a turn says in the end: what changed, in numbers, in the language of the person."""

from collections.abc import Sequence
from typing import Any

from saycut.render.receipt import step_told
from saycut.words import Words

GREETING = Words(
    "Hi! Upload a clip and say what it should sound like: “remove the background noise”, "
    "“trim the silences”, “replace the music with something royalty-free”.",
    "你好！上传视频或录音，然后告诉我想要的声音，例如：“去掉背景噪音”“剪掉停顿”“把背景音乐换成免版税的”。",
)
NOTHING_YET = Words(
    "There is nothing on the timeline yet. Upload a video, a picture or a recording first.",
    "时间线上还没有内容，请先上传视频、图片或录音。",
)
UPLOAD = Words(
    "Send the file, or a link to it, with the upload.",
    "请通过上传功能发送文件或链接。",
)
EXPORT = Words("Ready to export.", "可以导出了。")
FAULT = Words("Something went wrong inside Saycut.", "Saycut 内部出错。")
STOPPED = Words("Stopped; nothing was changed.", "已停止，没有改动。")
UNDONE = Words("↩️ Undone.", "↩️ 已撤销。")
REDONE = Words("↪️ Done again.", "↪️ 已重做。")
NO_CHANGE = Words("Nothing was changed.", "没有改动。")


def joined(parts: Sequence[Words], between_en: str = " ", between_zh: str = "") -> Words:
    """Several sentences as one text."""
    return Words(between_en.join(p.en for p in parts), between_zh.join(p.zh for p in parts))


def changed(done: dict[str, Any]) -> Words:
    """The last words of a turn: each operation with what it measured, then notes, then the timeline."""
    lines: list[Words] = []
    for described, step in zip(done["described"], done["steps"], strict=True):
        if not step.get("done"):
            continue
        figures = step_told(step)
        en, zh = described
        lines.append(
            Words(f"✅ {en}", f"✅ {zh}")
            if figures is None
            else Words(f"✅ {en}: {figures.en}", f"✅ {zh}：{figures.zh}")
        )
    notes = [Words(f"⚠️ {en}", f"⚠️ {zh}") for en, zh in done["notes"]]
    if done["moved"]:
        lines.append(UNDONE if done["moved"] < 0 else REDONE)
    said = [*lines, *notes] or [NO_CHANGE]
    return joined([*said, Words(done["summary"], done["summary"])], "\n", "\n")


def question(text: Words, choices: Sequence[Words]) -> Words:
    """A question with what may be answered."""
    if not choices:
        return text
    return Words(
        f"{text.en} ({' / '.join(c.en for c in choices)})",
        f"{text.zh}（{' / '.join(c.zh for c in choices)}）",
    )
