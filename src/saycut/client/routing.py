"""Where a message goes before anything is sent to the editing agent: the table of the skills, as data.

| the user says | goes to |
|---|---|
| export · 导出 · download · send me the video | the export flow |
| credits · 积分 · balance · 余额 | the credits |
| status · 状态 · show tracks | the state, told as a summary |
| upload · 上传 · a file is sent | the upload |
| everything else | the agent |

Words that could mean anything ("make it better") go nowhere: they are answered by a concrete suggestion.

A message goes to an endpoint only when every word of it belongs there: "balance the voices" and "roll the
credits at the end" are edits, and so is "export it as mp4 without the music", after which the export flow
follows. What is quoted, and names of files, are content and never a keyword.
"""

import re
from dataclasses import dataclass
from typing import Literal

from saycut.client.quoting import MARK, Masked

Where = Literal["export", "credits", "status", "upload", "vague", "turn"]
FORMATS = ("mp4", "mov", "mkv", "webm", "gif", "wav", "mp3", "m4a", "flac", "ogg")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes. `then_export`: the file is wanted when the turn is over; `suffix`: as what."""

    where: Where
    then_export: bool = False
    suffix: str = "mp4"
    files: tuple[str, ...] = ()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing about where a message goes.
_SMALL = _words(
    "please pls can could would will you u i i'd i'll we me my mine us our the a an this that it its now "
    "then ok okay so just right away hey hi and to of for with do want like need let's let give get have "
    "here there in is are thanks thank as into go ahead one final finished edited result new whole all ready "
    "when it's 请 帮 我 帮我 你 一下 吧 了 的 把 这个 这 现在 好 好的 可以 想 要 我要 我想 给 给我 麻烦 "
    "能 能不能 吗 呢 啊 就 最终 成 成片 直接"
)
_CLIP = _words(
    "video videos clip clips file files movie project recording audio sound "
    "视频 文件 片子 作品 音频 录音 项目 影片"
)
# Where, the words of which one must be there, and those that may be there besides.
_TABLE: tuple[tuple[Where, frozenset[str], frozenset[str]], ...] = (
    (
        "status",
        _words("status tracks track timeline 状态 轨道 时间线 时间轴 进度"),
        _words(
            "show list what what's whats how far current see tell on at project export render look check "
            "where exactly 查看 看 看看 显示 当前 目前 什么 有什么 怎么样 有 上 "
            "多少 哪些 导出 渲染 上面 里 是 项目 到哪 到哪里"
        ),
    ),
    (
        "credits",
        _words("credits credit balance 积分 余额 点数"),
        _words(
            "how many much left remaining remain what what's whats show check tell does still account see "
            "多少 还有 还剩 剩 剩余 查 查看 查询 看 看看 几 账户 当前 是"
        ),
    ),
    (
        "export",
        _words("export download render save send share deliver 导出 下载 保存 发 发给 输出 渲染"),
        _words(
            "high best good full quality 1080p hd h264 h.264 format version out finish off over "
            "高清 格式 高质量 为 出来 出"
        )
        | frozenset(FORMATS)
        | _CLIP,
    ),
    (
        "upload",
        _words("upload uploading add import attach send here's 上传 导入 添加 发送 这是"),
        _words("another more some file 另 另一个 一个 个 新") | _CLIP,
    ),
    (
        "vague",
        _words(
            "better nicer good great cool professional awesome nice amazing improve fix enhance polish "
            "好看 更好 专业 高级 优化 完善 美化"
        ),
        _words(
            "make look looks bit little more it up some something feel video videos clip movie "
            "让 变 弄 更 点 一点 看起来 得 做 改 看 些 下 视频 片子 作品"
        ),
    ),
)
# Of these the keyword alone is an edit or nothing at all: a file or a link has to be there.
_NEEDS_FILE = _words("add import attach send here's 添加 导入 发送 这是")
# "send" and "share" mean a file of ours only when that is said or when it comes to "me".
_NEEDS_CLIP = _words("send share save render deliver 发 发给 保存 渲染 输出")

_EXPORTS = re.compile(
    r"^(?:please |now |finally |also |just )*(?:(?:export|download|render)\b(?! settings| button| preset)|"
    r"(?:send|give) me (?:the |my |a )?(?:\w+ )?(?:file|video|clip|result|mp4)\b|"
    r"save (?:it|this|the|my)\b.{0,30} as\b|"
    rf"(?:convert|turn) (?:it|this|that|the|my)\b.*\b(?:to|into) .{{0,12}}\b(?:{'|'.join(FORMATS)})\b)",
    re.IGNORECASE,
)
_EXPORTS_ZH = re.compile(
    r"(?<!不)(?<!别)(?<!不要)(?<!不用)(?<!暂不)(?<!先不)(?<!先别)(?:导出|下载)(?!设置|按钮|预设|的|来|自)|"
    rf"转(?:换)?(?:成|为) ?(?:{'|'.join(FORMATS)})",
    re.IGNORECASE,
)
_PART = re.compile(
    r"[,;.!?，；。！？、\n]+|\band\b|\bthen\b|\bafter that\b|然后|并且|并|再|接着|最后", re.IGNORECASE
)
_SUFFIX = re.compile(rf"(?:\b|(?<=[\u4e00-\u9fff]))({'|'.join(FORMATS)})(?![a-z0-9])", re.IGNORECASE)
_CJK = re.compile(r"[\u4e00-\u9fff]+")


def route(text: str) -> Route:
    """Where `text` goes."""
    masked = Masked(text)
    plain = re.sub(
        r"(?<!\S)\.(?=\w)|[.!?,;:，。！？；：、…]+(?=\s|$)|[，。！？；：、…]", " ", masked.text.lower()
    )
    files = tuple(masked.files)
    said = [word for word in plain.split() if not re.fullmatch(MARK, word)]
    unmarked = len(said) == len(plain.split()) and not re.search(MARK, "".join(said))
    if files and not said:
        return Route("upload", files=files)
    for where, keys, others in _TABLE:
        if not (unmarked or (where == "upload" and files)):
            continue
        words = _split(re.sub(MARK, " ", plain), keys | others | _SMALL)
        if _belongs(where, words, keys, others, bool(files)):
            return Route(where, suffix=_suffix(plain), files=files)
    return Route("turn", then_export=_wants_file(masked.text), suffix=_suffix(masked.text), files=files)


def _belongs(
    where: Where, words: list[str], keys: frozenset[str], others: frozenset[str], with_file: bool
) -> bool:
    found = {word for word in words if word in keys}
    if not found or not all(word in keys or word in others or word in _SMALL for word in words):
        return False
    if where == "upload" and found <= _NEEDS_FILE:
        return with_file
    if where == "export" and found <= _NEEDS_CLIP:
        return bool(set(words) & (_CLIP | frozenset(FORMATS))) or (
            bool({"save", "render", "保存", "渲染", "输出"} & found) and len(words) <= 3
        )
    return True


def _split(text: str, known: frozenset[str]) -> list[str]:
    """Words; Chinese by the longest known word at each place, what is not known letter by letter."""
    told = []
    for word in text.split():
        at = 0
        for run in _CJK.finditer(word):
            told += [word[at : run.start()]] if run.start() > at else []
            told += _chinese(run.group(), known)
            at = run.end()
        told += [word[at:]] if at < len(word) else []
    return told


def _chinese(run: str, known: frozenset[str]) -> list[str]:
    told, at = [], 0
    while at < len(run):
        sizes = range(min(5, len(run) - at), 0, -1)
        size = next((n for n in sizes if run[at : at + n] in known), 1)
        told.append(run[at : at + size])
        at += size
    return told


def _wants_file(masked: str) -> bool:
    """Whether a part of an edit asks for the file as well."""
    return any(_EXPORTS.search(part.strip()) or _EXPORTS_ZH.search(part) for part in _PART.split(masked))


def _suffix(text: str) -> str:
    """The format that is named; MP4 when none is, or several are."""
    found = {match.lower() for match in _SUFFIX.findall(text)}
    return found.pop() if len(found) == 1 else "mp4"
