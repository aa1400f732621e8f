"""What fsck finds, and that a backup of a service in use is whole."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from saycut.errors import NotFound, Usage
from saycut.media.probe import probe
from saycut.service import accounts, backup, ledger, sessions, uploads
from saycut.service.accounts import User
from saycut.service.fsck import checked
from saycut.service.store import key_of
from saycut.service.tables import accounts as account_rows
from saycut.service.tables import states
from saycut.service.workplace import ServiceSettings, Workplace
from tests.factory import make


def filled(folder: Path) -> Workplace:
    """A service with one user, one session and one film."""
    place = Workplace(ServiceSettings(data_dir=folder))
    with place.database.writing() as connection:
        user_id = accounts.new_user(connection, "anonymous")
        session = sessions.create(connection, user_id, "film", "en")
        ledger.hold(connection, user_id, "turn-1", 5, "mute")
        ledger.capture(connection, "turn-1")
    user = User(user_id, "anonymous", frozenset())
    with place.store.incoming(None) as incoming:
        incoming.write(make("cfr30").read_bytes())
        received = uploads.receive(place, "film.mp4", incoming)
    uploads.add(place, user, session, [received])
    return place


def test_what_is_whole_is_clean(tmp_path: Path) -> None:
    place = filled(tmp_path)
    found = checked(place, deep=True)
    assert found.wrong == ()
    assert (found.objects, found.sessions, found.accounts) == (1, 1, 1)
    place.close()


def test_everything_that_is_wrong_is_named(tmp_path: Path) -> None:
    place = filled(tmp_path)
    with place.database.reading() as connection:
        sha256 = connection.execute(sa.text("SELECT sha256 FROM objects")).scalar_one()
    lies_at = tmp_path / "store" / key_of(sha256)
    whole = lies_at.read_bytes()
    lies_at.unlink()
    lies_at.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    assert checked(place).wrong == ()
    assert "content" in checked(place, deep=True).wrong[0]
    lies_at.write_bytes(whole[:-1])
    assert "bytes instead of" in checked(place).wrong[0]
    lies_at.unlink()
    assert "not in the store" in checked(place).wrong[0]
    lies_at.write_bytes(whole)
    with place.database.writing() as connection:
        connection.execute(account_rows.update().values(available=account_rows.c.available + 1))
        connection.execute(states.update().where(states.c.place == 1).values(after=1))
    assert any("does not hang together" in line for line in checked(place).wrong)
    with place.database.writing() as connection:
        connection.execute(states.update().where(states.c.place == 1).values(project="{}", after=0))
    wrong = " ".join(checked(place).wrong)
    assert "account" in wrong
    assert "cannot be read" in wrong
    with place.database.writing() as connection:
        connection.execute(states.delete().where(states.c.place == 0))
    assert "gap" in " ".join(checked(place).wrong)
    place.close()


def test_a_backup_is_taken_in_use_and_restored_whole(tmp_path: Path) -> None:
    place = filled(tmp_path / "data")
    assert backup.backup(place, tmp_path / "kept") == 1
    assert backup.backup(place, tmp_path / "kept") == 0
    place.close()
    settings = ServiceSettings(data_dir=tmp_path / "again")
    assert backup.restore(settings, tmp_path / "kept") == 1
    with pytest.raises(Usage, match="already"):
        backup.restore(settings, tmp_path / "kept")
    with pytest.raises(NotFound):
        backup.restore(ServiceSettings(data_dir=tmp_path / "third"), tmp_path / "nothing")
    again = Workplace(settings)
    assert checked(again, deep=True).wrong == ()
    with again.database.reading() as connection:
        row = sessions.assets_of(
            connection, connection.execute(sa.text("SELECT id FROM sessions")).scalar_one()
        )[0]
    assert probe(again.store.path_of(row.sha256, row.name)).duration_s == 3
    again.close()
