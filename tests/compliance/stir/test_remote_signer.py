"""A remote signing service is asked over https; what it answers is checked, and it may fail without harm."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from compliance.stir import remote
from compliance.stir.identity_header import IdentityWriter
from compliance.stir.passport import Called, Caller, Shaken
from compliance.stir.remote import FAILURES_MAX, REST_S, Breaker, RemoteSigner
from compliance.stir.signers import Asked, Signed, Unsigned
from compliance.stir.values import SignerRecord
from compliance.stir.web import AddressInvalid, Road

from .authority import NOW, X5U, new_key
from .tokens import ORIGID
from .web_server import WebServer, answer

pytestmark = pytest.mark.integration
URL = "https://signing.example.com:8443/stir/v1/signing"
RECORD = SignerRecord(7, 1, "Service", "remote", URL, "", ORIGID, True, "A", False)
CALL = Asked(7, 1, "B", "+12025550123", "+13125550199", NOW.timestamp())
WRITER = IdentityWriter(new_key(), X5U)


def asked_of(request: bytes) -> dict:
    return json.loads(request.partition(b"\r\n\r\n")[2])["signingRequest"]


def signed(request: bytes, **changes: object) -> list[bytes]:
    """What a good service answers (ATIS-1000082, 6.2)."""
    claims = msgspec.convert({**asked_of(request), **changes}, Shaken)
    return [answer(json.dumps({"signingResponse": {"identity": WRITER.write(claims)}}).encode())]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _patience(monkeypatch) -> None:
    """A machine that tests share may be slow."""
    monkeypatch.setattr(remote, "TOTAL_LIMIT_S", 20.0)


@pytest.fixture
def serve(tmp_path: Path):
    started: list[WebServer] = []

    def start(respond: Callable[[bytes], Iterable[bytes]]) -> WebServer:
        started.append(WebServer(respond, tmp_path, "signing.example.com"))
        return started[-1]

    yield start
    for server in started:
        server.close()


def signer(server: WebServer, clock: Clock | None = None, token: str = "") -> RemoteSigner:
    return RemoteSigner(RECORD, token, server.road, Breaker(clock) if clock else None)


def test_the_service_is_asked_for_the_claims_and_its_answer_goes_out(serve) -> None:
    server = serve(signed)
    (found,) = signer(server, token="s3cret").sign([CALL])
    assert isinstance(found, Signed)
    assert (found.attestation, found.origid, found.signer) == ("B", ORIGID, "remote Service")
    assert asked_of(server.requests[0]) == {
        "attest": "B",
        "dest": {"tn": ["13125550199"]},
        "iat": int(NOW.timestamp()),
        "orig": {"tn": "12025550123"},
        "origid": ORIGID,
    }
    head = server.requests[0].partition(b"\r\n\r\n")[0].decode()
    assert head.startswith("POST /stir/v1/signing HTTP/1.1")
    assert "Authorization: Bearer s3cret" in head
    assert "Host: signing.example.com:8443" in head


def test_a_batch_goes_side_by_side_over_connections_that_stay(serve) -> None:
    server = serve(signed)
    ready = signer(server)
    calls = [msgspec.structs.replace(CALL, dest=f"+1312555{n:04}") for n in range(100)]
    for _ in range(2):
        answers = ready.sign(calls)
        assert all(isinstance(found, Signed) for found in answers)
        assert len({found.identity for found in answers}) == 100
    assert len(server.requests) == 200
    assert server.connections <= remote.SIDE_BY_SIDE


@pytest.mark.parametrize(
    "respond",
    [
        lambda request: signed(request, attest="A"),
        lambda request: signed(request, orig=Caller("12025550124")),
        lambda request: signed(request, dest=Called(("13125550198",))),
        lambda request: signed(request, iat=int(NOW.timestamp()) - 30),
        lambda request: signed(request, origid=ORIGID.replace("1", "2")),
        lambda request: [answer(b"")],
        lambda request: [answer(b"{}")],
        lambda request: [answer(b"\xff" * 100)],
        lambda request: [answer(b'{"signingResponse":{"identity":"x\\r\\nX-Evil: 1"}}')],
        lambda request: [answer(b'{"signingResponse":{"identity":7}}')],
        lambda request: [answer(b'{"requestError":{}}', "400 Bad Request")],
        lambda request: [answer(b"", "503 Service Unavailable")],
        lambda request: [answer(b"", "302 Found", "Location: https://evil.example.com/")],
        lambda request: [answer(b"x" * 100_000)],
        lambda request: [b"\x00" * 40],
    ],
)
def test_what_is_not_a_signature_of_what_was_asked_is_not_sent_on(serve, respond) -> None:
    (found,) = signer(serve(respond)).sign([CALL])
    assert isinstance(found, Unsigned)
    assert 0 < found.retry_s < 60


def test_one_bad_answer_does_not_spoil_the_others(serve) -> None:
    def respond(request: bytes) -> list[bytes]:
        bad = asked_of(request)["dest"]["tn"] == ["13125550001"]
        return [answer(b"", "500 Internal Server Error")] if bad else signed(request)

    calls = [msgspec.structs.replace(CALL, dest=f"+1312555000{n}") for n in range(3)]
    assert [type(found) for found in signer(serve(respond)).sign(calls)] == [Signed, Unsigned, Signed]


def test_a_service_that_does_not_answer_is_given_up_in_time_and_then_left_alone(serve, monkeypatch) -> None:
    monkeypatch.setattr(remote, "TOTAL_LIMIT_S", 0.2)
    kept: list[WebServer] = []

    def silence(request: bytes) -> Iterable[bytes]:
        kept[0].closing.wait(10)
        return []

    kept.append(serve(silence))
    clock = Clock()
    ready = signer(kept[0], clock)
    for _ in range(FAILURES_MAX):
        began = time.monotonic()
        assert all(isinstance(found, Unsigned) for found in ready.sign([CALL] * 5))
        assert time.monotonic() - began < 5
    sent = len(kept[0].requests)
    (found,) = ready.sign([CALL])
    assert found.retry_s == pytest.approx(REST_S)
    assert len(kept[0].requests) == sent


def test_a_service_that_is_back_is_used_again_after_its_rest(serve) -> None:
    up = [False]
    server = serve(lambda request: signed(request) if up[0] else [answer(b"", "503 Service Unavailable")])
    clock = Clock()
    ready = signer(server, clock)
    for _ in range(FAILURES_MAX):
        ready.sign([CALL])
    up[0] = True
    assert isinstance(ready.sign([CALL])[0], Unsigned)
    clock.now += REST_S
    assert isinstance(ready.sign([CALL])[0], Signed)
    up[0] = False
    assert isinstance(ready.sign([CALL])[0], Unsigned)
    up[0] = True
    assert isinstance(ready.sign([CALL])[0], Signed)


def test_a_call_that_cannot_be_asked_for_is_no_failure_of_the_service(serve) -> None:
    server = serve(signed)
    ready = signer(server, Clock())
    for _ in range(FAILURES_MAX + 1):
        (found,) = ready.sign([msgspec.structs.replace(CALL, orig="")])
        assert isinstance(found, Unsigned)
    (found,) = ready.sign([msgspec.structs.replace(CALL, diverted_from="+13125550177")])
    assert "sent on" in found.why
    assert not server.requests
    assert isinstance(ready.sign([CALL])[0], Signed)


def test_a_batch_looks_the_service_up_once(serve) -> None:
    server = serve(signed)
    looked_up: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return [server.address]

    ready = RemoteSigner(RECORD, "", Road(True, lookup, server.trust))
    assert all(isinstance(found, Signed) for found in ready.sign([CALL] * 10))
    assert looked_up == ["signing.example.com"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_a_service_in_our_network_is_not_asked(serve, address: str) -> None:
    road = Road(False, lambda host, port: [address])
    (found,) = RemoteSigner(RECORD, "", road).sign([CALL])
    assert isinstance(found, Unsigned)
    assert "not public" in found.why


@pytest.mark.parametrize(
    "url",
    [
        "http://signing.example.com/x",
        "ftp://x.example.com",
        "https://",
        "",
        "https://a:b@x.example.com/",
        "x" * 600,
    ],
)
def test_only_https_addresses_are_asked(url: str) -> None:
    with pytest.raises(AddressInvalid):
        RemoteSigner(replace(RECORD, url=url), "", Road(True))
