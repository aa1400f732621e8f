"""Fetching from a server on loopback: what comes, what is refused half way, and what is never done."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

from saycut.errors import Cancelled, LimitExceeded, SaycutError, UrlFailed, UrlRefused
from saycut.service.fetch import refusals
from saycut.service.fetch.download import Fetched, fetch
from saycut.service.fetch.rules import FetchRules
from saycut.timeline.value import but
from saycut.watch import Watch
from saycut.words import Words
from tests.service.fetch.loopback_server import Answer, LoopbackServer, Talk, answering, leading, saying

OK = b"HTTP/1.1 200 OK\r\n"
FILM = bytes(range(256)) * 1000


def loopback(host: str) -> Sequence[str]:
    return ["127.0.0.1"]


def rules(server: LoopbackServer, **changes: object) -> FetchRules:
    opened = FetchRules(allowed_networks=("127.0.0.0/8",), ports=(server.port,), total_s=30.0)
    return but(opened, **changes)


def fetched(server: LoopbackServer, path: str = "/a.mp4", **changes: object) -> tuple[Fetched, bytes]:
    parts: list[bytes] = []
    came = fetch(server.url(path), parts.append, rules=rules(server, **changes), resolver=loopback)
    return came, b"".join(parts)


def refused_with(error: SaycutError, why: Words) -> bool:
    assert "127." not in error.sentence("en") + error.sentence("zh") + error.hint("en")
    return error.facts == {"reason": why.en, "reason_zh": why.zh}


def test_a_file_comes_whole_and_is_asked_for_plainly() -> None:
    with LoopbackServer({"/a.mp4": answering(FILM, "Content-Type: video/mp4; x=1")}) as server:
        came, film = fetched(server, "/a.mp4?x=1#y")
        assert film == FILM
        assert came == Fetched(name="a.mp4", size_bytes=len(FILM), content_type="video/mp4")
        lines = server.heads[0].decode().split("\r\n")
        assert lines[0] == "GET /a.mp4?x=1 HTTP/1.1"
        assert sorted(lines[1:-2]) == [
            "Accept-Encoding: identity",
            "Accept: */*",
            "Connection: close",
            f"Host: 127.0.0.1:{server.port}",
            "User-Agent: saycut",
        ]


@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
def test_redirects_are_followed_without_cookies(status: str) -> None:
    first = answering(b"", "Location: /b/c.mp4", "Set-Cookie: a=b", status=status)
    with LoopbackServer({"/a": first, "/b/c.mp4": answering(FILM)}) as server:
        came, film = fetched(server, "/a")
        assert (came.name, film) == ("c.mp4", FILM)
        assert b"Cookie" not in server.heads[1]


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    chain: dict[str, Answer] = {f"/{n}": leading(f"/{n + 1}") for n in range(6)}
    with LoopbackServer({**chain, "/6": answering(FILM)}) as server:
        assert fetched(server, "/1")[1] == FILM
        with pytest.raises(UrlRefused) as error:
            fetched(server, "/0")
        assert refused_with(error.value, refusals.REDIRECTS)


def test_every_hop_is_looked_up_and_checked_anew() -> None:
    """The first name leads to loopback, which is allowed here; the second to a network that is not."""
    zone = {"one.test": ["127.0.0.1"], "two.test": ["10.0.0.1"]}
    asked: list[str] = []

    def resolver(host: str) -> Sequence[str]:
        asked.append(host)
        return zone[host]

    with LoopbackServer({}) as server:
        server.answers["/a"] = leading(f"http://two.test:{server.port}/secret")
        with pytest.raises(UrlRefused) as error:
            fetch(server.url("/a", "one.test"), lambda _: None, rules=rules(server), resolver=resolver)
        assert refused_with(error.value, refusals.NOT_PUBLIC)
        assert asked == ["one.test", "two.test"]
        assert f"Host: one.test:{server.port}".encode() in server.heads[0]


def test_a_rebinding_name_reaches_only_the_address_that_was_checked() -> None:
    """The canary stands where the second answer of the name points; nobody may knock there."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])
    with socket.create_server(("127.0.0.2", 0)) as canary:
        canary.settimeout(0)
        with LoopbackServer({"/a": answering(FILM)}) as server:
            one = rules(server, allowed_networks=("127.0.0.1/32",))
            came = fetch(
                server.url("/a", "rebind.test"),
                lambda _: None,
                rules=one,
                resolver=lambda _: next(answers),
            )
            assert came.size_bytes == len(FILM)
            with pytest.raises(UrlRefused):
                fetch(
                    f"http://rebind.test:{canary.getsockname()[1]}/",
                    lambda _: None,
                    rules=but(one, ports=(canary.getsockname()[1],)),
                    resolver=lambda _: next(answers),
                )
        with pytest.raises(BlockingIOError):
            canary.accept()


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackServer({"/a.mp4": answering(FILM)}) as server, LoopbackServer({}) as canary:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, canary.url(""))
        assert fetched(server)[1] == FILM
        assert canary.heads == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (answering(FILM, length=len(FILM) + 1), refusals.CUT_SHORT),
        (saying(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n9\r\nab"), refusals.CUT_SHORT),
        (saying(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabcde\r\n"), refusals.CUT_SHORT),
        (answering(gzip.compress(bytes(100_000)), "Content-Encoding: gzip"), refusals.COMPRESSED),
        (answering(b"x", "Content-Encoding: br"), refusals.COMPRESSED),
        (saying(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), refusals.COMPRESSED),
        (saying(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), refusals.NO_HTTP),
        (saying(OK + b"Content-Length: -1\r\n\r\nab"), refusals.NO_HTTP),
        (saying(OK + b"Content-Length: +1\r\n\r\nab"), refusals.NO_HTTP),
        (saying(b"SSH-2.0-server\r\n"), refusals.NO_HTTP),
        (saying(b""), refusals.NO_HTTP),
        (saying(b"HTTP/1.1 99999 X\r\n\r\n"), refusals.NO_HTTP),
        (saying(OK + b"A: " + b"b" * 40_000 + b"\r\n\r\n"), refusals.HEADERS),
        (saying(OK + b"A: b\r\n" * 10_000 + b"\r\n"), refusals.NO_HTTP),
        (saying(OK + b"".join(b"A%d: %s\r\n" % (n, b"b" * 500) for n in range(90))), refusals.HEADERS),
        (saying(b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000), refusals.HEADERS),
    ],
)
def test_answers_that_lie_are_not_believed(answer: Answer, why: Words) -> None:
    with LoopbackServer({"/a.mp4": answer}) as server:
        with pytest.raises(UrlFailed) as error:
            fetched(server)
        assert refused_with(error.value, why)


@pytest.mark.parametrize("status", ["204 A", "206 B", "300 C", "304 D", "401 E", "403 F", "404 G", "500 H"])
def test_only_the_file_itself_is_taken(status: str) -> None:
    with LoopbackServer({"/a.mp4": answering(b"an error page", status=status)}) as server:
        with pytest.raises(UrlFailed) as error:
            fetched(server)
        assert status[:3] in error.value.sentence()


@pytest.mark.parametrize(
    "answer",
    [
        saying(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n"),
        saying(OK + b"\r\nabc"),
        saying(OK + b"Content-Length: 3\r\n\r\nabc and more than was said"),
        saying(OK + b"Content-Encoding: identity\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
        saying(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"),
    ],
)
def test_the_ways_to_end_a_body(answer: Answer) -> None:
    with LoopbackServer({"/a.mp4": answer}) as server:
        assert fetched(server)[1] == b"abc"


def test_an_empty_file_is_a_file() -> None:
    with LoopbackServer({"/a.mp4": answering(b"")}) as server:
        came = fetched(server)[0]
    assert came == Fetched(name="a.mp4", size_bytes=0, content_type="application/octet-stream")


def endless(talk: Talk) -> None:
    talk.send(OK + b"\r\n")
    while talk.send(FILM):
        pass


def test_a_body_without_an_end_is_cut_off_at_the_limit_in_constant_memory() -> None:
    came: list[int] = []
    with LoopbackServer({"/a.mp4": endless}) as server:
        tracemalloc.start()
        with pytest.raises(LimitExceeded) as error:
            fetch(
                server.url("/a.mp4"),
                lambda block: came.append(len(block)),
                rules=rules(server, most_bytes=20_000_000),
                resolver=loopback,
            )
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert error.value.sentence() == "The file at that address is larger than 20 MB."
    assert max(came) <= 65_536
    assert 19_900_000 < sum(came) <= 20_000_000
    assert peak < 3_000_000


def test_a_file_that_says_it_is_too_large_is_not_begun() -> None:
    parts: list[bytes] = []
    with LoopbackServer({"/a.mp4": answering(FILM)}) as server, pytest.raises(LimitExceeded):
        fetch(server.url("/a.mp4"), parts.append, rules=rules(server, most_bytes=1000), resolver=loopback)
    assert parts == []


def dripping_body(talk: Talk) -> None:
    talk.send(OK + b"\r\n")
    talk.drip(b"x", 0.01)


def dripping_head(talk: Talk) -> None:
    talk.send(OK)
    talk.drip(b"X", 0.01)


@pytest.mark.parametrize("answer", [dripping_body, dripping_head, Talk.silence])
def test_what_comes_too_slowly_is_given_up(answer: Answer) -> None:
    with LoopbackServer({"/a.mp4": answer}) as server:
        began = time.monotonic()
        with pytest.raises(UrlFailed) as error:
            fetched(server, speed_window_s=0.3)
        assert refused_with(error.value, refusals.TOO_SLOW)
        assert 0.3 <= time.monotonic() - began < 5


@pytest.mark.parametrize("answer", [dripping_body, dripping_head, Talk.silence])
def test_what_takes_too_long_is_given_up(answer: Answer) -> None:
    with LoopbackServer({"/a.mp4": answer}) as server:
        with pytest.raises(UrlFailed) as error:
            fetched(server, total_s=0.3)
        assert refused_with(error.value, refusals.TOO_LATE)


def test_a_slow_writer_is_not_a_slow_server() -> None:
    """The writer takes longer for a block than the window of the speed check is long."""
    with LoopbackServer({"/a.mp4": answering(FILM)}) as server:
        came: list[bytes] = []

        def slowly(block: bytes) -> None:
            if not came:
                threading.Event().wait(0.5)
            came.append(block)

        fetch(
            server.url("/a.mp4"),
            slowly,
            rules=rules(server, speed_window_s=0.1, min_bytes_per_s=1e6),
            resolver=loopback,
        )
        assert b"".join(came) == FILM


@pytest.mark.parametrize("answer", [dripping_body, dripping_head, Talk.silence])
def test_a_cancel_ends_it_at_once(answer: Answer) -> None:
    watch = Watch()
    ended: list[float] = []
    began = threading.Event()

    def noticed(talk: Talk) -> None:
        began.set()
        answer(talk)

    with LoopbackServer({"/a.mp4": noticed}) as server:

        def run() -> None:
            with pytest.raises(Cancelled):
                fetch(
                    server.url("/a.mp4"), lambda _: None, rules=rules(server), watch=watch, resolver=loopback
                )
            ended.append(time.monotonic())

        thread = threading.Thread(target=run)
        thread.start()
        assert began.wait(10)
        cancelled = time.monotonic()
        watch.cancel()
        thread.join(10)
    assert ended[0] - cancelled < 1


def test_a_look_up_that_never_ends_is_left_behind() -> None:
    over = threading.Event()
    watch = Watch()

    def stuck(host: str) -> Sequence[str]:
        watch.cancel()
        over.wait()
        return ["127.0.0.1"]

    def late(host: str) -> Sequence[str]:
        over.wait()
        return []

    with pytest.raises(Cancelled):
        fetch("http://a.test/", lambda _: None, watch=watch, resolver=stuck)
    with pytest.raises(UrlFailed) as error:
        fetch("http://a.test/", lambda _: None, rules=FetchRules(total_s=0.1), resolver=late)
    assert refused_with(error.value, refusals.TOO_LATE)
    over.set()


def test_the_second_address_is_tried_when_the_first_does_not_answer() -> None:
    with LoopbackServer({"/a.mp4": answering(FILM)}) as server:
        parts: list[bytes] = []
        fetch(
            server.url("/a.mp4", "two.test"),
            parts.append,
            rules=rules(server),
            resolver=lambda _: ["127.0.0.9", "127.0.0.1"],
        )
        assert b"".join(parts) == FILM
    with pytest.raises(UrlFailed) as error:
        fetch(server.url("/a.mp4"), parts.append, rules=rules(server), resolver=loopback)
    assert refused_with(error.value, refusals.UNREACHABLE)


def test_progress_is_told_and_what_the_writer_raises_comes_through() -> None:
    told: list[float] = []
    with LoopbackServer({"/a.mp4": answering(FILM)}) as server:
        watch = Watch(lambda _, fraction: told.append(fraction))
        fetch(server.url("/a.mp4"), lambda _: None, rules=rules(server), watch=watch, resolver=loopback)
        assert told == sorted(told)
        assert told[-1] == 1

        def full(block: bytes) -> None:
            raise OSError("no room")

        with pytest.raises(OSError, match="no room"):
            fetch(server.url("/a.mp4"), full, rules=rules(server), resolver=loopback)


# TLS, with a certificate made for the test


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: TLS is not tested")
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "certificate.pem"
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=film.test"
    named = ["-addext", "subjectAltName=DNS:film.test", "-keyout", str(key), "-out", str(made)]
    subprocess.run(["openssl", *asked.split(), *named], check=True, capture_output=True)
    return key, made


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    return context


def test_tls_goes_to_the_checked_address_under_the_checked_name(certificate: tuple[Path, Path]) -> None:
    names: list[str | None] = []
    context = server_context(certificate)
    context.sni_callback = lambda _, name, __: names.append(name)
    trusting = ssl.create_default_context(cafile=str(certificate[1]))
    with LoopbackServer({"/a.mp4": answering(FILM)}, context) as server:
        parts: list[bytes] = []
        url = server.url("/a.mp4", "film.test", "https")
        fetch(url, parts.append, rules=rules(server), resolver=loopback, context=trusting)
        assert b"".join(parts) == FILM
        assert names == ["film.test"]
        assert f"Host: film.test:{server.port}".encode() in server.heads[0]
        for other in ("other.test", "127.0.0.1"):
            with pytest.raises(UrlFailed) as error:
                url = server.url("/a.mp4", other, "https")
                fetch(url, parts.append, rules=rules(server), resolver=loopback, context=trusting)
            assert refused_with(error.value, refusals.CERTIFICATE)
        with pytest.raises(UrlFailed) as error:  # nobody vouches for it
            fetch(
                server.url("/a.mp4", "film.test", "https"),
                parts.append,
                rules=rules(server),
                resolver=loopback,
            )
        assert refused_with(error.value, refusals.CERTIFICATE)
        assert len(server.heads) == 1


def test_https_never_leads_to_http(certificate: tuple[Path, Path]) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate[1]))
    with LoopbackServer({"/b": answering(FILM)}) as plain:
        away = {"/a": leading(plain.url("/b"))}
        with LoopbackServer(away, server_context(certificate)) as server:
            both = rules(server, ports=(server.port, plain.port))
            with pytest.raises(UrlRefused) as error:
                fetch(
                    server.url("/a", "film.test", "https"),
                    lambda _: None,
                    rules=both,
                    resolver=loopback,
                    context=trusting,
                )
            assert refused_with(error.value, refusals.DOWNGRADE)
        assert plain.heads == []


@pytest.mark.parametrize("silent", ["handshake", "body"])
def test_a_silence_under_tls_is_given_up_too(certificate: tuple[Path, Path], silent: str) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate[1]))
    context = server_context(certificate) if silent == "body" else None
    with LoopbackServer({"/a": Talk.silence}, context) as server:
        with pytest.raises(UrlFailed) as error:
            fetch(
                server.url("/a", "film.test", "https"),
                lambda _: None,
                rules=rules(server, speed_window_s=0.3),
                resolver=loopback,
                context=trusting,
            )
        assert refused_with(error.value, refusals.TOO_SLOW)
