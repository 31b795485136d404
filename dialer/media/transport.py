"""The socket on which line children's audio arrives and is answered."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from dialer.bus.audio import (
    DATAGRAM_BYTES,
    FLAG_LAST,
    FLAG_SILENCE,
    HEADER,
    parse_address,
)

Address = tuple[str, int] | str | bytes
OnFrame = Callable[[int, int, int, bytes, Address], None]
"""Called with key, sequence, flags, PCM (empty for silence) and the sender's address."""

READS_A_TURN = 64
"""Datagrams taken before other work gets its turn."""
BUFFER_BYTES = 4 * 1024 * 1024
QUEUE_NEEDED = 256
"""Datagrams a Unix socket must hold, 50 ms of 100 calls: Linux starts with 10 and blocks or drops beyond."""
QUEUE_SETTING = Path("/proc/sys/net/unix/max_dgram_qlen")


class AudioSocket:
    """A bound datagram socket, read by the event loop."""

    def __init__(self, address: str, on_frame: OnFrame) -> None:
        self._on_frame = on_frame
        self._socket, self.address = bind(address)
        self.dropped: Counter[str] = Counter()
        """Datagrams that went nowhere, by reason."""

    def start(self) -> None:
        """Begin to read."""
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def send(self, address: Address, key: int, sequence: int, pcm: bytes, last: bool = False) -> None:
        """Send one frame; no PCM means silence."""
        flags = (0 if pcm else FLAG_SILENCE) | (FLAG_LAST if last else 0)
        try:
            self._socket.sendto(HEADER.pack(key, sequence & 0xFFFFFFFF, flags) + pcm, address)
        except OSError:
            # A child that is gone or too busy: its frame is worth nothing later.
            self.dropped["unsent"] += 1

    def close(self) -> None:
        """Stop reading and take the socket's name away."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        if self.address.startswith("unix:"):
            Path(self.address.removeprefix("unix:")).unlink(missing_ok=True)

    def _readable(self) -> None:
        for _ in range(READS_A_TURN):
            try:
                data, address = self._socket.recvfrom(DATAGRAM_BYTES + 1)
            except BlockingIOError:
                return
            except OSError:
                # An ICMP "port unreachable" of an earlier answer.
                continue
            self._take(data, address)

    def _take(self, data: bytes, address: Address | None) -> None:
        if len(data) < HEADER.size:
            self.dropped["malformed"] += 1
            return
        key, sequence, flags = HEADER.unpack_from(data)
        wanted = HEADER.size if flags & FLAG_SILENCE else DATAGRAM_BYTES
        if len(data) != wanted:
            self.dropped["malformed"] += 1
        elif not address:
            self.dropped["unanswerable"] += 1
        else:
            self._on_frame(key, sequence, flags, data[HEADER.size :], address)


def bind(address: str) -> tuple[socket.socket, str]:
    """A bound, non-blocking socket and the address that others send to. A port of 0 takes any free one."""
    host, _, port = address.removeprefix("udp:").rpartition(":")
    if address.startswith("udp:") and port == "0":
        return _bind_udp(host, 0)
    family, target = parse_address(address)
    if family == socket.AF_INET:
        return _bind_udp(str(target[0]), int(target[1]))
    return _bind_unix(Path(str(target)))


def default_address(folder: Path, node: str) -> str:
    """A Unix socket in a private folder, or loopback UDP where Unix sockets here hold too few datagrams."""
    try:
        queue = int(QUEUE_SETTING.read_text())
    except (OSError, ValueError):
        queue = 0
    return f"unix:{folder / f'media-{node}.sock'}" if queue >= QUEUE_NEEDED else "udp:127.0.0.1:0"


def _bind_udp(host: str, port: int) -> tuple[socket.socket, str]:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    made.bind((host, port))
    made.setblocking(False)
    return made, f"udp:{host}:{made.getsockname()[1]}"


def _bind_unix(path: Path) -> tuple[socket.socket, str]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
    made.bind(str(path))
    os.chmod(path, 0o600)
    made.setblocking(False)
    return made, f"unix:{path}"
