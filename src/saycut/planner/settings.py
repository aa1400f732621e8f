"""What a person set for the planner (`SAYCUT_LLM_URL`, `_MODEL`, `_KEY`); with nothing set it is off."""

import os
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import msgspec

from saycut.errors import Usage

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_PATH = "/chat/completions"


class PlannerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One endpoint that speaks the OpenAI protocol. `deadline_s` bounds both tries together."""

    url: str
    model: str
    key: str = ""
    deadline_s: float = 20.0

    @property
    def address(self) -> SplitResult:
        """The endpoint itself: the base URL with the path of the protocol."""
        base = urlsplit(self.url)
        path = base.path.rstrip("/")
        return base._replace(path=path if path.endswith(_PATH) else path + _PATH)


def planner_settings(environment: Mapping[str, str] = os.environ) -> PlannerSettings | None:
    """The settings of the environment, None when no planner is set.

    Raises Usage for half a setting, for anything but http and https, and for a key that would travel
    unencrypted to another machine.
    """
    url = environment.get("SAYCUT_LLM_URL", "").strip()
    if not url:
        return None
    model = environment.get("SAYCUT_LLM_MODEL", "").strip()
    if not model:
        raise Usage(reason="SAYCUT_LLM_MODEL is not set.", reason_zh="没有设置 SAYCUT_LLM_MODEL。")
    settings = PlannerSettings(url=url, model=model, key=environment.get("SAYCUT_LLM_KEY", "").strip())
    _check(settings)
    return settings


def _check(settings: PlannerSettings) -> None:
    address = _address_of(settings)
    if address is None:
        raise Usage(
            reason="SAYCUT_LLM_URL is no http or https address.",
            reason_zh="SAYCUT_LLM_URL 不是 http 或 https 地址。",
        )
    if settings.key and address.scheme == "http" and address.hostname not in _HERE:
        raise Usage(
            reason="SAYCUT_LLM_KEY is only sent over https, or to a server on this machine.",
            reason_zh="SAYCUT_LLM_KEY 只会通过 https 发送，或发给本机的服务。",
        )


def _address_of(settings: PlannerSettings) -> SplitResult | None:
    try:
        address = settings.address
        usable = address.scheme in ("http", "https") and address.hostname and address.port != 0
    except ValueError:  # a port that is no number, a broken IPv6 address
        return None
    return address if usable else None
