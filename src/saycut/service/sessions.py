"""Sessions: a timeline that is kept, with its files, its history and what was said about it.

Every change is one transaction that also moves `version` on, so that a client can tell whether anything
has changed since it looked.
"""

import secrets
import time
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from saycut.media.info import MediaInfo, Source, info_from_json, info_to_json
from saycut.service.errors import SessionNotFound
from saycut.service.store import Store, Stored
from saycut.service.tables import assets, objects, sessions, states
from saycut.timeline.history import Entry, History
from saycut.timeline.project import Project
from saycut.timeline.stored import from_text, to_text

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


def create(connection: sa.Connection, user_id: str, name: str, language: str, app: str = APP) -> SessionRow:
    """A new session with an empty timeline."""
    made = SessionRow(
        id=f"ses_{secrets.token_urlsafe(12)}",
        task_id=f"tsk_{secrets.token_urlsafe(12)}",
        user_id=user_id,
        app=app,
        name=name,
        language=language,
        place=0,
        version=0,
        created_at_s=time.time(),
    )
    connection.execute(sessions.insert().values(**msgspec.structs.asdict(made)))
    _keep(connection, made.id, 0, Entry(project=Project()))
    return made


def of_user(connection: sa.Connection, user_id: str, session_id: str) -> SessionRow:
    """The session of that id when it is `user_id`'s. Raises SessionNotFound, for others' as for none."""
    columns = [sessions.c[name] for name in SessionRow.__struct_fields__]
    row = connection.execute(
        sa.select(*columns).where(
            sessions.c.id == session_id,
            sessions.c.user_id == user_id,
            sessions.c.deleted_at_s.is_(None),
        )
    ).first()
    if row is None:
        raise SessionNotFound()
    return SessionRow(*row)


def delete(connection: sa.Connection, user_id: str, session_id: str) -> None:
    """Take a session out of sight; its files go with the retention. Raises SessionNotFound."""
    of_user(connection, user_id, session_id)
    connection.execute(sessions.update().where(sessions.c.id == session_id).values(deleted_at_s=time.time()))


def history(connection: sa.Connection, session: SessionRow) -> History:
    """Every state the session has been in, and the place in it."""
    rows = connection.execute(
        sa.select(states).where(states.c.session_id == session.id).order_by(states.c.place)
    ).all()
    entries = tuple(
        Entry(project=from_text(row.project), said=row.said, version=row.version_name) for row in rows
    )
    return History(entries=entries, place=session.place)


def keep_history(connection: sa.Connection, session: SessionRow, before: History, after: History) -> int:
    """Write what `after` has and `before` had not; the version it now has."""
    same = 0
    while same < min(len(before.entries), len(after.entries)) and before.entries[same] == after.entries[same]:
        same += 1
    connection.execute(states.delete().where(states.c.session_id == session.id, states.c.place >= same))
    for place in range(same, len(after.entries)):
        _keep(connection, session.id, place, after.entries[place])
    return _moved_on(connection, session.id, place=after.place)


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


def _keep(connection: sa.Connection, session_id: str, place: int, entry: Entry) -> None:
    connection.execute(
        states.insert().values(
            session_id=session_id,
            place=place,
            project=to_text(entry.project),
            said=entry.said,
            version_name=entry.version,
            created_at_s=time.time(),
        )
    )


def _moved_on(connection: sa.Connection, session_id: str, **values: int) -> int:
    version: int = connection.execute(
        sessions.update()
        .where(sessions.c.id == session_id)
        .values(version=sessions.c.version + 1, **values)
        .returning(sessions.c.version)
    ).scalar_one()
    return version
