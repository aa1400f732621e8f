"""Everything the client says by itself, in English and Chinese."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in both languages; `{facts}` are filled in."""

    en: str
    zh: str

    def said(self, language: str, **facts: object) -> str:
        """In `language` ("zh", else English)."""
        return (self.zh if language == "zh" else self.en).format_map(facts)


CONNECTING = Said("Connecting…", "正在连接…")
READY = Said(
    "Ready. Send a clip and say, for example: “{first}” or “{second}”.",
    "准备好了。发送视频或录音，然后说出需求，例如：“{first}”或“{second}”。",
)
READY_AGAIN = Said("Ready, where you left off.", "准备好了，从上次的地方继续。")
UPLOADING = Said("Uploading {names}…", "正在上传 {names}…")
UPLOADED = Said("📎 {files}", "📎 {files}")
WHICH_FILE = Said("Which file? Give its name, its path or a link.", "哪个文件？请给出文件名、路径或链接。")
NO_SUCH_FILE = Said(
    "{name} was not found here. Check the name and the folder.", "这里找不到 {name}，请检查文件名和文件夹。"
)
STILL_WORKING = Said("⏳ Still working…", "⏳ 仍在处理…")
STOPPED = Said("Stopped.", "已停止。")

CREDITS = Said("Credits: {available}.", "积分：{available}。")
CREDITS_FROZEN = Said(
    "Credits: {available}, and {frozen} held for work in progress.",
    "积分：{available}，另有 {frozen} 为进行中的任务预留。",
)
SAY_EXPORT = Said("Say “export” when you want the file.", "需要成片时，说“导出”即可。")
NEXT = Said("Next, you could say:", "接下来可以说：")
VAGUE = Said(
    "That could mean many things. Instead of “{said}”, try for example:",
    "这个说法比较笼统。与其说“{said}”，不如试试：",
)
DO_IT = Said(
    "There is no screen here, so please do this for me: {what}", "这里没有界面，请直接帮我完成：{what}"
)
NOTHING_THERE = Said("There is nothing on the timeline yet.", "时间线上还没有内容。")
UNKNOWN_HERE = Said("This service cannot do that.", "该服务不支持此操作。")
UNDO, REDO = Said("undo the last edit", "撤销上一步"), Said("redo", "重做")
UNDONE, REDONE = Said("↩️ Undone.", "↩️ 已撤销。"), Said("↪️ Done again.", "↪️ 已重做。")
NAMED = Said("This state is called “{name}” now.", "当前状态已命名为“{name}”。")
RESTORED = Said("Back at “{name}”.", "已恢复到“{name}”。")
NO_VERSION = Said("There is no version “{name}”.", "没有名为“{name}”的版本。")

NO_CHANGE = Said(
    "The service ended without a word, and nothing on the timeline changed. Say it another way, or name the "
    "clip and the time.",
    "服务没有给出回复，时间线也没有变化。请换个说法，或说明是哪个片段、什么时间。",
)
DROPPED = Said("The connection was lost; looking at what has been done…", "连接中断，正在查看处理进度…")
LOST = Said(
    "The connection was lost, and nothing has changed on the timeline since. It was not sent again.",
    "连接中断，此后时间线没有变化；没有重复发送。",
)
SILENT_TOO_LONG = Said(
    "No answer for ten minutes; I stopped waiting. It was not sent again.",
    "十分钟没有回应，已停止等待；没有重复发送。",
)
TOO_LONG = Said(
    "This takes more than 15 minutes; I stopped waiting. It may go on: “status” shows how far it is.",
    "处理已超过 15 分钟，已停止等待。任务可能仍在进行，可说“状态”查看。",
)
FAILED = Said("The service could not do that.", "服务未能完成该操作。")
FAULT = Said("Something went wrong inside the service.", "服务内部出错。")
ASK_AGAIN = Said("Shall I ask once more?", "要再试一次吗？")
YES, NO = Said("Yes", "好"), Said("No", "不用")
LEFT = Said("Left as it is.", "好的，保持现状。")

