"""The conversation: what a door holds on to. Every method that does something yields what is to be shown.

    conversation = Conversation(address, skill, home=config_folder(os.environ), folder=Path.cwd())
    for shown in conversation.say("remove the noise and export it", files=[Path("talk.mp4")]):
        …

A generator that is closed, or that meets KeyboardInterrupt, leaves everything in order; `cancel` may be
called from any thread. Nothing is printed here, and no error of the service is raised: troubles are shown.
"""

import contextlib
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import httpx

from saycut.client import history, refusals, said, tracks
from saycut.client.address import Address, Skill
from saycut.client.batch import Job, batched
from saycut.client.clock import Clock, SystemClock
from saycut.client.connection import UNTITLED, Connection
from saycut.client.delivery import Delivery
from saycut.client.failures import ClientError, NoSuchFile, Refused, Stopped
from saycut.client.hearing import language_of, yes_or_no
from saycut.client.history import Move
from saycut.client.identity import Identity
from saycut.client.memory import Memory, OpenRender, OpenSession
from saycut.client.routing import Route, route
from saycut.client.shown import Question, Shown, Suggestions, Text
from saycut.client.suggestions import next_steps
from saycut.client.turn import Outcome, Turn
from saycut.client.wire import Json, State, Wire


class Conversation:
    """One person, one service, one session at a time.

    `home`: where ids and unfinished work are kept; `folder`: where results go, and where files that are named
    in words are looked for; `clock` and `transport` are for tests.
    """

    def __init__(
        self,
        address: Address,
        skill: Skill,
        *,
        home: Path,
        folder: Path,
        language: str = "en",
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        wire = Wire(address, skill, transport)
        wire.language = language
        identity = Identity(home, address.known_as, address.client_id)
        self._connection = Connection(wire, identity, Memory(home), clock or SystemClock())
        self._delivery = Delivery(self._connection, folder)
        self._folder = folder
        self._turn: Turn | None = None
        self._said = ""  # everything, for suggestions that do not repeat it
        self._open_question = False
        self._ask_again: str | None = None
        self._asked_again = False

    @property
    def language(self) -> str:
        """ "en" or "zh": that of the last words."""
        return self._connection.language

    @property
    def session(self) -> OpenSession | None:
        """What is talked about, once there is a session."""
        return self._connection.session

    def begin(self, name: str = "") -> Iterator[Shown]:
        """Connect: token and session. `say` and `add` do it by themselves when it was not done."""
        return self._guarded(self._begin(name))

    def say(self, text: str, files: Sequence[Path] = ()) -> Iterator[Shown]:
        """One message, with files that come with it."""
        return self._guarded(self._say(text, files))

    def add(self, files: Sequence[Path]) -> Iterator[Shown]:
        """Files alone."""
        return self._guarded(self._add(files, ()))

    def export(self, suffix: str = "mp4") -> Iterator[Shown]:
        """The file, into the folder."""
        return self._guarded(self._export(suffix))

    def status(self) -> Iterator[Shown]:
        """What is on the timeline."""
        return self._guarded(self._status())

    def credits(self) -> Iterator[Shown]:
        """What is left."""
        return self._guarded(self._credits())

    def undo(self) -> Iterator[Shown]:
        """Take back the last edit. Free."""
        return self._guarded(self._moved("undo"))

    def redo(self) -> Iterator[Shown]:
        """Do it again. Free."""
        return self._guarded(self._moved("redo"))

    def versions(self) -> Iterator[Shown]:
        """Every state so far, a line each, the present one marked."""
        return self._guarded(self._versions())

    def name_version(self, name: str) -> Iterator[Shown]:
        """Give the present state a name."""
        return self._guarded(self._version(name, restore=False))

    def restore_version(self, name: str) -> Iterator[Shown]:
        """Back, or forward, to the state of that name."""
        return self._guarded(self._version(name, restore=True))

    def batch(self, jobs: Sequence[Job]) -> Iterator[Shown]:
        """Several files, each with its own words and render, in a session of their own."""
        return self._guarded(self._batch(jobs))

    def unfinished(self) -> list[OpenRender]:
        """Renders of this service that were never delivered, of this program or of earlier ones."""
        return self._connection.memory.renders(self._connection.wire.address.known_as)

    def finish(self, render: OpenRender) -> Iterator[Shown]:
        """Wait for such a render and deliver it into the folder it was meant for."""
        return self._guarded(self._finish(render))

    def sessions(self) -> list[OpenSession]:
        """Sessions of this service that can be gone on with, the newest first."""
        return self._connection.memory.sessions(self._connection.wire.address.known_as)

    def resume(self, session: OpenSession) -> Iterator[Shown]:
        """Go on with one of them."""
        return self._guarded(self._resume(session))

    def cancel(self) -> None:
        """Stop what is being done, here and at a service that knows how. From any thread."""
        self._connection.stop.set()

    def close(self) -> None:
        """Let go of the connection. What is unfinished stays remembered."""
        self._connection.wire.close()

    def _guarded(self, inner: Generator[Shown, None, object]) -> Iterator[Shown]:
        """`inner`, with every trouble said instead of raised."""
        try:
            yield from inner
        except Stopped:
            self._connection.stop.clear()
            self._stop_there()
            yield Text(said.STOPPED.said(self.language))
        except ClientError as error:
            yield from self._explained(error)
        finally:
            self._turn = self._delivery.running = None

    def _stop_there(self) -> None:
        """Tell the service, if it knows what that means."""
        wire, turn, render = self._connection.wire, self._turn, self._delivery.running
        with contextlib.suppress(ClientError):
            if turn is not None and turn.invocation_id is not None:
                wire.cancel("turns", turn.invocation_id)
            if render is not None:
                self._connection.memory.forget(render)
                wire.cancel("jobs", render.render_id)

    def _explained(self, error: ClientError) -> list[Shown]:
        if isinstance(error, Refused):
            user_id = None if self.session is None else self.session.user_id
            return refusals.told(error, self.language, self._connection.wire.address.web_url, user_id)
        return [refusals.told_other(error, self.language)]

    def _begin(self, name: str) -> Generator[Shown, None, None]:
        if self.session is not None:
            return
        yield Text(said.CONNECTING.said(self.language))
        yield from self._connection.open(name or UNTITLED)
        first, second = (example.said(self.language) for example in said.EXAMPLES[:2])
        yield Text(said.READY.said(self.language, first=first, second=second))

    def _resume(self, session: OpenSession) -> Generator[Shown, None, None]:
        yield Text(said.CONNECTING.said(self.language))
        yield from self._connection.adopt(session)
        yield Text(said.READY_AGAIN.said(self.language))
        yield from self._status()

    def _say(self, text: str, files: Sequence[Path]) -> Generator[Shown, None, None]:
        self._connection.wire.language = language_of(text, self.language)
        again, self._ask_again = self._ask_again, None
        answering, self._open_question = self._open_question, False
        if again is not None and (answer := yes_or_no(text)) is not None:
            yield from self._answered(again, yes=answer)
            return
        self._asked_again = False
        way = route(text)
        found, links = self._named(way)
        paths = [*files, *found]
        name = next((path.stem for path in paths), "")
        yield from self._begin(name)
        if paths or links:
            yield from self._add(paths, links)
        yield from self._gone(way, text, answering=answering, with_files=bool(paths or links))

    def _gone(
        self, way: Route, text: str, *, answering: bool, with_files: bool
    ) -> Generator[Shown, None, None]:
        """To where the message goes."""
        if way.where == "upload":
            if not with_files:
                yield self._missing(way)
        elif way.where == "export":
            yield from self._export(way.suffix)
        elif way.where == "status":
            yield from self._status()
        elif way.where == "credits":
            yield from self._credits()
        elif way.where == "vague" and not answering:
            yield from self._concrete(text)
        elif text.strip():
            yield from self._turned(text, way)

    def _missing(self, way: Route) -> Shown:
        if way.files:
            raise NoSuchFile(way.files[0])
        return Question(said.WHICH_FILE.said(self.language))

    def _named(self, way: Route) -> tuple[list[Path], list[str]]:
        """Files of the folder, and links, that the words name and that the session does not have."""
        have = set() if self.session is None else set(self.session.files)
        links = [name for name in way.files if name.startswith(("http://", "https://"))]
        paths = [self._folder / Path(name).expanduser() for name in way.files if name not in links]
        found = [path for path in paths if path.is_file() and str(path.absolute()) not in have]
        return found, [link for link in links if link not in have]

    def _add(self, paths: Sequence[Path], links: Sequence[str]) -> Generator[Shown, None, None]:
        for path in paths:
            if not path.is_file():
                raise NoSuchFile(path.name)
        yield from self._begin(next((path.stem for path in paths), ""))
        names = ", ".join([path.name for path in paths] + list(links))
        yield Text(said.UPLOADING.said(self.language, names=names))
        told: list[Json] = []
        if paths:
            told += yield from self._connection.sent(paths)
        if links:
            told += yield from self._connection.linked(links)
        files = ", ".join(_described(one) for one in told)
        if files:
            yield Text(said.UPLOADED.said(self.language, files=files))

    def _turned(self, text: str, way: Route) -> Generator[Shown, None, None]:
        outcome = yield from self._took_turn(text)
        fine = not (outcome.troubled or outcome.asked or outcome.refused)
        did = yield from self._acted(outcome, with_export=not way.then_export)
        if way.then_export and fine:
            yield from self._export(way.suffix)
        elif fine and outcome.changed and not did:
            state = yield from self._connection.state()
            choices = next_steps(state, self._said, self.language)
            if choices:
                yield Suggestions(said.NEXT.said(self.language), choices)
        if outcome.may_ask_again and not self._asked_again:
            self._ask_again = text
            choices = (said.YES.said(self.language), said.NO.said(self.language))
            yield Question(said.ASK_AGAIN.said(self.language), choices)

    def _took_turn(self, text: str) -> Generator[Shown, None, Outcome]:
        self._said = f"{self._said}\n{text}"
        self._turn = Turn(self._connection)
        outcome = yield from self._turn.run(text)
        self._turn = None
        self._open_question = outcome.asked
        if outcome.refused is not None and outcome.refused.code:
            yield from self._explained(outcome.refused)
        return outcome

    def _acted(self, outcome: Outcome, *, with_export: bool) -> Generator[Shown, None, bool]:
        """What the service asked a screen for; whether a file came of it, or another turn."""
        did = False
        for action in outcome.actions:
            if action.act == "state":
                yield from self._status()
            elif action.act == "credits":
                yield from self._credits()
            elif action.act == "upload":
                yield Question(said.WHICH_FILE.said(self.language))
            elif action.act == "offer_export" and with_export:
                yield Text(said.SAY_EXPORT.said(self.language))
            elif action.act == "export" and with_export:
                yield from self._export("mp4")
                did = True
            elif action.act == "message" and not outcome.changed and not did:
                yield from self._took_turn(said.DO_IT.said(self.language, what=action.text))
                did = True
        return did

    def _answered(self, words: str, *, yes: bool) -> Generator[Shown, None, None]:
        """To "shall I ask once more?": only now, and only once, is anything sent again."""
        if yes:
            self._asked_again = True
            yield from self._turned(words, route(words))
        else:
            yield Text(said.LEFT.said(self.language))

    def _concrete(self, text: str) -> Generator[Shown, None, None]:
        """Vague words are answered by things that can be said instead."""
        state = yield from self._connection.state()
        choices = next_steps(state, self._said, self.language)[:-1]
        choices = choices or tuple(example.said(self.language) for example in said.EXAMPLES)
        yield Question(said.VAGUE.said(self.language, said=text.strip()), choices)

    def _export(self, suffix: str) -> Generator[Shown, None, None]:
        yield from self._begin("")
        yield from self._delivery.export(suffix)

    def _finish(self, render: OpenRender) -> Generator[Shown, None, None]:
        yield from self._connection.identify()
        yield from self._delivery.finish(render)

    def _status(self) -> Generator[Shown, None, None]:
        yield from self._begin("")
        state = yield from self._connection.state()
        text = self._summary(state) if state.is_ready else said.NOTHING_THERE.said(self.language)
        yield Text(text)

    def _summary(self, state: State) -> str:
        theirs = state.whole.get("summary")
        if isinstance(theirs, str) and theirs and self.language != "zh":
            return theirs
        return tracks.summary(state.draft, self.language)

    def _credits(self) -> Generator[Shown, None, None]:
        yield from self._connection.identify()
        available, frozen = yield from self._connection.asked(self._connection.wire.credits, safe=True)
        words = said.CREDITS_FROZEN if frozen else said.CREDITS
        yield Text(words.said(self.language, available=available, frozen=frozen))

    def _moved(self, how: Move) -> Generator[Shown, None, None]:
        """In the history where the service keeps one, else in words."""
        yield from self._begin("")
        known = yield from history.moved(self._connection, how)
        if not known:
            words = said.UNDO if how == "undo" else said.REDO
            yield from self._took_turn(words.said(self.language))

    def _versions(self) -> Generator[Shown, None, None]:
        yield from self._begin("")
        yield from history.versions(self._connection)

    def _version(self, name: str, *, restore: bool) -> Generator[Shown, None, None]:
        yield from self._begin("")
        if (yield from history.version(self._connection, name, restore=restore)):
            yield from self._status()

    def _batch(self, jobs: Sequence[Job]) -> Generator[Shown, None, None]:
        self._connection.wire.language = language_of("\n".join(job.words for job in jobs), self.language)
        yield Text(said.CONNECTING.said(self.language))
        yield from self._connection.open(jobs[0].path.stem if jobs else UNTITLED)
        yield from batched(self._connection, self._delivery, self._batch_turn, self._explained, jobs)

    def _batch_turn(self, words: str) -> Generator[Shown, None, bool]:
        outcome = yield from self._took_turn(words)
        return not (outcome.troubled or outcome.asked or outcome.refused)


def _described(file: Json) -> str:
    """A file as the service took it: talk.mp4 (1:42)."""
    name, duration_ms = file.get("name"), file.get("duration_ms")
    told = name if isinstance(name, str) else "–"
    return f"{told} ({said.length(duration_ms / 1000)})" if isinstance(duration_ms, int | float) else told
