"""Which addresses are fetched from: the table of forms that have fooled other fetchers."""

import ipaddress
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.errors import SaycutError, UrlRefused
from saycut.service.fetch import refusals
from saycut.service.fetch.download import fetch
from saycut.service.fetch.private_ranges import REFUSED, is_public, may_be_reached, networks
from saycut.service.fetch.resolving import checked_addresses
from saycut.service.fetch.target import Target, led_to, target_of
from saycut.watch import Watch
from saycut.words import Words

PORTS = (80, 443, 8080, 8443)
PUBLIC_NAME, PRIVATE_NAME, MIXED_NAME = "public.test", "private.test", "mixed.test"
ZONE = {
    PUBLIC_NAME: ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"],
    PRIVATE_NAME: ["10.0.0.7"],
    MIXED_NAME: ["93.184.216.34", "127.0.0.1"],
    "localhost": ["127.0.0.1", "::1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "zoned.test": ["fe80::1%lo"],
    "empty.test": [],
    "nonsense.test": ["not an address"],
    "xn--bcher-kva.test": ["93.184.216.34"],
    "under_score.test": ["93.184.216.34"],
}


def resolver(host: str) -> Sequence[str]:
    if host not in ZONE:
        raise OSError(f"{host} is unknown")
    return ZONE[host]


NO_URL, NOT_PUBLIC = refusals.NO_URL, refusals.NOT_PUBLIC
TABLE: list[tuple[str, Words | None]] = [
    # what may be fetched
    ("http://public.test/a.mp4", None),
    ("https://public.test", None),
    ("HTTPS://PUBLIC.TEST/a", None),
    ("http://public.test./a", None),
    ("https://public.test:8443/a?b=c#d", None),
    ("http://public.test:/a", None),
    ("http://93.184.216.34/a", None),
    ("http://93.184.216.34./a", None),
    ("http://[2606:2800:220:1:248:1893:25c8:1946]:8080/", None),
    ("http://bücher.test/视频.mp4", None),
    ("http://ｐublic。test/", None),
    ("http://under_score.test/", None),
    ("  http://public.test/a  ", None),
    ("http://public.test/@private.test/a", None),
    ("http://public.test/?u=http://127.0.0.1/", None),
    # schemes
    ("file:///etc/passwd", refusals.SCHEME),
    ("ftp://public.test/a", refusals.SCHEME),
    ("gopher://127.0.0.1:25/_x", refusals.SCHEME),
    ("dict://127.0.0.1:11211/", refusals.SCHEME),
    ("data:video/mp4;base64,AAAA", refusals.SCHEME),
    ("javascript:alert(1)", refusals.SCHEME),
    ("ws://public.test/", refusals.SCHEME),
    ("jar:http://public.test!/", refusals.SCHEME),
    ("unix:///run/x.sock", refusals.SCHEME),
    ("rtmp://public.test/live", refusals.SCHEME),
    ("concat:http://public.test/a", refusals.SCHEME),
    ("", NO_URL),
    ("public.test/a.mp4", NO_URL),
    ("//public.test/a.mp4", NO_URL),
    ("/etc/passwd", NO_URL),
    ("http:public.test/a", NO_URL),
    ("http:///public.test/a", NO_URL),
    ("http://", NO_URL),
    ("http://?x", NO_URL),
    # user names, ports, separators
    ("http://user@public.test/", refusals.CREDENTIALS),
    ("http://user:word@public.test/", refusals.CREDENTIALS),
    ("http://public.test@127.0.0.1/", refusals.CREDENTIALS),
    ("http://127.0.0.1@public.test/", refusals.CREDENTIALS),
    ("http://public.test:80@127.0.0.1/", refusals.CREDENTIALS),
    ("http://@public.test/", refusals.CREDENTIALS),
    ("http://public.test:22/", refusals.PORT),
    ("http://public.test:0/", refusals.PORT),
    ("http://public.test:25/", refusals.PORT),
    ("http://public.test:6379/", refusals.PORT),
    ("http://public.test:65536/", NO_URL),
    ("http://public.test:-80/", NO_URL),
    ("http://public.test:８０/", NO_URL),
    ("http://public.test:80:81/", NO_URL),
    ("http://public.test\\@127.0.0.1/", NO_URL),
    ("http:\\\\public.test\\a", NO_URL),
    ("http://public.test/a b", NO_URL),
    ("http://public.test\t/a", NO_URL),
    ("http://pub\nlic.test/a", NO_URL),
    ("http://public.test/\r\nHost: private.test", NO_URL),
    ("http://public.test/\x00", NO_URL),
    ("http://public.test/\ud800", NO_URL),
    ("http://public.test/" + "a" * 5000, NO_URL),
    # numbers that some libraries take for an IPv4 address
    ("http://127.0.0.1/", NOT_PUBLIC),
    ("http://2130706433/", NO_URL),
    ("http://017700000001/", NO_URL),
    ("http://0x7f000001/", NO_URL),
    ("http://0x7f.0.0.1/", NO_URL),
    ("http://127.0.0.0x1/", NO_URL),
    ("http://0177.0.0.1/", NO_URL),
    ("http://127.0.0.01/", NO_URL),
    ("http://127.1/", NO_URL),
    ("http://127.0.1/", NO_URL),
    ("http://0/", NO_URL),
    ("http://127.0.0.1.1/", NO_URL),
    ("http://256.256.256.256/", NO_URL),
    ("http://127.0.0.1./", NOT_PUBLIC),
    ("http://127.0.0.1../", NO_URL),
    ("http://１２７.０.０.１/", NOT_PUBLIC),
    ("http://127。0。0。1/", NOT_PUBLIC),
    ("http://①②⑦.0.0.1/", NOT_PUBLIC),
    ("http://%31%32%37.0.0.1/", NO_URL),
    ("http://127.0.0.1%00.public.test/", NO_URL),
    # private and special IPv4
    ("http://0.0.0.0/", NOT_PUBLIC),
    ("http://10.1.2.3/", NOT_PUBLIC),
    ("http://100.64.0.1/", NOT_PUBLIC),
    ("http://100.100.100.200/latest/meta-data", NOT_PUBLIC),
    ("http://127.255.255.254/", NOT_PUBLIC),
    ("http://168.63.129.16/", NOT_PUBLIC),
    ("http://169.254.169.254/latest/meta-data", NOT_PUBLIC),
    ("http://172.16.0.1/", NOT_PUBLIC),
    ("http://172.31.255.255/", NOT_PUBLIC),
    ("http://192.0.0.192/", NOT_PUBLIC),
    ("http://192.0.2.1/", NOT_PUBLIC),
    ("http://192.88.99.1/", NOT_PUBLIC),
    ("http://192.168.0.1/", NOT_PUBLIC),
    ("http://198.19.0.1/", NOT_PUBLIC),
    ("http://198.51.100.1/", NOT_PUBLIC),
    ("http://203.0.113.1/", NOT_PUBLIC),
    ("http://224.0.0.1/", NOT_PUBLIC),
    ("http://239.255.255.250/", NOT_PUBLIC),
    ("http://240.0.0.1/", NOT_PUBLIC),
    ("http://255.255.255.255/", NOT_PUBLIC),
    # IPv6
    ("http://[::]/", NOT_PUBLIC),
    ("http://[::1]/", NOT_PUBLIC),
    ("http://[0:0:0:0:0:0:0:1]/", NOT_PUBLIC),
    ("http://[::127.0.0.1]/", NOT_PUBLIC),
    ("http://[::ffff:127.0.0.1]/", NOT_PUBLIC),
    ("http://[::ffff:7f00:1]/", NOT_PUBLIC),
    ("http://[::ffff:93.184.216.34]/", NOT_PUBLIC),
    ("http://[::ffff:0:127.0.0.1]/", NOT_PUBLIC),
    ("http://[64:ff9b::127.0.0.1]/", NOT_PUBLIC),
    ("http://[64:ff9b:1::a00:1]/", NOT_PUBLIC),
    ("http://[100::1]/", NOT_PUBLIC),
    ("http://[2001::7f00:1]/", NOT_PUBLIC),
    ("http://[2001:2::1]/", NOT_PUBLIC),
    ("http://[2001:10::1]/", NOT_PUBLIC),
    ("http://[2001:db8::1]/", NOT_PUBLIC),
    ("http://[2002:7f00:1::]/", NOT_PUBLIC),
    ("http://[2606:2800::5efe:127.0.0.1]/", NOT_PUBLIC),
    ("http://[2606:2800::200:5efe:a00:1]/", NOT_PUBLIC),
    ("http://[3fff::1]/", NOT_PUBLIC),
    ("http://[4000::1]/", NOT_PUBLIC),
    ("http://[5f00::1]/", NOT_PUBLIC),
    ("http://[fc00::1]/", NOT_PUBLIC),
    ("http://[fd00:ec2::254]/", NOT_PUBLIC),
    ("http://[fe80::1]/", NOT_PUBLIC),
    ("http://[fec0::1]/", NOT_PUBLIC),
    ("http://[ff02::1]/", NOT_PUBLIC),
    ("http://[fe80::1%25lo]/", NO_URL),
    ("http://[::1%lo]/", NO_URL),
    ("http://[::1/", NO_URL),
    ("http://::1/", NO_URL),
    ("http://[public.test]/", NO_URL),
    ("http://[v1.x]/", NO_URL),
    ("http://[::1]x/", NO_URL),
    # names
    ("http://localhost/", NOT_PUBLIC),
    ("http://localhost./", NOT_PUBLIC),
    ("http://LOCALHOST/", NOT_PUBLIC),
    ("http://ⓛocalhost/", NOT_PUBLIC),
    ("http://private.test/", NOT_PUBLIC),
    ("http://private.test./", NOT_PUBLIC),
    ("http://mixed.test/", NOT_PUBLIC),
    ("http://mapped.test/", NOT_PUBLIC),
    ("http://zoned.test/", NOT_PUBLIC),
    ("http://empty.test/", NOT_PUBLIC),
    ("http://nonsense.test/", NOT_PUBLIC),
    ("http://unknown.test/", NOT_PUBLIC),
    ("http://a..test/", NO_URL),
    ("http://.public.test/", NO_URL),
    ("http://-a.test/", NO_URL),
    ("http://" + "a" * 64 + ".test/", NO_URL),
    ("http://" + "a." * 130 + "test/", NO_URL),
    ("http://public.test／.private.test/", NO_URL),
]


def reached(url: str) -> tuple[str, ...]:
    target = target_of(url, PORTS)
    return tuple(map(str, checked_addresses(target, resolver, (), float("inf"), Watch())))


@pytest.mark.parametrize(("url", "why"), TABLE, ids=[ascii(url)[:60] for url, _ in TABLE])
def test_the_table_of_addresses(url: str, why: Words | None) -> None:
    if why is None:
        assert all(is_public(ipaddress.ip_address(text)) for text in reached(url))
        return
    with pytest.raises(UrlRefused) as refused:
        reached(url)
    assert refused.value.facts == {"reason": why.en, "reason_zh": why.zh}


def test_the_table_is_as_long_as_was_asked_for() -> None:
    assert len(dict(TABLE)) == len(TABLE) >= 60


@pytest.mark.parametrize(("network", "why"), REFUSED, ids=[str(network) for network, _ in REFUSED])
def test_every_range_is_refused_from_its_first_to_its_last_address(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network, why: str
) -> None:
    assert why
    assert not is_public(network[0])
    assert not is_public(network[-1])


@given(st.ip_addresses())
def test_nothing_is_public_that_the_registry_says_is_not(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not address.is_global or address.is_multicast:
        assert not is_public(address)


def test_only_the_networks_that_the_operator_names_are_opened() -> None:
    allowed = networks(("10.1.0.0/16", "fd00::/8"))
    opened = {text: may_be_reached(ipaddress.ip_address(text), allowed) for text in ("10.1.2.3", "fd00::1")}
    assert opened == {"10.1.2.3": True, "fd00::1": True}
    for text in ("10.2.0.1", "127.0.0.1", "::ffff:10.1.2.3", "fe80::1"):
        assert not may_be_reached(ipaddress.ip_address(text), allowed)
    with pytest.raises(ValueError, match="host bits"):
        networks(("10.1.0.1/16",))


def test_a_name_is_looked_up_once_and_a_second_answer_is_never_asked_for() -> None:
    asked: list[str] = []

    def rebinding(host: str) -> Sequence[str]:
        asked.append(host)
        return ["10.0.0.1"] if len(asked) == 1 else ["93.184.216.34"]

    with pytest.raises(UrlRefused):
        fetch("http://public.test/", lambda _: None, resolver=rebinding)
    assert asked == ["public.test"]


@pytest.mark.parametrize(
    ("start", "location", "leads_to"),
    [
        ("http://public.test/a/b", "c?d", "http://public.test:80/a/c?d"),
        ("http://public.test/a/b", "/c", "http://public.test:80/c"),
        ("http://public.test/a", "//other.test/c", "http://other.test:80/c"),
        ("http://public.test/a", "https://other.test/c", "https://other.test:443/c"),
        ("https://public.test:8443/a", "?x=1", "https://public.test:8443/a?x=1"),
        ("http://[2606::1]/a", "b", "http://[2606::1]:80/b"),
    ],
)
def test_where_a_redirect_leads(start: str, location: str, leads_to: str) -> None:
    assert led_to(target_of(start, PORTS), location, PORTS).url == leads_to


@pytest.mark.parametrize(
    "location",
    [
        "http://public.test/b",
        "ftp://public.test/b",
        "https://u:p@public.test/",
        "https://[::1",
        "file:///b",
    ],
)
def test_where_a_redirect_may_not_lead(location: str) -> None:
    target = target_of("https://public.test/a", PORTS)
    with pytest.raises(UrlRefused):
        led_to(target, location, PORTS)


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: "http://" + text))
def test_any_text_is_a_target_or_refused(text: str) -> None:
    try:
        target = target_of(text, PORTS)
    except SaycutError as error:
        assert error.code == "url_refused"
        return
    assert isinstance(target, Target)
    assert target.url.isascii()
    assert target_of(target.url, PORTS) == target  # the one form reads as itself
