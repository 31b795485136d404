"""Certificates are fetched from where a stranger says: within limits, from public addresses, and kept for a while."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from compliance.stir import fetching
from compliance.stir.fetching import CHAIN_BYTES_MAX, FAILURE_KEPT_S, KEPT_S, ChainStore, FetchFailed
from compliance.stir.verdicts import Verstat
from compliance.stir.verifier import Incoming, Verifier
from compliance.stir.web import Road

from .authority import new_authority
from .tokens import IAT, identity, shaken
from .web_server import HOST, WebServer, answer

pytestmark = pytest.mark.integration
X5U = f"https://{HOST}:8443/shaken.pem"
PEM = b"-----BEGIN CERTIFICATE-----\n"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def serve(tmp_path: Path):
    started: list[WebServer] = []

    def start(respond) -> WebServer:
        started.append(WebServer(respond, tmp_path))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def short_limit(monkeypatch):
    monkeypatch.setattr(fetching, "TOTAL_LIMIT_S", 0.4)


def test_a_chain_is_fetched_by_its_name_from_the_address_that_was_checked(serve) -> None:
    server = serve(lambda request: [answer(PEM)])
    asked: list[tuple[str, int]] = []

    def lookup(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return [server.address]

    store = ChainStore(Road(True, lookup, server.trust))
    assert store.get(X5U) == PEM
    assert asked == [(HOST, 8443)]
    head = server.requests[0].decode().lower()
    assert head.startswith("get /shaken.pem http/1.1\r\n")
    assert f"host: {HOST}:8443\r\n" in head
    assert "cookie" not in head


def test_a_call_is_verified_by_the_chain_that_lies_where_it_says(serve) -> None:
    authority = new_authority()
    leaf = authority.leaf()
    server = serve(lambda request: [answer(authority.chain(leaf))])
    value = identity(shaken(leaf.key, {"x5u": X5U}), X5U)
    call = Incoming(identities=(value,), from_number="+12025550123", to_number="+13125550199")
    verifier = Verifier(authority.roots, ChainStore(server.road))
    assert [verifier.verify(call, IAT).verstat for _ in range(3)] == [Verstat.PASSED] * 3
    assert len(server.requests) == 1


def test_a_chain_is_kept_and_fetched_anew_when_it_is_old(serve) -> None:
    server = serve(lambda request: [answer(PEM)])
    clock = Clock()
    store = ChainStore(server.road, clock)
    for _ in range(5):
        store.get(X5U)
    assert len(server.requests) == 1
    clock.now += KEPT_S
    store.get(X5U)
    assert len(server.requests) == 2


def test_a_failure_is_kept_for_a_short_time(serve) -> None:
    server = serve(lambda request: [answer(b"", "404 Not Found")])
    clock = Clock()
    store = ChainStore(server.road, clock)
    for _ in range(5):
        with pytest.raises(FetchFailed, match="404"):
            store.get(X5U)
    assert len(server.requests) == 1
    clock.now += FAILURE_KEPT_S
    with pytest.raises(FetchFailed):
        store.get(X5U)
    assert len(server.requests) == 2


def test_the_least_used_chain_goes_first(serve, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "KEPT_MAX", 2)
    server = serve(lambda request: [answer(PEM)])
    store = ChainStore(server.road)
    first, second, third = (f"https://{HOST}:8443/{n}.pem" for n in "abc")
    for x5u in (first, second, first, third, first):
        store.get(x5u)
    assert len(server.requests) == 3
    store.get(second)
    assert len(server.requests) == 4


def test_calls_at_once_with_the_same_certificate_fetch_it_once(serve) -> None:
    go_on = threading.Event()

    def respond(request: bytes):
        go_on.wait(5)
        yield answer(PEM)

    server = serve(respond)
    store = ChainStore(server.road)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(store.get, X5U) for _ in range(8)]
        go_on.set()
        assert {each.result() for each in waiting} == {PEM}
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "x5u",
    [
        f"http://{HOST}/a.pem",
        f"https://{HOST}:444/a.pem",
        f"https://{HOST}:22/a.pem",
        f"https://user@{HOST}/a.pem",
        f"https://user:pw@{HOST}/a.pem",
        f"https://{HOST}/a.pem?x=1",
        f"https://{HOST}/a.pem#x",
        f"https://{HOST}",
        "https:///a.pem",
        "file:///etc/passwd",
        "https://[::1]/a.pem",
        "https://localhost/a.pem",
        f"https://{HOST}/a.pem\r\nX-Evil: 1",
        f"https://{HOST}\\@evil.example.com/a.pem",
        "https://" + "a" * 600,
        "",
    ],
)
def test_addresses_of_other_forms_are_not_even_looked_up(x5u: str) -> None:
    def lookup(host: str, port: int) -> list[str]:
        raise AssertionError("looked up")

    with pytest.raises(FetchFailed):
        ChainStore(Road(True, lookup)).get(x5u)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_to_an_address_that_is_not_public_is_not_connected_to(address: str) -> None:
    with pytest.raises(FetchFailed, match="not public"):
        ChainStore(Road(False, lambda host, port: ["93.184.215.14", address])).get(X5U)


def test_addresses_written_as_names_are_checked_too(serve) -> None:
    server = serve(lambda request: [answer(PEM)])
    with pytest.raises(FetchFailed):
        ChainStore(Road(False, tls=server.trust)).get(f"https://{server.address}:8443/a.pem")
    assert server.connections == 0


def test_what_is_allowed_for_tests_is_this_machine_and_not_its_network() -> None:
    with pytest.raises(FetchFailed, match="not public"):
        ChainStore(Road(True, lambda host, port: ["10.0.0.1"])).get(X5U)


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"]
)
def test_redirects_are_not_followed(serve, status: str) -> None:
    server = serve(lambda request: [answer(b"", status, f"Location: https://{HOST}:8443/other.pem")])
    with pytest.raises(FetchFailed, match=status[:3]):
        ChainStore(server.road).get(X5U)
    assert len(server.requests) == 1


def test_a_certificate_of_another_name_is_not_trusted(tmp_path: Path) -> None:
    server = WebServer(lambda request: [answer(PEM)], tmp_path, host="other.example.com")
    with pytest.raises(FetchFailed, match="connection"):
        ChainStore(server.road).get(X5U)
    server.close()
    assert not server.requests


def test_a_server_that_nobody_vouches_for_is_not_asked(serve) -> None:
    server = serve(lambda request: [answer(PEM)])
    with pytest.raises(FetchFailed, match="connection"):
        ChainStore(Road(True, lambda host, port: [server.address])).get(X5U)
    assert not server.requests


def test_a_body_that_is_too_long_is_not_read_to_its_end(serve) -> None:
    sent: list[int] = []

    def respond(request: bytes):
        yield f"HTTP/1.1 200 OK\r\nContent-Length: {10**9}\r\n\r\n".encode()
        for number in range(10**9 // 65536):
            sent.append(number)
            yield bytes(65536)

    server = serve(respond)
    with pytest.raises(FetchFailed, match=str(CHAIN_BYTES_MAX)):
        ChainStore(server.road).get(X5U)
    assert len(sent) < 1000


def test_a_compressed_body_is_refused(serve) -> None:
    """It could be small on the wire and without end in memory."""
    server = serve(lambda request: [answer(b"x" * 10, "200 OK", "Content-Encoding: gzip")])
    with pytest.raises(FetchFailed, match="compressed"):
        ChainStore(server.road).get(X5U)


def drip_head(server: list[WebServer]):
    yield b"HTTP/1.1 200 OK\r\n"
    while not server[0].closing.wait(0.05):
        yield b"X-More: 1\r\n"


def drip_body(server: list[WebServer]):
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
    while not server[0].closing.wait(0.05):
        yield b"-"


def silence(server: list[WebServer]):
    server[0].closing.wait(10)
    return
    yield


@pytest.mark.parametrize("drip", [drip_head, drip_body, silence])
def test_however_slowly_a_server_drips_the_limit_is_for_everything(serve, short_limit, drip) -> None:
    kept: list[WebServer] = []
    kept.append(serve(lambda request: drip(kept)))
    with pytest.raises(FetchFailed, match="No answer within"):
        ChainStore(kept[0].road).get(X5U)


def test_a_slow_look_up_counts_too(short_limit) -> None:
    waits = threading.Event()

    def lookup(host: str, port: int) -> list[str]:
        waits.wait(5)
        return ["127.0.0.1"]

    with pytest.raises(FetchFailed, match="No answer within"):
        ChainStore(Road(True, lookup)).get(X5U)
    waits.set()


def test_a_name_that_leads_nowhere_says_so() -> None:
    def lookup(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    with pytest.raises(FetchFailed, match="leads nowhere"):
        ChainStore(Road(False, lookup)).get(X5U)
    with pytest.raises(FetchFailed, match="no address"):
        ChainStore(Road(False, lambda host, port: [])).get(X5U)


def test_the_next_address_is_tried_where_one_takes_no_connection(serve) -> None:
    server = serve(lambda request: [answer(PEM)])
    dead = "127.255.255.1"
    assert ChainStore(Road(True, lambda host, port: [dead, server.address], server.trust)).get(X5U) == PEM


@pytest.mark.parametrize(
    "reply", [b"", bytes(50), b"HTTP/9.9 999\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"]
)
def test_what_is_no_http_is_a_failure_in_words(serve, short_limit, reply: bytes) -> None:
    server = serve(lambda request: [reply])
    with pytest.raises(FetchFailed):
        ChainStore(server.road).get(X5U)
