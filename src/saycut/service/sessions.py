"""Sessions: a timeline that is kept, with its files, its history and what was said about it.

Every change is one transaction that also moves `version` on, so that a client can tell whether anything
has changed since it looked.
"""

import json
import secrets
import time
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from saycut.media.info import MediaInfo, Source, info_from_json, info_to_json
from saycut.service.errors import BadBody, Conflict, SessionNotFound, StaleVersion
from saycut.service.store import Store, Stored
from saycut.service.tables import assets, objects, sessions, states
from saycut.timeline.history import Entry, History
from saycut.timeline.project import Project
from saycut.timeline.stored import from_text, to_text

_EMPTY = Project()
APP = "nemo_agent"  # the name by which clients of the cloud service call the editing agent


class SessionRow(msgspec.Struct, frozen=True):
    """What is known of a session without its project."""

    id: str
    task_id: str
    user_id: str
    app: str
    name: str
    language: str
    place: int
    version: int
    created_at_s: float
    updated_at_s: float
    alias: str | None = None
    agent_state: str = "{}"
    tip: int = 0


class AssetRow(msgspec.Struct, frozen=True):
    """One uploaded file of a session."""

    id: str
    sha256: str
    name: str
    info: MediaInfo

    @property
    def info_json(self) -> str:
        """What a task is told about it."""
        return info_to_json(self.info).decode()

    def source_of(self, store: Store) -> Source:
        """The file on this machine."""
        return Source(store.path_of(self.sha256, self.name), self.info)


def create(
    connection: sa.Connection,
    user_id: str,
    name: str,
    language: str,
    *,
    alias: str | None = None,
    agent_state: str = "{}",
) -> SessionRow:
    """A new session with an empty timeline. Raises Conflict for an alias that this user has given already."""
    if alias is not None and _row(connection, user_id, alias) is not None:
        raise Conflict(reason=f"Session already exists: {alias}", reason_zh=f"会话已存在：{alias}")
    now_s = time.time()
    made = SessionRow(
        id=f"ses_{secrets.token_urlsafe(12)}",
        task_id=f"tsk_{secrets.token_urlsafe(12)}",
        user_id=user_id,
        app=APP,
        name=name,
        language=language,
        place=0,
        version=0,
        created_at_s=now_s,
        updated_at_s=now_s,
        alias=alias,
        agent_state=agent_state,
    )
    connection.execute(sessions.insert().values(**msgspec.structs.asdict(made)))
    _keep(connection, made.id, 0, Entry(project=Project()))
    return made


def of_user(connection: sa.Connection, user_id: str, session_id: str) -> SessionRow:
    """The session of that id or alias when it is `user_id`'s. Raises SessionNotFound, for others' as for
    none."""
    row = _row(connection, user_id, session_id)
    if row is None:
        raise SessionNotFound(session_id=session_id)
    return row


def check_version(session: SessionRow, version: int) -> None:
    """Raises StaleVersion when the session is at another."""
    if session.version != version:
        raise StaleVersion(now=session.version, asked=version)


def all_of_user(
    connection: sa.Connection, user_id: str, most: int, after: str | None = None
) -> list[SessionRow]:
    """The newest sessions of a user, at most so many, from the one `after` on. Raises SessionNotFound for an
    `after` that is not there."""
    wanted = _columns().where(sessions.c.user_id == user_id, sessions.c.deleted_at_s.is_(None))
    order = sa.tuple_(sessions.c.created_at_s, sessions.c.id)
    if after is not None:
        last = of_user(connection, user_id, after)
        wanted = wanted.where(order < sa.tuple_(last.created_at_s, last.id))
    newest = wanted.order_by(sessions.c.created_at_s.desc(), sessions.c.id.desc()).limit(most)
    return [SessionRow(*row) for row in connection.execute(newest)]


def delete(connection: sa.Connection, session: SessionRow) -> None:
    """Take a session out of sight; its files go with the retention, and its alias is free again."""
    connection.execute(
        sessions.update().where(sessions.c.id == session.id).values(deleted_at_s=time.time(), alias=None)
    )


