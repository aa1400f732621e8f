"""A resumable upload becomes an asset once: a crash between its last byte and its mark loses and doubles
nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from saycut.errors import DiskFull, Unsupported
from saycut.service import resumable, sessions, uploads
from saycut.service.accounts import User
from saycut.service.fsck import checked
from saycut.service.resumable import Resumable, UploadLocked, UploadNotFound
from saycut.service.workplace import ServiceSettings, Workplace
from tests.factory import make


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    made = Workplace(ServiceSettings(data_dir=tmp_path))
    yield made
    assert checked(made, deep=True).wrong == ()
    made.close()


def whole(place: Workplace, user: User, data: bytes) -> Resumable:
    """An upload whose last byte has come."""
    with place.database.writing() as connection:
        session = sessions.create(connection, user.id, "clip", "en")
    upload = resumable.begin(place, user, session.id, "film.mp4", len(data))
    with resumable.writing(place, upload, 0) as writing:
        writing.write(data)
    return upload


def files(place: Workplace, upload: Resumable) -> list[str]:
    with place.database.reading() as connection:
        return [row.name for row in sessions.assets_of(connection, upload.session_id)]


def left(place: Workplace) -> list[str]:
    """Files on their way that are still there."""
    folders = (place.resumables, place.settings.data_dir / "inbox")
    return [path.name for folder in folders for path in folder.iterdir()]


def test_the_asset_is_not_there_without_its_mark(place: Workplace, user: User) -> None:
    upload = whole(place, user, make("cfr30").read_bytes())
    with place.database.writing() as connection:
        connection.execute(
            sa.text(
                "CREATE TRIGGER broken BEFORE UPDATE ON resumables BEGIN SELECT RAISE(ABORT, 'broken'); END"
            )
        )
    with pytest.raises(sa.exc.IntegrityError, match="broken"):
        resumable.finish(place, user, upload)
    assert files(place, upload) == []
    assert resumable.offset(place, upload) == upload.size_bytes
    with place.database.writing() as connection:
        connection.execute(sa.text("DROP TRIGGER broken"))
    assert resumable.finished(place, user, upload).asset_id == "file-1"
    assert files(place, upload) == ["film.mp4"]
    assert left(place) == []


def test_a_request_that_comes_too_late_takes_nothing_twice(place: Workplace, user: User) -> None:
    upload = whole(place, user, make("cfr30").read_bytes())
    twin = place.resumables / "twin"
    twin.hardlink_to(place.resumables / upload.id)
    resumable.finish(place, user, upload)
    twin.rename(place.resumables / upload.id)  # as a crash before the last line of `finish` leaves it
    resumable.finish(place, user, upload)
    assert files(place, upload) == ["film.mp4"]
    assert resumable.finished(place, user, resumable.of_user(place, user, upload.id)).asset_id == "file-1"
    with pytest.raises(UploadNotFound):
        resumable.finish(place, user, upload)


def test_two_do_not_finish_at_once(place: Workplace, user: User) -> None:
    upload = whole(place, user, make("cfr30").read_bytes())
    with resumable.writing(place, upload, upload.size_bytes):
        with pytest.raises(UploadLocked):
            resumable.finish(place, user, upload)
        assert resumable.finished(place, user, upload).asset_id is None
    assert resumable.finished(place, user, upload).asset_id == "file-1"


def test_what_only_had_no_room_stays_and_what_is_no_media_goes(
    place: Workplace, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = whole(place, user, make("cfr30").read_bytes())

    def full(*_: object) -> None:
        raise DiskFull(folder="anywhere")

    with monkeypatch.context() as patch, pytest.raises(DiskFull):
        patch.setattr(uploads, "probe", full)
        resumable.finish(place, user, upload)
    assert resumable.finished(place, user, upload).asset_id == "file-1"
    wrong = whole(place, user, b"this is no film")
    with pytest.raises(Unsupported):
        resumable.finish(place, user, wrong)
    with pytest.raises(UploadNotFound):
        resumable.of_user(place, user, wrong.id)
    assert left(place) == []
