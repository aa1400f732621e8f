"""What the client itself hears in a message: its language, and a yes or a no."""

_YES = (
    "yes",
    "y",
    "ok",
    "okay",
    "sure",
    "retry",
    "again",
    "try again",
    "好",
    "好的",
    "是",
    "是的",
    "再试一次",
    "重试",
)
_NO = ("no", "n", "nope", "不", "不用", "不要", "算了", "否")


def language_of(text: str, before: str) -> str:
    """ "zh" or "en"; words without letters say nothing about it, and leave what was `before`."""
    if any("\u4e00" <= character <= "\u9fff" for character in text):
        return "zh"
    return "en" if any(character.isalpha() for character in text) else before


def yes_or_no(text: str) -> bool | None:
    """An answer, or None for something else."""
    word = text.strip(" .!。！").lower()
    if word in _YES:
        return True
    return False if word in _NO else None
