"""What is let go: only what nobody refers to, and never a row before its time."""

import os
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from saycut.service import accounts, hooks, sessions
from saycut.service.errors import Unauthorized
from saycut.service.fsck import checked
from saycut.service.retention import sweep
from saycut.service.store import Stored, key_of
from saycut.service.tables import assets, deliveries, objects, renders, states, turns, users
from saycut.service.tables import sessions as rows
from tests.service.test_fsck import filled

DAY_S = 24 * 3600


def test_what_is_in_use_stays(tmp_path: Path) -> None:
    place = filled(tmp_path)
    assert sweep(place, time.time() + 1000 * DAY_S).objects == 0
    assert checked(place, deep=True).wrong == ()
    place.close()


def test_a_deleted_session_goes_with_its_files_after_a_week(tmp_path: Path) -> None:
    place = filled(tmp_path)
    with place.database.writing() as connection:
        row = connection.execute(sa.select(rows.c.id, rows.c.user_id)).one()
        sessions.delete(connection, sessions.of_user(connection, row.user_id, row.id))
    assert sweep(place, time.time() + 6 * DAY_S).sessions == 0
    swept = sweep(place, time.time() + 8 * DAY_S)
    assert (swept.sessions, swept.objects) == (1, 1)
    with place.database.reading() as connection:
        for table in (assets, objects, rows, states, turns):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert not list((tmp_path / "fetched").iterdir())
    assert checked(place).wrong == ()
    place.close()


def test_a_file_that_two_sessions_share_stays_for_the_other(tmp_path: Path) -> None:
    place = filled(tmp_path)
    with place.database.writing() as connection:
        row = connection.execute(sa.select(rows.c.id, rows.c.user_id)).one()
        (asset,) = sessions.assets_of(connection, row.id)
        size = connection.execute(sa.select(objects.c.size_bytes)).scalar_one()
        other = sessions.create(connection, row.user_id, "other", "en")
        sessions.add_asset(connection, other, Stored(asset.sha256, size), asset.name, asset.info)
        sessions.delete(connection, sessions.of_user(connection, row.user_id, row.id))
    assert sweep(place, time.time() + 30 * DAY_S).objects == 0
    assert checked(place, deep=True).wrong == ()
    place.close()


def test_files_of_old_renders_go_and_their_receipts_stay(tmp_path: Path) -> None:
    place = filled(tmp_path)
    out = tmp_path / "result.mp4"
    out.write_bytes(b"result")
    stored = place.store.publish_file(out)
    with place.database.writing() as connection:
        row = connection.execute(sa.select(rows.c.id, rows.c.user_id)).one()
        sessions.keep_object(connection, stored)
        connection.execute(
            renders.insert().values(
                user_id=row.user_id, id="r", session_id=row.id, body_sha256="", project="", options="",
                workflow_id="w", status="completed", progress=100, receipt="{}", sha256=stored.sha256,
                attribution="", created_at_s=time.time(), ended_at_s=time.time(),
            )
        )  # fmt: skip
    assert sweep(place, time.time() + 29 * DAY_S).renders == 0
    swept = sweep(place, time.time() + 31 * DAY_S)
    assert (swept.renders, swept.objects) == (1, 1)
    with place.database.reading() as connection:
        kept = connection.execute(sa.select(renders)).one()
    assert (kept.receipt, kept.sha256, kept.status) == ("{}", None, "completed")
    assert place.store.size_of(stored.sha256) is None
    assert checked(place, deep=True).wrong == ()
    place.close()


def test_announcements_go_a_month_after_they_have_ended(tmp_path: Path) -> None:
    place = filled(tmp_path)
    with place.database.writing() as connection:
        user_id = connection.execute(sa.select(rows.c.user_id)).scalar_one()
        hook = hooks.add(connection, user_id, "https://example.com/", ["turn.done"])
        sent = [hooks.send(connection, place.jobs, hook, "turn.done", {}).id for _ in range(3)]
        hooks.attempted(connection, sent[0], "204", "delivered")
        hooks.attempted(connection, sent[1], "410", "failed")
        hooks.attempted(connection, sent[2], "500", "waiting")
    assert sweep(place, time.time() + 29 * DAY_S).deliveries == 0
    assert sweep(place, time.time() + 31 * DAY_S).deliveries == 2
    with place.database.reading() as connection:
        assert connection.execute(sa.select(deliveries.c.id)).scalars().all() == sent[2:]
        assert hooks.recent(connection, hook, 10)[0].status == "waiting"
    place.close()