def change_state(connection: sa.Connection, session: SessionRow, delta: dict[str, Any]) -> SessionRow:
    """The session with what its client keeps changed; keys of "temp:" are for one turn and not kept."""
    kept = {key: value for key, value in delta.items() if not key.startswith("temp:")}
    state = json.dumps({**json.loads(session.agent_state), **kept}, ensure_ascii=False)
    now_s = time.time()
    connection.execute(
        sessions.update().where(sessions.c.id == session.id).values(agent_state=state, updated_at_s=now_s)
    )
    return msgspec.structs.replace(session, agent_state=state, updated_at_s=now_s)


def history(connection: sa.Connection, session: SessionRow) -> History:
    """Every state the session has been in, and the place in it."""
    rows = connection.execute(
        sa.select(states).where(states.c.session_id == session.id).order_by(states.c.place)
    ).all()
    entries = tuple(
        Entry(project=from_text(row.project), said=row.said, version=row.version_name, after=row.after)
        for row in rows
    )
    return History(entries=entries, place=session.place, tip=session.tip)


def outline(connection: sa.Connection, session: SessionRow, *places: int) -> History:
    """The same with the projects of the present state and of `places` alone; the others are left empty.
    Projects of many cuts are large: whoever only walks in a history, or adds to it, reads no more of them."""
    here = states.c.session_id == session.id
    columns = sa.select(states.c.place, states.c.said, states.c.version_name, states.c.after)
    rows = connection.execute(columns.where(here).order_by(states.c.place)).all()
    wanted = here & states.c.place.in_({session.place, *places})
    projects = {
        row.place: from_text(row.project)
        for row in connection.execute(sa.select(states.c.place, states.c.project).where(wanted))
    }
    entries = tuple(
        Entry(
            project=projects.get(row.place, _EMPTY),
            said=row.said,
            version=row.version_name,
            after=row.after,
        )
        for row in rows
    )
    return History(entries=entries, place=session.place, tip=session.tip)


def project_at(connection: sa.Connection, session: SessionRow, place: int | None = None) -> Project:
    """The present state, or that at `place`. Raises BadBody where there is none."""
    at = session.place if place is None else place
    text = connection.execute(
        sa.select(states.c.project).where(states.c.session_id == session.id, states.c.place == at)
    ).scalar()
    if text is None:
        last = sa.select(sa.func.max(states.c.place)).where(states.c.session_id == session.id)
        raise _none_there(connection.execute(last).scalar_one(), "place")
    return from_text(text)


def at_place(history: History, place: int, field: str = "place") -> History:
    """The history at that state. Raises BadBody, naming the field, where there is none."""
    try:
        return history.to(place)
    except IndexError:
        raise _none_there(len(history.entries) - 1, field) from None


def _none_there(last: int, field: str) -> BadBody:
    return BadBody(field=field, reason=f"there are 0 to {last}", reason_zh=f"应在 0 到 {last} 之间")


def led_by(connection: sa.Connection, session: SessionRow) -> dict[int, str]:
    """The turns that led to the states, by place; none for uploads."""
    rows = connection.execute(
        sa.select(states.c.place, states.c.turn_id).where(
            states.c.session_id == session.id, states.c.turn_id.is_not(None)
        )
    )
    return {row.place: row.turn_id for row in rows}


def keep_history(
    connection: sa.Connection,
    session: SessionRow,
    before: History,
    after: History,
    *,
    steps: Sequence[dict[str, Any]] = (),
    turn_id: str | None = None,
) -> int:
    """Write what `after` has and `before`, which it began from, had not; the version it now has. `steps` and
    `turn_id` are what led to the first state that is new."""
    known = len(before.entries)
    for place, (was, entry) in enumerate(zip(before.entries, after.entries, strict=False)):
        if was.version != entry.version:
            its_own = (states.c.session_id == session.id, states.c.place == place)
            connection.execute(states.update().where(*its_own).values(version_name=entry.version))
    for place, entry in enumerate(after.entries[known:], known):
        if place == known:
            _keep(connection, session.id, place, entry, steps=_as_json(steps), turn_id=turn_id)
        else:
            _keep(connection, session.id, place, entry)
    return _moved_on(connection, session.id, place=after.place, tip=after.tip)


