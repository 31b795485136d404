"""Requests as a receiver sees them, and receivers of every kind."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations import sender
from integrations.retries import Answer
from integrations.sender import Parcel, Road, send_all

from .conftest import Receiver, _Server

pytestmark = pytest.mark.integration

LOCAL = Road(allow_loopback=True)


async def send(url: str, road: Road = LOCAL, headers: dict[str, str] | None = None) -> Answer:
    [answer] = await send_all([Parcel(1, url, headers or {"webhook-id": "evt_1"}, '{"a":1}')], road)
    return answer


async def test_a_delivery_is_a_post_of_json_with_the_given_headers(receiver: Receiver):
    answer = await send(receiver.url)
    [request] = receiver.requests
    assert (answer.status, answer.error) == (204, "")
    assert request.body == b'{"a":1}'
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["webhook-id"] == "evt_1"


async def test_the_name_is_kept_while_the_connection_goes_to_the_checked_address(receiver: Receiver):
    port = receiver.url.split(":")[2].split("/")[0]
    road = Road(allow_loopback=True, lookup=lambda host, port: ["127.0.0.1"])
    answer = await send(f"http://receiver.test:{port}/hook", road)
    assert answer.status == 204
    assert receiver.requests[0].headers["Host"] == f"receiver.test:{port}"


async def test_the_name_is_looked_up_once_so_a_second_answer_changes_nothing(receiver: Receiver):
    port = receiver.url.split(":")[2].split("/")[0]
    answers = iter([["127.0.0.1"]])
    answer = await send(f"http://receiver.test:{port}/", Road(True, lambda host, port: next(answers)))
    assert answer.status == 204


async def test_an_address_that_takes_no_connection_gives_way_to_the_next(receiver: Receiver):
    port = receiver.url.split(":")[2].split("/")[0]
    road = Road(allow_loopback=True, lookup=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert (await send(f"http://receiver.test:{port}/", road)).status == 204


async def test_redirects_are_not_followed(receiver: Receiver):
    receiver.answers(302, {"Location": receiver.url + "/elsewhere"})
    answer = await send(receiver.url)
    assert answer.status == 302
    assert "redirects are not followed" in answer.error
    assert len(receiver.requests) == 1


async def test_a_complaint_is_kept_cut_short_and_on_one_line(receiver: Receiver):
    receiver.answers(500, body=b"no\n\x00such table " + b"x" * 1_000_000)
    answer = await send(receiver.url)
    assert answer.error.startswith("HTTP 500: no such table xxx")
    assert len(answer.error) < 200


async def test_retry_after_is_handed_on(receiver: Receiver):
    receiver.answers(503, {"Retry-After": "77"})
    assert (await send(receiver.url)).retry_after == "77"


async def test_a_receiver_that_never_answers_runs_out_of_time(receiver: Receiver, monkeypatch):
    hold = threading.Event()
    receiver.answer = lambda handler: hold.wait(10)
    monkeypatch.setattr(sender, "TOTAL_LIMIT_S", 0.3)
    answer = await send(receiver.url)
    hold.set()
    assert answer.status is None
    assert answer.error.startswith("No answer within") or answer.error == "The answer timed out."


async def test_a_receiver_that_drips_its_answer_runs_out_of_time_too(receiver: Receiver, monkeypatch):
    stop = threading.Event()

    def drip(handler) -> None:
        handler.send_response(500)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not stop.wait(0.05):
            handler.wfile.write(b".")

    receiver.answer = drip
    monkeypatch.setattr(sender, "TOTAL_LIMIT_S", 0.4)
    answer = await send(receiver.url)
    stop.set()
    assert answer.status is None


async def test_nobody_listening_is_told_in_words(receiver: Receiver):
    answer = await send("http://127.0.0.1:1/hook")
    assert answer.status is None
    assert answer.error.startswith("The connection failed")


async def test_a_target_that_became_private_is_refused_when_sending(receiver: Receiver):
    answer = await send("https://example.com/hook", Road(False, lambda host, port: ["10.0.0.1"]))
    assert answer.status is None
    assert "not a public address" in answer.error


async def test_slow_and_quick_receivers_are_sent_to_at_once(receiver: Receiver):
    both = threading.Barrier(2, timeout=5)

    def meet(handler) -> None:
        both.wait()
        handler.send_response(204)
        handler.end_headers()

    receiver.answer = meet
    parcels = [Parcel(n, receiver.url, {}, "{}") for n in range(2)]
    assert [answer.status for answer in await send_all(parcels, LOCAL)] == [204, 204]


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for one name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    both = folder / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(private + made.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    return server, ssl.create_default_context(cafile=str(both))


@pytest.mark.parametrize(("name", "status"), [("receiver.test", 204), ("elsewhere.test", None)])
async def test_the_certificate_must_be_the_names_and_not_the_addresses(
    receiver: Receiver, tmp_path, name, status
):
    from http.server import BaseHTTPRequestHandler

    server_tls, client_tls = certificate(name, tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = _Server(("127.0.0.1", 0), Handler)
    server.socket = server_tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        road = Road(True, lambda host, port: [str(ipaddress.IPv4Address("127.0.0.1"))], client_tls)
        answer = await send(f"https://receiver.test:{server.server_port}/", road)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert answer.status == status