def test_what_came_without_its_row_goes_after_a_day(tmp_path: Path) -> None:
    place = filled(tmp_path)
    kept = {path.name for path in (tmp_path / "store").rglob("*") if path.is_file()}
    out = tmp_path / "left"
    out.write_bytes(b"the database was full")
    stored = place.store.publish_file(out)
    (tmp_path / "inbox" / "in-cut-off").write_bytes(b"we were killed")
    assert sweep(place).objects == 0
    assert place.store.size_of(stored.sha256) == stored.size_bytes
    assert sweep(place, time.time() + 2 * DAY_S).objects == 1
    assert {path.name for path in (tmp_path / "store").rglob("*") if path.is_file()} == kept
    assert list((tmp_path / "inbox").iterdir()) == []
    assert checked(place, deep=True).wrong == ()
    place.close()


def test_content_that_comes_again_is_young_again(tmp_path: Path) -> None:
    place = filled(tmp_path)
    with place.database.writing() as connection:
        row = connection.execute(sa.select(rows.c.id, rows.c.user_id)).one()
        (asset,) = sessions.assets_of(connection, row.id)
        connection.execute(assets.delete())
        connection.execute(objects.update().values(created_at_s=0.0))
    lies_at = tmp_path / "store" / key_of(asset.sha256)
    os.utime(lies_at, (0.0, 0.0))
    copy = tmp_path / "again"
    copy.write_bytes(lies_at.read_bytes())
    assert place.store.publish_file(copy).sha256 == asset.sha256  # its row is yet to come
    assert sweep(place).objects == 0
    assert lies_at.exists()
    os.utime(lies_at, (0.0, 0.0))
    assert sweep(place).objects == 1
    assert not lies_at.exists()
    place.close()


def test_what_the_engine_keeps_of_a_job_goes_after_a_week(tmp_path: Path) -> None:
    place = filled(tmp_path)
    with place.database.writing() as connection:
        for name in ("over", "waiting"):
            place.jobs.render(connection, name, "somebody")
        now_ms = int(time.time() * 1000)
        ended = (
            "UPDATE workflow_status SET status = 'SUCCESS', completed_at = :at WHERE workflow_uuid = 'over'"
        )
        assert connection.execute(sa.text(ended), {"at": now_ms}).rowcount == 1
    assert sweep(place, time.time() + 6 * DAY_S).jobs == 0
    assert sweep(place, time.time() + 8 * DAY_S).jobs == 1
    with place.database.reading() as connection:
        left = connection.execute(sa.text("SELECT workflow_uuid FROM workflow_status")).scalars().all()
    assert "waiting" in left
    assert "over" not in left
    place.close()


def test_tokens_that_ran_out_or_were_revoked_go_after_a_month(tmp_path: Path) -> None:
    place = filled(tmp_path)
    with place.database.writing() as connection:
        user_id = connection.execute(sa.select(users.c.id)).scalars().first()
        assert user_id is not None
        expired = accounts.issue(connection, user_id, expires_at_s=time.time())
        revoked = accounts.issue(connection, user_id)
        accounts.revoke(connection, revoked.token)
        kept = accounts.issue(connection, user_id)
    assert sweep(place, time.time() + 29 * DAY_S).tokens == 0
    assert sweep(place, time.time() + 31 * DAY_S).tokens == 2
    with place.database.reading() as connection:
        assert accounts.whose(connection, kept.token).id == user_id
        for gone in (expired, revoked):
            with pytest.raises(Unauthorized):
                accounts.whose(connection, gone.token)
    place.close()


def test_folders_of_jobs_that_never_tidied_up_go_after_a_day(tmp_path: Path) -> None:
    place = filled(tmp_path)
    left, parts, glances = (place.work / name for name in ("rnd_left", "rnd_left.3", "glances"))
    for folder in (left, parts, glances):
        folder.mkdir(exist_ok=True)
    sweep(place, time.time() + 0.5 * DAY_S)
    assert left.exists()
    sweep(place, time.time() + 2 * DAY_S)
    assert [folder.exists() for folder in (left, parts, glances)] == [False, False, True]
    place.close()
