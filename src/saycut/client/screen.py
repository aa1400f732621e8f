"""Talk about a screen that is not there, carried out or left out; what it says of content stays.

Some services think that somebody sits in front of their editor. Sentence by sentence, clause by clause, the
tables below tell such talk from content. Quoted words are content, whatever they say.
"""

import re
from dataclasses import dataclass
from typing import Literal

from saycut.client.quoting import Masked

Act = Literal["export", "offer_export", "state", "credits", "upload", "message"]


@dataclass(frozen=True, slots=True)
class Action:
    """What is done instead. `text` is what a "message" says."""

    act: Act
    text: str = ""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_CLICK = _any(
    r"(?<!\ba )(?<!\bthe )(?<!\bone )(?<!\bany )(?<![\w-])(?:right-|double-)?click\b"
    r"(?! (?:removal|noise|repair|track|sounds?|and pop))(?!-)",
    r"\b(?:tap|press|hit) (?:on|the|your|export|save|download|play)\b",
    r"\bselect (?:the |your )?[\w ]{0,20}\b(?:button|tab|menu|option|icon)\b",
    r"点击|单击|双击|点按|轻点|按下",
)
# The first that is found in a clause says what the clause is. None: it is only left out.
_TABLE: tuple[tuple[re.Pattern[str], Act | None], ...] = (
    (
        _any(
            r"\b(?:check|visit|go to|see|open|view)\b[^.]{0,24}\b(?:account|billing|subscription)\b",
            r"(?:查看|检查|前往|访问|打开|进入).{0,8}(?:账户|账号|账单|计费|订阅|会员)",
        ),
        "credits",
    ),
    (
        _any(
            r"\bexport (?:button|tab|menu|icon|page|panel)\b",
            r"\b(?:go to|use|find|choose|select) (?:the )?export\b(?! (?:as|to|it|your))",
            r"导出(?:按钮|菜单|面板|图标|页面)",
        ),
        "export",
    ),
    (
        _any(
            r"\bpreview\b[^.]{0,24}\b(?:in|on) (?:the |your )?(?:timeline|player|editor|screen|window)\b",
            r"\b(?:watch|play|check|see|view)\b[^.]{0,30}\bin (?:the |your )?(?:timeline|player|preview)\b",
            r"在(?:时间线|时间轴|播放器|预览窗口|编辑器).{0,6}(?:预览|查看|播放)",
            r"(?:预览|查看).{0,4}(?:时间线|时间轴)",
        ),
        "state",
    ),
    (
        _any(
            r"\bopen(?:ing)?\b[^.]{0,30}\b(?:panel|tab|menu|sidebar|settings|window|editor|timeline|inspector|"
            r"dialog|library|toolbar)\b",
            r"(?<!已)打开.{0,10}?(?:面板|菜单|侧栏|侧边栏|设置|窗口|编辑器|时间线|时间轴|选项卡|素材库|标签)",
        ),
        "state",
    ),
    (_any(r"\bdrag(?:ging)?\b", r"\bdrop (?:it|the|your|them)\b", r"拖拽|拖动|拖放|拖到|拖入"), "message"),
    (
        _any(
            r"\b(?:top|bottom|upper|lower)[- ](?:left|right)(?: corner)? of "
            r"(?:the|your) (?:screen|editor|page)\b",
            r"\bscroll (?:down|up|to)\b|\bhover over\b|\b(?:refresh|reload) (?:the|this|your) page\b",
            r"\bswitch to the [\w ]{1,20} (?:tab|panel|view)\b",
            r"\b(?:on|in) the (?:left|right) (?:panel|sidebar)\b",
            r"(?:屏幕|页面|编辑器)(?:的)?[左右][上下]角|刷新页面|鼠标|滚动到|切换到.{1,8}(?:选项卡|面板|视图)",
        ),
        None,
    ),
)
# What a click is for, by what stands beside it; anything else is asked for in words.
_CLICKED: tuple[tuple[re.Pattern[str], Act], ...] = (
    (_any(r"\b(?:export|download|save)\b|导出|下载|保存"), "export"),
    (_any(r"\b(?:upload|import|add media|browse)\b|上传|导入|添加素材"), "upload"),
    (
        _any(r"\b(?:account|billing|credits|upgrade|subscribe|subscription)\b|账户|积分|升级|充值|订阅"),
        "credits",
    ),
    (_any(r"\b(?:preview|play|timeline|tracks?)\b|预览|播放|时间线|轨道"), "state"),
)
_ONLY_OFFERED = _any(
    r"\b(?:you can|you may|you could|if you|if you'd|when(?:ever)? you|once you|feel free|as soon as you)\b",
    r"可以|如果|如需|若要|若想|想要|需要时|满意后|随时",
)
_SENTENCE = re.compile(r".*?(?:[.!?…]+(?=\s|$)|[。！？；]+|\n|$)[^\S\n]*", re.DOTALL)
_CLAUSE = re.compile(r"([,;，；]\s*|\s+(?:and then|and|then|or|but)\s+|\s+[—–-]\s+|然后|并且|并|再)")
_LEFTOVER = _any(
    r"^(?:to|so|in order|when|whenever|once|if|next|please|you can|now|just|simply|here|finally|"
    r"as soon|from)\b",
    r"^(?:以|以便|来|如果|如需|请|就|即可|接着|最后|您?可以|完成后|满意后)",
    r"^\W*$",
)


