"""Uploads: files become assets of a session and lie on its timeline; all of them, or none."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from saycut.errors import LimitExceeded, SaycutError
from saycut.media.info import MediaInfo
from saycut.media.probe import probe
from saycut.service import sessions
from saycut.service.accounts import User
from saycut.service.fetch.download import fetch
from saycut.service.fetch.rules import FetchRules
from saycut.service.sessions import AssetRow, SessionRow
from saycut.service.store import Incoming, Store, Stored, on_disk
from saycut.service.workplace import Workplace
from saycut.studio.bringing import with_files
from saycut.studio.opening import MAX_FILES, asset_of

_MOST_FETCHED_BYTES = 20 << 30


class Received(msgspec.Struct, frozen=True):
    """A file that is whole: in the store, and known for what it is."""

    name: str
    stored: Stored
    info: MediaInfo


def check_room(workplace: Workplace, user: User, session: SessionRow, coming_bytes: int) -> None:
    """Raises LimitExceeded when so much more is over what the plan keeps, or the session holds too many."""
    most = user.plan.stored_bytes
    with workplace.database.reading() as connection:
        taken = sessions.stored_bytes(connection, user.id)
        count = len(sessions.assets_of(connection, session.id))
    if most is not None and taken + coming_bytes > most:
        most_gb = most / (1 << 30)
        raise LimitExceeded(
            reason=f"Your files may take {most_gb:.0f} GB; delete a session first.",
            reason_zh=f"文件总量最多 {most_gb:.0f} GB，请先删除一些会话。",
        )
    if count >= MAX_FILES:
        raise LimitExceeded(
            reason=f"A session takes {MAX_FILES} files.", reason_zh=f"一个会话最多 {MAX_FILES} 个文件。"
        )


def receive(workplace: Workplace, name: str, incoming: Incoming) -> Received:
    """Put a file that has come whole into the store and look at it. Raises as `probe`, naming the file."""
    stored = incoming.finish()
    named = incoming.path.with_name(f"{incoming.path.name}-{on_disk(name)}")
    incoming.path.rename(named)  # refusals name the file as its owner does
    try:
        info = probe(named)
    except SaycutError as error:
        _by_its_name(error, named, name)
        raise
    finally:
        named.rename(incoming.path)
    workplace.store.publish(incoming, stored)
    return Received(name, stored, info)


def fetched(workplace: Workplace, user: User, url: str, incoming: Incoming) -> str:
    """Fetch a link of the user into `incoming`; the name it has. Raises as `fetch`."""
    settings = workplace.settings
    most = user.plan.upload_bytes
    rules = FetchRules(
        allowed_networks=settings.fetch_networks,
        ports=settings.fetch_ports,
        most_bytes=_MOST_FETCHED_BYTES if most is None else most,
    )
    return fetch(url, incoming.write, rules=rules).name


def add(workplace: Workplace, user: User, session: SessionRow, files: Sequence[Received]) -> list[AssetRow]:
    """All of `files` become assets, in order, and lie on the timeline as a first look would lay them."""
    with workplace.database.writing() as connection:
        return add_within(connection, workplace.store, user, session.id, files)


def add_within(
    connection: sa.Connection, store: Store, user: User, session_id: str, files: Sequence[Received]
) -> list[AssetRow]:
    """The same as a part of a transaction that writes. Raises SessionNotFound."""
    session = sessions.of_user(connection, user.id, session_id)
    added = [sessions.add_asset(connection, session, f.stored, f.name, f.info) for f in files]
    before = sessions.outline(connection, session)
    brought = [asset_of(row.source_of(store), row.id) for row in added]
    after = before.then(with_files(before.project, brought), "")
    sessions.keep_history(connection, session, before, after)
    return added


def described(row: AssetRow) -> dict[str, Any]:
    """What a client is told about a file."""
    info = row.info
    told: dict[str, Any] = {
        "file_id": row.id,
        "name": row.name,
        "kind": info.kind,
        "duration_ms": round(info.duration_s * 1000),
        "size": info.byte_size,
    }
    if info.video is not None:
        told |= {"width": info.video.display_width, "height": info.video.display_height}
        told["frame_rate"] = round(float(info.video.frame_rate), 3)
    elif info.image is not None:
        told |= {"width": info.image.width, "height": info.image.height}
    if info.audio is not None:
        told |= {"sample_rate": info.audio.sample_rate_hz, "channels": info.audio.channels}
    return told


def _by_its_name(error: SaycutError, path: Path, name: str) -> None:
    for key, fact in error.facts.items():
        error.facts[key] = str(fact).replace(path.name, name)
