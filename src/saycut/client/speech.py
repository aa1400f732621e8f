"""What a service says during one turn, made ready to be shown while it comes.

Fragments (`partial`) are shown sentence by sentence; the full text that follows them is not told again. A
sentence about a "temporary issue" behind good answers is noise of the service and left out.
"""

import re

from saycut.client.private import shareable
from saycut.client.screen import Action, translated

_NOISE = re.compile(
    r"[^.!?。！？\n]*(?:temporary (?:issue|problem|error|glitch)|temporarily unavailable|"
    r"(?:experiencing|encountered) (?:a |an )?(?:technical|temporary) (?:issue|difficult|problem)|"
    r"临时(?:问题|故障|错误)|暂时(?:性)?(?:出现|遇到|不可用|无法)|暂时性问题)[^.!?。！？\n]*[.!?。！？]*\s*"
    r"(?:please (?:try|retry)[^.!?\n]*[.!?]*|请稍后(?:再试|重试)[。！]*)?",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…](?=\s)|[。！？\n]")


class Speech:
    """One turn's words. `actions` is what screen talk asked for, `noise` the last sentence held back."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        self.said = ""
        self.noise = ""
        self.actions: list[Action] = []
        self._secrets = secrets
        self._fragments = ""  # since the last full text
        self._open = ""  # of these, what was not shown yet
        self._last_full = ""

    def hear(self, text: str, *, partial: bool) -> str:
        """What can be shown now; may be empty."""
        if partial:
            self._fragments += text
            self._open += text
            return self._shown(self._sentences())
        fragments, rest = self._fragments, self._open
        self._fragments = self._open = ""
        if not fragments:
            again = text.strip() == self._last_full
            self._last_full = text.strip()
            return "" if again else self._shown(text)
        self._last_full = text.strip()
        if text.startswith(fragments):
            return self._shown(rest + text[len(fragments) :])
        known = _squeezed(text) in _squeezed(fragments)
        return self._shown(rest if known else f"{rest}\n{text}")

    def end(self) -> str:
        """The stream is over: what was still open."""
        rest, self._fragments, self._open = self._open, "", ""
        return self._shown(rest)

    def _sentences(self) -> str:
        """The whole sentences so far, unless something that is no prose is still open among them."""
        if self._open.count("```") % 2 or self._open.lstrip()[:1] in ("{", "["):
            return ""
        ends = [found.end() for found in _END.finditer(self._open)]
        if not ends:
            return ""
        whole, self._open = self._open[: ends[-1]], self._open[ends[-1] :]
        return whole

    def _shown(self, text: str) -> str:
        if not text.strip():
            return ""
        text = shareable(text, self._secrets)
        for found in _NOISE.finditer(text):
            self.noise = found.group().strip()
        text, actions = translated(_NOISE.sub("", text))
        self.actions += [action for action in actions if action not in self.actions]
        text = re.sub(r"[^\S\n]+\n", "\n", text).strip()
        self.said = f"{self.said}\n{text}".strip()
        return text


def _squeezed(text: str) -> str:
    return "".join(text.split())
