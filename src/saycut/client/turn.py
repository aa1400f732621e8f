"""One turn: said once, heard to its end, and never sent again by itself, for that could charge twice.

A connection that breaks off is taken up again with `Last-Event-ID` and the invocation, without the words;
where a service knows no such thing, the state is looked at until it moves.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from saycut.client import said, tracks
from saycut.client.arriving import Arriving
from saycut.client.changes import changes, differ
from saycut.client.connection import Connection
from saycut.client.events import Heard, heard
from saycut.client.failures import ClientError, Dropped, Garbled, Refused, Unreachable
from saycut.client.private import shareable
from saycut.client.refusals import Remedy
from saycut.client.screen import Action
from saycut.client.shown import Progress, Question, Shown, StillWorking, Text, Trouble
from saycut.client.speech import Speech
from saycut.client.stream import Frames
from saycut.client.wire import Json, State

STILL_EVERY_S = 120.0
LIMIT_S = 15 * 60.0
ONLY_HEARTBEATS_S = 10 * 60.0
_SILENCE_S = 90.0  # after heartbeats: six of them missed
_LOOK_S = 0.25
_RESUMES_S = (1.0, 2.0, 4.0, 8.0, 15.0)
_POLLS_S = (2.0, 4.0, 8.0, 15.0)  # and the last again and again
_POLL_LIMIT_S = 5 * 60.0
_SETTLES_S = (0.0, 2.0, 5.0)  # after a silent turn: some services write the state a moment later

End = Literal["over", "dropped", "too_long", "only_heartbeats", "told"]


@dataclass
class Outcome:
    """What came of a turn."""

    actions: list[Action] = field(default_factory=list)
    changed: bool = False
    asked: bool = False  # it ended with a question
    troubled: bool = False
    refused: Refused | None = None
    may_ask_again: bool = False  # nothing happened, as far as anybody can see


class Turn:
    """What is known of one turn while it runs."""

    def __init__(self, connection: Connection) -> None:
        self.outcome = Outcome()
        self.invocation_id: str | None = None
        self._connection = connection
        self._frames = Frames()
        self._speech = Speech(connection.secrets)
        self._begun_s = self._alive_s = self._event_s = connection.clock.now_s()
        self._stills = self._resumed = 0
        self._beats = self._worked = self._crashed = False
        self._error_text = self._session_id = ""
        self._shown_progress: tuple[str, int] | None = None

    def run(self, words: str) -> Generator[Shown, None, Outcome]:
        """Say `words` and tell what comes. Raises Refused, Unreachable, Garbled where it never began."""
        before = yield from self._state()
        session_id = self._connection.session_id
        end: End
        try:
            arriving = yield from self._connection.asked(lambda: self._opened(_saying(words), None))
            end = yield from self._listen(arriving)
        except Dropped:
            end = "dropped"
        if self._connection.session_id != session_id:
            before = None  # of another session
        self._session_id = self._connection.session_id
        while end == "dropped":
            end = yield from self._again(before)
        yield from self._last_words()
        yield from self._told(end, before)
        self.outcome.actions = self._speech.actions
        self.outcome.changed = self.outcome.changed or self._worked
        return self.outcome

    def _opened(self, body: Json, last_id: str | None) -> Arriving:
        """A stream that has begun. Raises Refused, Garbled, Unreachable, Dropped, Stopped."""
        connection = self._connection
        whole = connection.wire.turn_body(connection.session_id, **body)
        arriving = Arriving(lambda: connection.wire.turn(whole, last_id))
        try:
            while not arriving.began(_LOOK_S):
                connection.check()
                if connection.clock.now_s() - self._begun_s > LIMIT_S:
                    raise Dropped
        except BaseException:
            arriving.close()
            raise
        return arriving

    def _listen(self, arriving: Arriving) -> Generator[Shown, None, End]:
        """Everything that the stream says, until it ends one way or another."""
        self._frames.reopened()
        self._alive_s = self._connection.clock.now_s()
        try:
            while True:
                self._connection.check()
                piece = arriving.next(_LOOK_S)
                now_s = self._connection.clock.now_s()
                if isinstance(piece, ClientError):
                    return "dropped"
                if isinstance(piece, bytes):
                    self._alive_s = now_s
                frames = self._frames.read(piece) if isinstance(piece, bytes) else self._frames.ended()
                for frame in frames if piece is not None else ():
                    yield from self._frame(frame.event, now_s)
                if piece == "over":
                    return "over"
                yield from self._still(now_s)
                if (end := self._out_of_patience(now_s)) is not None:
                    return end
        finally:
            arriving.close()

    def _frame(self, event: Json | None, now_s: float) -> Generator[Shown, None, None]:
        if event is None:
            self._beats = True
            return
        self._event_s = now_s
        told = heard(event)
        self.invocation_id = told.invocation_id or self.invocation_id
        self._worked = self._worked or bool(told.done)
        self._crashed = self._crashed or told.crashed
        if told.error_code is not None:
            self._error_text = self._error_text or told.error_text
            self._refused(told)
        if told.progress is not None:
            yield from self._progress(*told.progress)
        if told.text:
            text = self._speech.hear(told.text, partial=told.partial)
            if text and told.choices:
                self.outcome.asked = True
                yield Question(text, told.choices)
            elif text:
                yield Text(text)

    def _refused(self, told: Heard) -> None:
        code = told.error_code or ""
        data = {} if told.register_url is None else {"register_url": told.register_url}
        self.outcome.refused = Refused(int(code) if code.isdecimal() else 0, 200, told.error_text, data)

    def _progress(self, stage: str, fraction: float) -> Generator[Shown, None, None]:
        """Told when it moved by a percent."""
        at = (stage, int(fraction * 100))
        if at != self._shown_progress:
            self._shown_progress = at
            text = said.STAGES.get(stage, said.WORKING).said(self._connection.language)
            yield Progress(f"{text} {at[1]}%", stage, fraction)

    def _still(self, now_s: float) -> Generator[Shown, None, None]:
        waited_s = now_s - self._begun_s
        if waited_s >= STILL_EVERY_S * (self._stills + 1):
            self._stills = int(waited_s // STILL_EVERY_S)
            yield StillWorking(said.STILL_WORKING.said(self._connection.language), waited_s)

    def _out_of_patience(self, now_s: float) -> End | None:
        if now_s - self._begun_s > LIMIT_S:
            return "too_long"
        if now_s - self._event_s > ONLY_HEARTBEATS_S:
            return "only_heartbeats"
        return "dropped" if self._beats and now_s - self._alive_s > _SILENCE_S else None

    def _again(self, before: State | None) -> Generator[Shown, None, End]:
        """After a connection broke off: the rest of the stream, else what the state says."""
        while self._frames.last_id is not None and self.invocation_id is not None:
            if self._resumed == len(_RESUMES_S):
                break
            self._connection.wait_s(_RESUMES_S[self._resumed])
            self._resumed += 1
            body, last_id = {"invocation_id": self.invocation_id}, self._frames.last_id
            known = frozenset[Remedy]({"new_session"})
            try:
                asking = self._connection.asked(partial(self._opened, body, last_id), without=known)
                arriving = yield from asking
            except (Unreachable, Dropped):
                continue
            except (Refused, Garbled):
                break
            return (yield from self._listen(arriving))
        return (yield from self._polled(before))

    def _polled(self, before: State | None) -> Generator[Shown, None, End]:
        """Look at the state until it has moved and stands still; five minutes at most."""
        language = self._connection.language
        yield Text(said.DROPPED.said(language))
        begun_s, last, looks = self._connection.clock.now_s(), before, 0
        while self._connection.clock.now_s() - begun_s < _POLL_LIMIT_S:
            self._connection.wait_s(_POLLS_S[min(looks, len(_POLLS_S) - 1)])
            looks += 1
            try:
                now = yield from self._state()
            except (Unreachable, Dropped):
                continue
            if self._is_elsewhere():
                return "told"
            if before is None and now is not None:
                yield Text(tracks.summary(now.draft, language))
                return "told"
            moved = before is not None and now is not None and differ(before, now)
            if moved and last is not None and now is not None and not differ(last, now):
                yield from self._tell_changes(before, now)
                return "told"
            last = now
        yield Trouble(said.LOST.said(language), "lost")
        self.outcome.troubled = self.outcome.may_ask_again = True
        return "told"

    def _last_words(self) -> Generator[Shown, None, None]:
        text = self._speech.end()
        if text:
            yield Text(text)

    def _told(self, end: End, before: State | None) -> Generator[Shown, None, None]:
        """What is still to be said when the stream is over."""
        language = self._connection.language
        if end == "told":
            return
        if self.outcome.refused is not None:
            if not self._speech.said and self._error_text and self.outcome.refused.code == 0:
                yield Text(shareable(self._error_text, self._connection.secrets))
            return
        if end == "over" and self._speech.said:
            return
        changed = yield from self._looked(before)
        trouble = {"too_long": said.TOO_LONG, "only_heartbeats": said.SILENT_TOO_LONG}.get(end)
        if trouble is not None and (not changed or end == "too_long"):
            self.outcome.troubled = True
            self.outcome.may_ask_again = end == "only_heartbeats"
            yield Trouble(trouble.said(language), end)
        elif not changed:
            yield from self._nothing()

    def _nothing(self) -> Generator[Shown, None, None]:
        """No words, and nothing changed."""
        language = self._connection.language
        self.outcome.troubled = True
        if self._crashed:
            yield Trouble(said.FAULT.said(language), "fault")
        elif self._speech.noise or self.outcome.actions or self._speech.actions:
            if not self._speech.actions:
                yield Trouble(said.FAILED.said(language), "failed")
                self.outcome.may_ask_again = True
        else:
            yield Trouble(said.NO_CHANGE.said(language), "no_change")

    def _looked(self, before: State | None) -> Generator[Shown, None, bool]:
        """Whether the state has moved since `before`; if so it is told how."""
        for pause_s in _SETTLES_S:
            if pause_s:
                self._connection.wait_s(pause_s)
            now = yield from self._state()
            if self._is_elsewhere():
                return True
            if now is not None and before is not None and differ(before, now):
                yield from self._tell_changes(before, now)
                return True
            if before is None or now is None:
                break
        return False

    def _is_elsewhere(self) -> bool:
        """Whether the session was lost meanwhile: that was said, and its states cannot be compared."""
        elsewhere = self._connection.session_id != self._session_id
        self.outcome.troubled = self.outcome.troubled or elsewhere
        return elsewhere

    def _tell_changes(self, before: State | None, now: State) -> Generator[Shown, None, None]:
        self.outcome.changed = True
        language = self._connection.language
        told = [] if before is None else changes(before, now, language)
        yield Text("\n".join(f"✅ {line}" for line in told) or tracks.summary(now.draft, language))

    def _state(self) -> Generator[Shown, None, State | None]:
        """The state, or None where the service shows none."""
        try:
            return (yield from self._connection.state())
        except Garbled:
            return None


def _saying(words: str) -> Json:
    return {"new_message": {"role": "user", "parts": [{"text": words}]}}
