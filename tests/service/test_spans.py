"""Long renders in spans: shared by workers, joined without a seam, never begun anew for the death of one."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import pytest
import sqlalchemy as sa

from saycut.media.picture import BlankRun, PicturePlan
from saycut.media.picture_encode import encode_picture
from saycut.service import accounts, mending, renders, sessions, spans
from saycut.service.database import Database, sqlite_url
from saycut.service.renders import RenderRow
from saycut.service.store import Store
from saycut.service.tables import renders as render_table
from saycut.service.tables import spans as span_table
from saycut.service.workplace import ServiceSettings, Workplace
from tests.factory import Clip, Picture, make, read_frame_indices
from tests.http.server import Client, Server, serving
from tests.postgres import Cluster
from tests.service.test_mending import gave_up
from tests.service.test_workers import served, worker
from tests.waiting import until

# Three minutes that are encoded in seconds.
LONG = Clip(picture=Picture(width=160, height=90, frames=1800, rate=Fraction(10)))
SPANS, SPAN_FRAMES = 3, 600


def rendering(server: Server, clip: Clip = LONG) -> Client:
    """Somebody whose long "render_1" is under way."""
    client = server.client()
    session = client.session()
    assert client.upload(session, make(clip)).status_code == 200
    client.say(session, "rotate it")
    assert client.submit(session, "render_1").status_code == 200
    return client


def done_by(database: Database, kind: str = "run_span") -> list[str]:
    """Who did the jobs of that kind, one name for each."""
    schema = "" if database.is_sqlite else "dbos."
    query = f"SELECT executor_id FROM {schema}workflow_status WHERE name = '{kind}' AND status = 'SUCCESS'"
    with database.reading() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql(query)]


def left_after_a_span(shared: tuple[Server, Database, str], folder: Path, name: str) -> Client:
    """Somebody whose render "render_1" was left by its worker, which died for good when a span was done."""
    server, database, url = shared
    with worker(folder, url, name) as doomed:
        client = rendering(server)
        until("a span is done", lambda: any(row.is_done for row in span_rows(database)))
        os.killpg(doomed.pid, signal.SIGKILL)
        doomed.wait()
    return client


def span_rows(database: Database) -> list[spans.SpanRow]:
    with database.reading() as connection:
        found = connection.execute(sa.select(span_table.c.workflow_id).distinct()).scalars().all()
        return [row for workflow_id in found for row in spans.of_render(connection, workflow_id)]


@pytest.fixture
def shared(postgres: Cluster, tmp_path: Path) -> Iterator[tuple[Server, Database, str]]:
    """A server without a worker, and its database."""
    url = postgres.database()
    server = served(tmp_path, url)
    with closing(Database(url)) as database:
        yield server, database, url
    server.stop()


def test_a_long_render_on_one_machine(tmp_path: Path) -> None:
    with serving(tmp_path) as server, closing(Database(sqlite_url(tmp_path))) as database:
        client = rendering(server)
        told = client.finished("render_1")
        assert told["status"] == "completed", told
        file = tmp_path / "result.mp4"
        file.write_bytes(client.http.get(told["output"]["url"]).content)
        receipt = client.http.get("/api/v1/jobs/render_1/receipt").json()["receipt"]
        assert len(done_by(database)) == SPANS
        assert len(done_by(database, "run_join")) == 1
        assert span_rows(database) == []
    shown = [stamp.index for stamp in read_frame_indices(file)]
    assert len(shown) == 1800
    assert all(index in (None, place) for place, index in enumerate(shown))
    assert (receipt["frames"], receipt["video"], receipt["encoder"]) == (1800, "encoded", "x264")
    assert receipt["av_end_difference_ms"] <= 100
    assert Store(tmp_path).renders_with_parts() == set()


@pytest.mark.soak
def test_two_workers_share_the_spans(shared: tuple[Server, Database, str], tmp_path: Path) -> None:
    server, database, url = shared
    with worker(tmp_path, url, "one"), worker(tmp_path, url, "two"):
        assert rendering(server).finished("render_1")["status"] == "completed"
    assert set(done_by(database)) == {"one", "two"}
    assert len(done_by(database)) == SPANS


@pytest.mark.soak
def test_what_is_encoded_is_not_encoded_again(shared: tuple[Server, Database, str], tmp_path: Path) -> None:
    """A worker dies for good when a span is done. What it had made is exchanged for black pictures, which
    then have to be in the result."""
    _, database, url = shared
    client = left_after_a_span(shared, tmp_path, "doomed")
    done = [row for row in span_rows(database) if row.is_done]
    assert 0 < len(done) < SPANS
    black = PicturePlan((BlankRun(SPAN_FRAMES),), width=90, height=160, frame_rate=Fraction(10))
    for row in done:
        part = Store(tmp_path).part(row.workflow_id, row.number, tmp_path)
        assert part is not None
        encode_picture(black, part, work=tmp_path)
    with worker(tmp_path, url, "heir"):
        told = client.finished("render_1")
        file = tmp_path / "result.mp4"
        file.write_bytes(client.http.get(told["output"]["url"]).content)
    dark = [place for place, light in enumerate(lightness(file)) if light < 20]
    assert dark == [n for row in done for n in range(row.first_frame, row.end_frame)]


def lightness(path: Path) -> list[float]:
    with av.open(str(path)) as file:
        return [float(frame.to_ndarray(format="gray").mean()) for frame in file.decode(video=0)]


@pytest.mark.soak
def test_a_long_render_is_cancelled_with_all_its_spans(tmp_path: Path) -> None:
    with serving(tmp_path) as server, closing(Database(sqlite_url(tmp_path))) as database:
        client = rendering(server)
        until("a span is done", lambda: any(row.is_done for row in span_rows(database)))
        answer = client.http.post("/api/v1/jobs/render_1/cancel")
        assert answer.json()["status"] == "cancelled"
        assert span_rows(database) == []
        until("what was begun is gone", lambda: Store(tmp_path).renders_with_parts() == set())
        assert client.http.get("/readyz").json()["workers"] == 1


@pytest.mark.soak
def test_what_was_encoded_goes_though_nobody_works_when_it_is_cancelled(
    shared: tuple[Server, Database, str], tmp_path: Path
) -> None:
    _, _, url = shared
    client = left_after_a_span(shared, tmp_path, "one")
    assert Store(tmp_path).renders_with_parts() != set()
    client.http.post("/api/v1/jobs/render_1/cancel")
    with worker(tmp_path, url, "two"):
        until("what was encoded is gone", lambda: Store(tmp_path).renders_with_parts() == set())


@pytest.mark.soak
def test_a_missing_part_is_no_missing_result(shared: tuple[Server, Database, str], tmp_path: Path) -> None:
    """Of a store that lost something, or a backup that never had it."""
    _, database, url = shared
    client = left_after_a_span(shared, tmp_path, "one")
    Store(tmp_path).drop_parts(span_rows(database)[0].workflow_id)
    with worker(tmp_path, url, "two"):
        told = client.finished("render_1")
    assert (told["status"], told["output"]["duration_ms"]) == ("completed", 180_000)


@pytest.fixture
def divided(tmp_path: Path) -> Iterator[tuple[Workplace, RenderRow]]:
    """A render in two spans, long under way."""
    place = Workplace(ServiceSettings(data_dir=tmp_path))
    with place.database.writing() as connection:
        token = accounts.issue(connection, accounts.new_user(connection, "anonymous")).token
        user = accounts.whose(connection, token)
        session = sessions.create(connection, user.id, "clip", "en")
        asked = {"session_id": session.id, "body_sha256": "0" * 64, "project": "{}", "options": "{}"}
        row = renders.begin(connection, user.id, "render_1", {**asked, "attribution": "{}"}, user.plan)
        place.jobs.render(connection, row.workflow_id, user.id)
        connection.execute(render_table.update().values(created_at_s=0.0))
        spans.divide(connection, place.jobs, row.workflow_id, user.id, [(0, 60), (60, 110)])
    yield place, row
    place.close()


def status(place: Workplace, row: RenderRow) -> str:
    with place.database.reading() as connection:
        return renders.of_user(connection, row.user_id, row.id).status


def ended(place: Workplace, job_id: str) -> None:
    table = "workflow_status" if place.database.is_sqlite else "dbos.workflow_status"
    with place.database.writing() as connection:
        done = connection.execute(
            sa.text(f"UPDATE {table} SET status = 'SUCCESS' WHERE workflow_uuid = :id"), {"id": job_id}
        )
        assert done.rowcount == 1


def test_a_divided_render_goes_on_when_its_first_job_is_over(divided: tuple[Workplace, RenderRow]) -> None:
    place, row = divided
    ended(place, row.workflow_id)
    assert mending.mend(place) == 0
    assert status(place, row) == "pending"


def test_a_span_that_was_given_up_ends_its_render(divided: tuple[Workplace, RenderRow]) -> None:
    place, row = divided
    ended(place, row.workflow_id)
    gave_up(place, f"{row.workflow_id}.1")
    assert mending.mend(place) == 1
    assert status(place, row) == "failed"


def test_only_the_last_span_calls_for_the_joining(divided: tuple[Workplace, RenderRow]) -> None:
    place, row = divided
    ended(place, row.workflow_id)
    for number in (1, 0):
        with place.database.writing() as connection:
            mine = spans.of_render(connection, row.workflow_id)[number]
            spans.advance(connection, mine, 50)
            assert 0 < spans.percent(spans.of_render(connection, row.workflow_id)) <= 100
            spans.finish(connection, place.jobs, mine, row.user_id)
            spans.finish(connection, place.jobs, mine, row.user_id)  # twice is as good as once
        ended(place, mine.id)
        assert place.jobs.over([mine.id]) == {mine.id: False}
        assert mending.mend(place) == 0
    gave_up(place, spans.join_id(row.workflow_id))
    assert mending.mend(place) == 1
    assert status(place, row) == "failed"
    with place.database.reading() as connection:
        assert spans.of_render(connection, row.workflow_id) == []
