"""One service and who we are there: token and session, renewed when the service says so.

Everything is asked through `asked`, which does what the table of refusals says, each remedy once, and then
asks again. What reaches the caller as Refused could not be mended.
"""

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from saycut.client import refusals, said
from saycut.client.clock import Clock
from saycut.client.failures import Dropped, Refused, Stopped, Unreachable
from saycut.client.identity import Identity
from saycut.client.memory import Memory, OpenSession
from saycut.client.refusals import Remedy
from saycut.client.shown import Shown, Text
from saycut.client.wire import Json, State, Token, Wire

AnswerT = TypeVar("AnswerT")
UNTITLED = "Untitled"
_PAUSES_S = (0.5, 1.0, 2.0, 4.0)
_PASSING = (502, 503, 504)  # somebody in between, for a moment


class Connection:
    """What the parts of a conversation share. `session` is None until there is one."""

    def __init__(self, wire: Wire, identity: Identity, memory: Memory, clock: Clock) -> None:
        self.wire = wire
        self.memory = memory
        self.clock = clock
        self.stop = threading.Event()
        self.session: OpenSession | None = None
        self._identity = identity
        self._given = wire.address.token

    @property
    def language(self) -> str:
        return self.wire.language

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may never be shown."""
        return tuple(one for one in (self.wire.token, self._identity.client_id()) if one)

    @property
    def session_id(self) -> str:
        """Of the session that is open. Raises Refused (1002) when none is."""
        if self.session is None:
            raise Refused(1002, 404)
        return self.session.session_id

    def check(self) -> None:
        """Raises Stopped when the person stopped it."""
        if self.stop.is_set():
            raise Stopped

    def wait_s(self, seconds: float) -> None:
        """Let time pass. Raises Stopped."""
        self.clock.wait_s(seconds, self.stop)

    def asked(
        self, ask: Callable[[], AnswerT], *, safe: bool = False, without: frozenset[Remedy] = frozenset()
    ) -> Generator[Shown, None, AnswerT]:
        """The answer. `safe`: asking twice is the same as asking once, so that a connection that broke off
        may be tried again; `without`: remedies that cannot help. Raises Refused, Garbled, Unreachable,
        Dropped, Stopped."""
        tried: set[Remedy] = set(without)
        pauses = list(_PAUSES_S)
        while True:
            self.check()
            try:
                return ask()
            except Refused as refused:
                if safe and refused.status in _PASSING and pauses:
                    self.wait_s(pauses.pop(0))
                else:
                    yield from self._mended(refused, tried)
            except (Unreachable, Dropped) as error:
                if not pauses or not (safe or isinstance(error, Unreachable)):
                    raise
                self.wait_s(pauses.pop(0))

    def open(self, name: str) -> Generator[Shown, None, None]:
        """A token and a session."""
        yield from self.identify()
        yield from self.asked(lambda: self._new_session(name))

    def adopt(self, session: OpenSession) -> Generator[Shown, None, None]:
        """Go on with a session of before; the table says what happens when it is gone."""
        yield from self.identify()
        self.session = session
        yield from self.state()

    def state(self) -> Generator[Shown, None, State]:
        """The session as it is now."""
        state: State = yield from self.asked(lambda: self.wire.state(self.session_id), safe=True)
        return state

    def sent(self, paths: Sequence[Path]) -> Generator[Shown, None, list[Json]]:
        """Files in the session, remembered so that a new session can have them too."""
        files = yield from self.asked(lambda: self.wire.upload(self.session_id, paths))
        if self.session is not None:
            self._name_by(paths)
            self._keep_files((*self.session.files, *(str(path.absolute()) for path in paths)))
        return files

    def linked(self, urls: Sequence[str]) -> Generator[Shown, None, list[Json]]:
        """Files that the service fetches."""
        files = yield from self.asked(lambda: self.wire.upload_links(self.session_id, urls))
        return files

    def _mended(self, refused: Refused, tried: set[Remedy]) -> Generator[Shown, None, None]:
        """Do what the table says. Raises `refused` when it says nothing, or was already done."""
        remedy = refusals.row(refused).remedy
        if remedy in tried or remedy == "say":
            raise refused
        tried.add(remedy)
        if remedy == "wait":
            yield from self._waited(refused)
        elif remedy == "new_session":
            yield from self._session_again(refused)
        elif self._given is not None and remedy == "new_token":
            raise refused  # we cannot renew what the user gave us
        elif remedy == "new_client":
            self._identity.new_client_id()
        else:
            yield from self._token_again()

    def _waited(self, refused: Refused) -> Generator[Shown, None, None]:
        seconds = 5.0 if refused.retry_after_s is None else refused.retry_after_s
        if seconds > refusals.LONGEST_WAIT_S:
            raise refused
        yield Text(said.WAITING.said(self.language, seconds=f"{seconds:.0f}"))
        self.wait_s(seconds)

    def identify(self) -> Generator[Shown, None, None]:
        """The token that was given, else the one of the last time, else a new one."""
        if self.wire.token is not None:
            return
        self.wire.token = self._given or self._identity.token()
        if self.wire.token is None:
            yield from self._token_again()

    def _token_again(self) -> Generator[Shown, None, None]:
        self.wire.token = None
        self._identity.forget_token()
        try:
            fresh = yield from self._asked_for_token()
        except Dropped:  # a token may have been given that never came; its id gets no other
            self._identity.new_client_id()
            fresh = yield from self._asked_for_token()
        self._identity.keep_token(fresh.token, fresh.expires_at)
        self.wire.token = fresh.token

    def _asked_for_token(self) -> Generator[Shown, None, Token]:
        no_use: frozenset[Remedy] = frozenset({"new_token", "new_session"})
        fresh = yield from self.asked(
            lambda: self.wire.anonymous_token(self._identity.client_id()), without=no_use
        )
        return fresh

    def _session_again(self, refused: Refused) -> Generator[Shown, None, None]:
        """Another session with the same files. Raises `refused` where there was none before."""
        lost = self.session
        if lost is None:
            raise refused
        self.memory.forget(lost)
        self._new_session(lost.name)
        yield Text(said.NEW_SESSION.said(self.language))
        paths = [Path(name) for name in lost.files if Path(name).is_file()]
        if paths:
            self.wire.upload(self.session_id, paths)
            self._keep_files(str(path) for path in paths)

    def _new_session(self, name: str) -> None:
        made = self.wire.new_session(name)
        self._keep(
            OpenSession(
                service=self.wire.address.known_as,
                session_id=made.session_id,
                task_id=made.task_id,
                user_id=made.user_id,
                name=name,
                files=(),
                begun_s=self.clock.today_s(),
            )
        )

    def _name_by(self, paths: Sequence[Path]) -> None:
        """A session that nobody named is called after its first file, and so is what comes of it."""
        if self.session is not None and self.session.name == UNTITLED and not self.session.files and paths:
            self.session = replace(self.session, name=paths[0].stem)

    def _keep_files(self, files: Iterable[str]) -> None:
        if self.session is not None:
            self._keep(replace(self.session, files=tuple(files)))

    def _keep(self, session: OpenSession) -> None:
        self.session = session
        self.memory.keep(session)