def measured(connection: sa.Connection, session: SessionRow) -> list[dict[str, Any]]:
    """What every turn did and measured that led to the present state, in order."""
    columns = sa.select(states.c.place, states.c.after, states.c.steps)
    rows = {row.place: row for row in connection.execute(columns.where(states.c.session_id == session.id))}
    texts: list[str] = []
    place: int | None = session.place
    while place is not None:  # from here back to the beginning, past what lies on other branches
        texts.append(rows[place].steps or "[]")
        place = rows[place].after
    return [step for text in reversed(texts) for step in json.loads(text)]


def _as_json(steps: Sequence[dict[str, Any]]) -> str | None:
    return json.dumps(list(steps), ensure_ascii=False) if steps else None


def touch(connection: sa.Connection, session_id: str) -> int:
    """Something that a client may see has changed; the version it now has."""
    return _moved_on(connection, session_id)


def add_asset(
    connection: sa.Connection, session: SessionRow, stored: Stored, name: str, info: MediaInfo
) -> AssetRow:
    """One more file of the session, after the others."""
    keep_object(connection, stored)
    position: int = connection.execute(
        sa.select(sa.func.count()).select_from(assets).where(assets.c.session_id == session.id)
    ).scalar_one()
    made = AssetRow(id=f"file-{position + 1}", sha256=stored.sha256, name=name, info=info)
    connection.execute(
        assets.insert().values(
            session_id=session.id,
            id=made.id,
            sha256=made.sha256,
            name=name,
            info=info_to_json(info).decode(),
            position=position,
            created_at_s=time.time(),
        )
    )
    return made


def keep_object(connection: sa.Connection, stored: Stored) -> None:
    """Record what lies in the store."""
    known = sa.select(objects.c.sha256).where(objects.c.sha256 == stored.sha256)
    if connection.execute(known).first() is None:
        row = {"sha256": stored.sha256, "size_bytes": stored.size_bytes, "created_at_s": time.time()}
        connection.execute(objects.insert().values(**row))


def assets_of(connection: sa.Connection, session_id: str) -> Sequence[AssetRow]:
    """The files of a session in the order they came."""
    rows = connection.execute(
        sa.select(assets).where(assets.c.session_id == session_id).order_by(assets.c.position)
    )
    return [AssetRow(r.id, r.sha256, r.name, info_from_json(r.info.encode())) for r in rows]


def stored_bytes(connection: sa.Connection, user_id: str) -> int:
    """What the files of a user take, each content counted once."""
    mine = (
        sa.select(assets.c.sha256)
        .join(sessions, sessions.c.id == assets.c.session_id)
        .where(sessions.c.user_id == user_id, sessions.c.deleted_at_s.is_(None))
        .distinct()
    )
    total = connection.execute(
        sa.select(sa.func.coalesce(sa.func.sum(objects.c.size_bytes), 0)).where(objects.c.sha256.in_(mine))
    ).scalar_one()
    return int(total)


def _columns() -> sa.Select[Any]:
    return sa.select(*(sessions.c[name] for name in SessionRow.__struct_fields__))


def _row(connection: sa.Connection, user_id: str, known_as: str) -> SessionRow | None:
    row = connection.execute(_NAMED, {"known_as": known_as, "of": user_id}).first()
    return None if row is None else SessionRow(*row)


_NAMED = _columns().where(  # asked by most requests: put together once
    sa.or_(sessions.c.id == sa.bindparam("known_as"), sessions.c.alias == sa.bindparam("known_as")),
    sessions.c.user_id == sa.bindparam("of"),
    sessions.c.deleted_at_s.is_(None),
)


def _keep(
    connection: sa.Connection,
    session_id: str,
    place: int,
    entry: Entry,
    *,
    steps: str | None = None,
    turn_id: str | None = None,
) -> None:
    connection.execute(
        states.insert().values(
            session_id=session_id,
            place=place,
            project=to_text(entry.project),
            said=entry.said,
            version_name=entry.version,
            steps=steps,
            after=entry.after,
            turn_id=turn_id,
            created_at_s=time.time(),
        )
    )


def _moved_on(connection: sa.Connection, session_id: str, **values: int) -> int:
    version: int = connection.execute(
        sessions.update()
        .where(sessions.c.id == session_id)
        .values(version=sessions.c.version + 1, updated_at_s=time.time(), **values)
        .returning(sessions.c.version)
    ).scalar_one()
    return version
