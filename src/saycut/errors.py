"""The one tree of errors.

Every error a person can meet has a stable code, one plain sentence and a hint in
English and Chinese, an HTTP status and an exit code (the contract of the command line:
1 internal, 2 usage, 3 input refused, 4 not found, 5 limit, 6 cancelled, 7 needs an answer).
Sentences are templates; the facts that fill them travel with the error, so that any door
can say it in the user's language. A fact may come twice, as `reason` and as `reason_zh`: the
Chinese sentence then takes the second.
"""

from typing import ClassVar

ACCEPTED = "MP4, MOV, AVI, WebM, MKV, JPG, PNG, GIF, WebP, MP3, WAV, M4A, AAC, FLAC, OGG"

Language = str  # "en" or "zh"; anything else reads English


class SaycutError(Exception):
    """Base of every error that is shown to a person. Facts fill the templates."""

    code: ClassVar[str] = "internal"
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    sentence_en: ClassVar[str] = "Something went wrong inside Saycut: {reason}"
    sentence_zh: ClassVar[str] = "Saycut 内部出错：{reason}"
    hint_en: ClassVar[str] = "Your files were not changed. `saycut doctor` shows the state of this install."
    hint_zh: ClassVar[str] = "您的文件没有改动。可运行 `saycut doctor` 查看安装状态。"

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def sentence(self, language: Language = "en") -> str:
        """One plain sentence that says what happened."""
        return _fill(self.sentence_zh if language == "zh" else self.sentence_en, self.facts, language)

    def hint(self, language: Language = "en") -> str:
        """What the person can do about it; may be empty."""
        return _fill(self.hint_zh if language == "zh" else self.hint_en, self.facts, language)

    def __str__(self) -> str:
        return self.sentence("en")


def _fill(template: str, facts: dict[str, object], language: Language) -> str:
    said = dict(facts)
    if language == "zh":
        chinese = {key: value for key, value in facts.items() if key.endswith("_zh")}
        said |= {key.removesuffix("_zh"): value for key, value in chinese.items()}
    return template.format_map({key: str(value) for key, value in said.items()}).rstrip()


class Internal(SaycutError):
    """A bug of ours or a broken install. Facts: reason."""


class EngineFailed(SaycutError):
    """A child process failed on input that had passed its checks. Facts: reason."""

    code = "engine_failed"
    sentence_en = "The media engine stopped before it was done: {reason}"
    sentence_zh = "媒体引擎提前停止：{reason}"


class Usage(SaycutError):
    """The command was called in a way it cannot take. Facts: reason, reason_zh."""

    code = "usage"
    http_status = 400
    exit_code = 2
    sentence_en = "{reason}"
    sentence_zh = "{reason}"
    hint_en = "See `saycut --help`."
    hint_zh = "请参阅 `saycut --help`。"


class InputRefused(SaycutError):
    """Base: what was brought cannot be used, or what was asked cannot be done."""

    code = "input_refused"
    http_status = 422
    exit_code = 3
    sentence_en = "{reason}"
    sentence_zh = "{reason}"
    hint_en = ""
    hint_zh = ""


class Unreadable(InputRefused):
    """A file that is empty, cut off, damaged or not media. Facts: name, reason, reason_zh."""

    code = "unreadable"
    http_status = 415
    sentence_en = "{name} cannot be read: {reason}."
    sentence_zh = "无法读取 {name}：{reason}。"
    hint_en = f"Export or download it again; Saycut takes {ACCEPTED}."
    hint_zh = f"请重新导出或下载；Saycut 支持 {ACCEPTED}。"


class UnreadableRecipe(Unreadable):
    """A file that is no recipe, or one that this version cannot carry out. Facts: name, reason, reason_zh."""

    hint_en = "A recipe is a file that `saycut edit … --recipe-out FILE` wrote."
    hint_zh = "配方是 `saycut edit … --recipe-out FILE` 写出的文件。"


class Unsupported(InputRefused):
    """A file of a kind that is not taken. Facts: name, kind, kind_zh."""

    code = "unsupported_file"
    http_status = 415
    sentence_en = "{name} is {kind}, which Saycut does not take."
    sentence_zh = "{name} 是{kind}，Saycut 不支持。"
    hint_en = f"Saycut takes {ACCEPTED}."
    hint_zh = f"Saycut 支持 {ACCEPTED}。"