NOTHING_TO_EXPORT = Said(
    "There is nothing to export yet. Send a clip first.", "还没有可导出的内容，请先发送视频或录音。"
)
RENDERING = Said("⏳ Rendering…", "⏳ 正在渲染…")
RENDERING_ETA = Said("⏳ Rendering ~{eta_s}s", "⏳ 正在渲染，约 {eta_s} 秒")
PERCENT = Said("⏳ {percent}%", "⏳ {percent}%")
RENDER_AGAIN = Said("The render failed; trying once more…", "渲染失败，正在重试一次…")
RENDER_FAILED = Said(
    "The render failed twice. Your timeline is kept; change something and say “export” again.",
    "渲染两次均失败。时间线已保留，请修改后再说“导出”。",
)
RENDER_DIED = Said("That render failed. Say “export” to make it again.", "该渲染失败，请说“导出”重新生成。")
RENDER_SLOW = Said(
    "The render is still going on. It is remembered: it can be finished later.",
    "渲染仍在进行，已记录，之后可以继续领取。",
)
RENDER_GONE = Said(
    "That render is not there any more. Say “export” to make it again.",
    "该渲染已不存在，请说“导出”重新生成。",
)
DOWNLOADING = Said("⏳ Downloading {name}…", "⏳ 正在下载 {name}…")
DOWNLOAD_FAILED = Said(
    "The file is finished but could not be fetched whole. It is remembered: it can be fetched later.",
    "成片已完成，但未能完整下载。已记录，之后可以再次领取。",
)
DISK = Said(
    "The file could not be written to {folder}. It is remembered: it can be fetched later.",
    "无法写入 {folder}。已记录，之后可以再次领取。",
)
DELIVERED = Said("✅ Video ready! {name} ({size})", "✅ 成片完成！{name}（{size}）")
PROJECT_LINK = Said("The project: {url}", "项目链接：{url}")

NEW_SESSION = Said(
    "The session was gone; I opened a new one. Edits made in the old one are not in it.",
    "会话已失效，已新建会话；之前的编辑不在其中。",
)
WAITING = Said("The service asks to wait {seconds} s…", "服务要求等待 {seconds} 秒…")
BATCH_DONE = Said("{done} of {count} files are finished.", "{count} 个文件中完成了 {done} 个。")
BATCH_LEFT = Said("Not finished: {names}.", "未完成：{names}。")
FILE_OF_BATCH = Said("{number} of {count}: {name}", "第 {number} 个，共 {count} 个：{name}")

STAGES = {
    "open": Said("Opening", "正在打开"),
    "decode": Said("Reading the sound", "正在读取声音"),
    "activity": Said("Finding speech", "正在查找语音"),
    "align": Said("Comparing waveforms", "正在比对波形"),
    "cancel": Said("Cancelling the music", "正在消除音乐"),
    "denoise": Said("Lowering noise", "正在降噪"),
    "isolate": Said("Keeping the voice", "正在保留人声"),
    "compose": Said("Composing", "正在作曲"),
    "mix": Said("Mixing", "正在混音"),
    "encode": Said("Encoding", "正在编码"),
    "copy": Said("Copying the picture", "正在复制画面"),
    "measure": Said("Measuring", "正在测量"),
    "verify": Said("Checking", "正在检查"),
}
WORKING = Said("Working", "正在处理")

EXAMPLES = (
    Said("remove the background noise and trim the silences", "去掉背景噪音，剪掉停顿"),
    Said("take out the music and put something royalty-free in", "把背景音乐换成免版税的"),
    Said("remove all audio and export it silent", "把声音全部去掉导出"),
)


def size(size_bytes: int) -> str:
    """For people: 12.3 MB."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    amount = size_bytes / 1000
    for unit in ("kB", "MB", "GB"):
        if amount < 999.95:  # what is shown as 1000.0 is 1.0 of the next
            return f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def length(seconds: float) -> str:
    """For people: 4.2 s, 1:42, 1:02:03."""
    if seconds < 60:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
