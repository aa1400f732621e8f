"""What the chat itself says; the conversation has its own words."""

from saycut.words import Words

PROMPT = "› "
HELP = Words(
    """Say what you want, or drop a file name in. Besides:
  /undo  /redo       one step back, or forward again
  /versions          every state so far; /name NAME keeps one, /restore NAME goes back to it
  /export [FORMAT]   the file, into this folder (mp4, mov, mkv, webm, gif, wav, mp3, m4a, flac)
  /status  /credits  what is on the timeline; what is left to spend
  /batch             several files, each with its own words
  /quit              or Ctrl-D. Ctrl-C stops what is being done. Nothing is lost.""",
    """说出你想要的效果，或直接写文件名。此外：
  /undo  /redo       撤销一步，或重做一步
  /versions          全部版本；/name 名称 保存当前版本，/restore 名称 回到该版本
  /export [格式]     导出到当前文件夹（mp4、mov、mkv、webm、gif、wav、mp3、m4a、flac）
  /status  /credits  时间线内容；剩余积分
  /batch             多个文件，各有各的要求
  /quit              或 Ctrl-D。Ctrl-C 停止当前操作。不会丢失任何内容。""",
)
NO_COMMAND = Words("There is no such command; /help says which there are.", "没有这个命令；输入 /help 查看。")
EARLIER = Words(
    "“{name}” was not delivered last time. Finishing it (Ctrl-C leaves it for later).",
    "上次的“{name}”还未交付，正在继续（Ctrl-C 稍后再说）。",
)
LEFT = Words(
    "A render is not finished: it goes on the next time you start `saycut chat`.",
    "还有未完成的渲染：下次启动 `saycut chat` 时会继续。",
)
BATCH = Words(
    "A line for each file, like “talk.mp4: remove the noise”; an empty line begins.",
    "每行一个文件，例如“talk.mp4：去除噪音”；空行开始处理。",
)
NO_JOB = Words("“{line}” is no file with a colon and words.", "“{line}”不是“文件：要求”的格式。")