class Impossible(InputRefused):
    """A request that cannot be carried out on this timeline. Facts: reason, reason_zh."""

    code = "impossible"
    sentence_en = "{reason}"
    sentence_zh = "{reason}"


class NotUnderstood(InputRefused):
    """No operation was found in the words. Facts: suggestion, suggestion_zh."""

    code = "not_understood"
    sentence_en = "I could not find an edit in that. {suggestion}"
    sentence_zh = "没有听懂要做什么编辑。{suggestion}"
    hint_en = "Try for example: “remove the background noise and trim the silences”."
    hint_zh = "例如：“去掉背景噪音，剪掉停顿”。"


class UrlRefused(InputRefused):
    """A web address that may not be fetched. Facts: reason, reason_zh."""

    code = "url_refused"
    sentence_en = "That address was not fetched: {reason}."
    sentence_zh = "未下载该网址：{reason}。"
    hint_en = "Give a public http or https address, or upload the file."
    hint_zh = "请提供公开的 http 或 https 网址，或直接上传文件。"


class UrlFailed(InputRefused):
    """A web address that was tried and gave no whole file. Facts: reason, reason_zh."""

    code = "url_failed"
    sentence_en = "The file at that address could not be fetched: {reason}."
    sentence_zh = "无法下载该网址的文件：{reason}。"
    hint_en = "Check the address in a browser and try again, or upload the file."
    hint_zh = "请在浏览器中检查网址后重试，或直接上传文件。"


class BadDraft(SaycutError):
    """A draft that cannot be made a project. Facts: path (of the wrong field), reason, reason_zh."""

    code = "bad_draft"
    http_status = 422
    exit_code = 2
    sentence_en = "The draft is wrong at {path}: {reason}."
    sentence_zh = "草稿的 {path} 有误：{reason}。"
    hint_en = "Nothing was changed. Read the draft again and send it with that field corrected."
    hint_zh = "没有任何改动。请重新读取草稿，改正该字段后再提交。"


class NotFound(SaycutError):
    """A file or thing that is not there. Facts: name."""

    code = "not_found"
    http_status = 404
    exit_code = 4
    sentence_en = "{name} was not found."
    sentence_zh = "找不到 {name}。"
    hint_en = "Check the name and the folder."
    hint_zh = "请检查名称和文件夹。"


class RecipeSourceNotFound(NotFound):
    """A file that a recipe names is not there. Facts: name, beside."""

    sentence_en = "{name}, which the recipe names, was found neither beside the recipe nor beside {beside}."
    sentence_zh = "配方中的 {name} 既不在配方旁边，也不在 {beside} 旁边。"
    hint_en = "Put it beside the recipe to use it for every file, or beside each file."
    hint_zh = "请把它放在配方旁边（用于所有文件），或放在每个文件旁边。"


class LimitExceeded(SaycutError):
    """Too large, too long, too many. Facts: reason, reason_zh."""

    code = "limit"
    http_status = 413
    exit_code = 5
    sentence_en = "{reason}"
    sentence_zh = "{reason}"
    hint_en = "Compress or trim the file first."
    hint_zh = "请先压缩或裁剪文件。"


class DiskFull(LimitExceeded):
    """No room for the result or the work files. Facts: folder."""

    code = "disk_full"
    http_status = 507
    sentence_en = "There is no room left on the disk of {folder}; nothing was written."
    sentence_zh = "{folder} 所在磁盘空间不足，没有写入任何文件。"
    hint_en = "Free some space, or choose another folder with -o (result) or TMPDIR (work files)."
    hint_zh = "请清理空间，或用 -o（结果）或 TMPDIR（临时文件）换一个文件夹。"


class Cancelled(SaycutError):
    """The person stopped it."""

    code = "cancelled"
    http_status = 409
    exit_code = 6
    sentence_en = "Stopped; nothing was written."
    sentence_zh = "已停止，没有写入任何文件。"
    hint_en = ""
    hint_zh = ""


class NeedsAnswer(SaycutError):
    """One question has to be answered first. Facts: question, question_zh."""

    code = "needs_answer"
    http_status = 409
    exit_code = 7
    sentence_en = "{question}"
    sentence_zh = "{question}"
    hint_en = ""
    hint_zh = ""