def translated(text: str) -> tuple[str, list[Action]]:
    """`text` without talk about screens, and what is to be done instead."""
    masked = Masked(text)
    kept, actions = [], []
    for sentence in _SENTENCE.findall(masked.text):
        if not sentence:
            continue
        said, found = _sentence(sentence)
        kept.append(said)
        actions += [Action(a.act, masked.restored(a.text)) for a in found]
    return masked.restored("".join(kept)), list(dict.fromkeys(actions))


def _sentence(sentence: str) -> tuple[str, list[Action]]:
    if _about_screen(sentence) is False:
        return sentence, []
    offered = _ONLY_OFFERED.search(sentence) is not None
    pieces = _CLAUSE.split(sentence.rstrip())
    end = sentence[len(sentence.rstrip()) :]
    kept: list[str] = []
    actions: list[Action] = []
    whole = True
    for clause in pieces[::2]:
        act = _about_screen(clause)
        if act is not False:
            whole = False
            actions += _action(act, clause, offered)
        elif not _LEFTOVER.search(clause.strip()):
            kept.append(clause.strip())
    if whole:  # what was seen lies across clauses: nothing of it can be kept
        return ("\n" if "\n" in end else ""), _action(_about_screen(sentence) or None, sentence, offered)
    return _joined(kept, sentence) + end if kept else ("\n" if "\n" in end else ""), actions


def _about_screen(clause: str) -> Act | Literal[False] | None:
    """What is to be done for talk about a screen (None: nothing); False where there is none of it."""
    clicked = _CLICK.search(clause)
    for pattern, act in _TABLE:
        if pattern.search(clause):
            return act
    if clicked is None:
        return False
    return next((act for pattern, act in _CLICKED if pattern.search(clause)), "message")


def _action(act: Act | None, clause: str, offered: bool) -> list[Action]:
    if act is None or (act == "message" and offered):
        return []
    if act == "message":
        return [Action("message", clause.strip(" .!?。！？,，\n"))]
    return [Action("offer_export" if act == "export" and offered else act)]


def _joined(clauses: list[str], sentence: str) -> str:
    """Clauses that stay, as one sentence."""
    chinese = re.search(r"[\u4e00-\u9fff]", "".join(clauses)) is not None
    said = ("，" if chinese else ", ").join(clause.rstrip(".!?。！？；") for clause in clauses)
    stop = re.search(r"[.!?。！？]+$", sentence.rstrip())
    return said[:1].upper() + said[1:] + (stop.group() if stop else "。" if chinese else ".")
