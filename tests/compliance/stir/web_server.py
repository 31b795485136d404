"""A real TLS server on a loopback address of its own, for what is fetched and asked for over https.

Ports of certificates are fixed (443, 8443), so each server takes an address of 127.0.0.0/8 that nobody else has.
"""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from compliance.stir.web import Road

from .authority import Issued, issue

HOST = "certs.example.com"
PORT = 8443
Respond = Callable[[bytes], Iterable[bytes]]


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class WebServer:
    """Answers each request with what ``respond`` yields, then waits for the next one."""

    def __init__(self, respond: Respond, directory: Path, host: str = HOST) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        self._respond = respond
        name = x509.SubjectAlternativeName([x509.DNSName(host)])
        now = datetime.now(UTC)  # TLS knows no other clock
        times = {"starts": now - timedelta(days=1), "ends": now + timedelta(days=1)}
        self._own = issue(host, ca=False, extra=[(name, False)], **times)
        self._context = _server_context(self._own, directory)
        self._socket = _bind()
        self.address = self._socket.getsockname()[0]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def road(self) -> Road:
        """To this server, whatever the name; its certificate is trusted, and no other."""
        return Road(True, lambda host, port: [self.address], self.trust)

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self._own.pem.decode())

    def close(self) -> None:
        self.closing.set()
        self._socket.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        plain.settimeout(10)
        with contextlib.suppress(OSError), self._context.wrap_socket(plain, server_side=True) as connection:
            self.connections += 1
            while request := _read_request(connection):
                self.requests.append(request)
                for piece in self._respond(request):
                    connection.sendall(piece)


def _bind() -> socket.socket:
    while True:
        address = f"127.{random.randint(1, 254)}.{random.randint(0, 254)}.{random.randint(1, 254)}"
        with contextlib.suppress(OSError):
            return socket.create_server((address, PORT))


def _server_context(own: Issued, directory: Path) -> ssl.SSLContext:
    path = directory / "server.pem"
    path.write_bytes(own.key_pem + own.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _read_request(connection: ssl.SSLSocket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        piece = connection.recv(65536)
        if not piece:
            return b""
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
