"""What an older Saycut wrote is carried over: a history that was a line is a line of the tree."""

from pathlib import Path

import sqlalchemy as sa

from saycut.service import accounts, sessions
from saycut.service.database import Database, sqlite_url
from saycut.service.fsck import checked
from saycut.service.workplace import ServiceSettings, Workplace
from saycut.timeline.history import History

# As the fourth version had it: no branches. What was said before stands in three states, one of them undone.
BEFORE_BRANCHES = (
    "ALTER TABLE states DROP COLUMN after",
    "ALTER TABLE states DROP COLUMN turn_id",
    "ALTER TABLE sessions DROP COLUMN tip",
    "ALTER TABLE turns DROP COLUMN on_place",
    "UPDATE alembic_version SET version_num = '0004'",
)


def as_a_line(folder: Path) -> str:
    """A database of the fourth version with one session; the user's id."""
    place = Workplace(ServiceSettings(data_dir=folder))
    with place.database.writing() as connection:
        user_id = accounts.new_user(connection, "anonymous")
        session = sessions.create(connection, user_id, "film", "en", alias="film")
        began = sessions.history(connection, session)
        then = began.then(began.project, "one").then(began.project, "two").undone()
        sessions.keep_history(connection, session, began, then)
        for statement in BEFORE_BRANCHES:
            connection.exec_driver_sql(statement)
    place.close()
    return user_id


def kept(database: Database, user_id: str) -> History:
    with database.reading() as connection:
        return sessions.history(connection, sessions.of_user(connection, user_id, "film"))


def test_a_line_stays_a_line_and_what_was_undone_can_be_done_again(tmp_path: Path) -> None:
    user_id = as_a_line(tmp_path)
    with sa.create_engine(sqlite_url(tmp_path)).connect() as old:
        assert "after" not in {column["name"] for column in sa.inspect(old).get_columns("states")}
    place = Workplace(ServiceSettings(data_dir=tmp_path))
    history = kept(place.database, user_id)
    assert [(entry.said, entry.after) for entry in history.entries] == [("", None), ("one", 0), ("two", 1)]
    assert (history.place, history.line, history.redo_steps) == (1, (0, 1, 2), 1)
    assert checked(place).wrong == ()
    place.database.migrate()  # a second start changes nothing
    assert kept(place.database, user_id) == history
    place.close()
