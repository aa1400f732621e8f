"""The store, in a folder and in a bucket. The bucket is moto's: it shows that the plumbing works, and says
nothing about signatures, which it does not check."""

import hashlib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from saycut.errors import LimitExceeded, NotFound
from saycut.service.store import Store, on_disk


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "folder":
        return Store(tmp_path)
    address = request.getfixturevalue("bucket")
    name = f"b{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:20]}"
    urllib.request.urlopen(urllib.request.Request(f"{address}/{name}", method="PUT")).close()
    settings = {
        "ENDPOINT_URL": address,
        "ACCESS_KEY_ID": "x",
        "SECRET_ACCESS_KEY": "y",
        "REGION": "us-east-1",
    }
    for key, value in {**settings, "ALLOW_HTTP": "true"}.items():
        monkeypatch.setenv(f"AWS_{key}", value)
    return Store(tmp_path, f"s3://{name}/media")


def put(store: Store, data: bytes) -> str:
    with store.incoming(None) as incoming:
        incoming.write(data)
        return store.publish(incoming, incoming.finish()).sha256


def test_what_was_put_is_there_by_its_content(store: Store) -> None:
    data = bytes(range(256)) * 50_000
    sha256 = put(store, data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert put(store, data) == sha256
    assert store.size_of(sha256) == len(data)
    assert b"".join(store.read(sha256)) == data
    assert b"".join(store.read(sha256, 5, 1_000_005)) == data[5:1_000_005]
    assert store.path_of(sha256, "film.mp4").read_bytes() == data
    assert store.path_of(sha256, "film.mp4") == store.path_of(sha256, "film.mp4")


def test_a_result_becomes_an_object(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"result")
    stored = store.publish_file(out)
    assert (stored.size_bytes, store.size_of(stored.sha256)) == (6, 6)


def test_what_was_removed_is_gone(store: Store) -> None:
    sha256 = put(store, b"x")
    store.path_of(sha256, "x.wav")
    store.remove(sha256)
    store.remove(sha256)
    assert store.size_of(sha256) is None
    with pytest.raises(NotFound):
        list(store.read(sha256))
    with pytest.raises(NotFound):
        store.path_of(sha256, "x.wav")


def test_too_many_bytes_are_refused_at_once_and_leave_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded), store.incoming(1 << 20) as incoming:
        incoming.write(bytes(1 << 20))
        incoming.write(b"x")
    assert [path for path in tmp_path.rglob("in-*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["film.mp4", "电" * 200 + ".mp4", "x" * 400, "a.b" * 100 + "." + "s" * 80])
def test_names_are_as_short_as_file_systems_want(name: str) -> None:
    short = on_disk(name)
    assert len(short.encode()) <= 255
    assert short[0] == name[0]
    assert name != "film.mp4" or short == name
