"""One scenario: what is said, what the service does, what the person sees, and which requests are made."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from saycut.client import Address, Conversation, Delivered, Shown, Skill
from tests.client.clock import FakeClock
from tests.client.script import CLIP, Script, draft
from tests.client.seeing import nothing_private, text_of
from tests.client.standin import StandIn, standing_in

MEDIA_NAME = "clip.mp4"


@dataclass(frozen=True)
class Case:
    """`says`: messages; one that begins with "📎" brings the clip with it. `saw`: texts, in this order.
    `asked`: the names of all requests. `said`: the words of every turn, when they are not those of `says`."""

    name: str
    says: tuple[str, ...]
    script: Callable[[], Script]
    saw: tuple[str, ...]
    asked: str
    never: tuple[str, ...] = ()
    said: tuple[str, ...] | None = None
    files: tuple[str, ...] = ()  # that are delivered
    token: str | None = None  # from the environment


def on_clip(**what: object) -> Callable[[], Script]:
    """A service whose timeline holds a clip already. Callables are called: lists are used up."""
    return lambda: Script(
        **{"timeline": draft(CLIP)} | {k: v() if callable(v) else v for k, v in what.items()}  # type: ignore[arg-type]
    )


def turn(*steps: object, **more: object) -> Callable[[], Script]:
    """One turn on a clip."""
    return on_clip(turns=lambda: [list(steps)], **more)


def turns(*each: tuple[object, ...], **more: object) -> Callable[[], Script]:
    """Several turns on a clip."""
    return on_clip(turns=lambda: [list(steps) for steps in each], **more)


def conversation_with(
    service: StandIn, folder: Path, clock: FakeClock, token: str | None = None
) -> Conversation:
    address = Address(service.address, service.address, token)
    return Conversation(
        address, Skill("tests", "1"), home=folder / "config", folder=folder / "out", clock=clock
    )


def play(case: Case, folder: Path) -> None:
    """Hold the conversation of `case` and check everything about it."""
    clock = FakeClock()
    clip = folder / MEDIA_NAME
    clip.write_bytes(b"not looked at")
    shown: list[Shown] = []
    with standing_in(case.script(), clock) as service:
        conversation = conversation_with(service, folder, clock, case.token)
        for words in case.says:
            files = [clip] if words.startswith("📎") else []
            shown += conversation.say(words.removeprefix("📎"), files)
        nothing_private(shown, conversation)
        conversation.close()
    text = text_of(shown)
    at = 0
    for expected in case.saw:
        assert expected in text[at:], f"{expected!r} is not in {text[at:]!r}"
        at = text.index(expected, at) + len(expected)
    for unwanted in (*case.never, "secret", "/srv/"):
        assert unwanted not in text
    assert " ".join(service.asked) == " ".join(case.asked.split()), text
    if case.said is not None:
        assert service.said == list(case.said)
    delivered = [one.path for one in shown if isinstance(one, Delivered)]
    assert [path.name for path in delivered] == list(case.files)
    assert all(path.read_bytes() == service.script.media for path in delivered)
    check_headers(service)


def check_headers(service: StandIn) -> None:
    """Attribution goes with every request, the token never to another origin."""
    for name, headers in service.headers:
        if name == "file":
            assert "authorization" not in {key.lower() for key in headers}
            assert not any(token in repr(headers) for token in service.tokens)
        else:
            assert headers["X-Skill-Source"] == "tests"
            assert headers["X-Skill-Version"] and headers["X-Skill-Platform"]
