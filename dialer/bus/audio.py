"""The audio datagrams between a line node's child and a media node.

One datagram carries 20 ms: a header of 16 bytes (key, sequence, flags) and 160 samples, 16 bit little endian,
8 kHz, mono. The child speaks first; the media node answers to the address that the datagram came from. The key is 64
random bits made for each bridge, so a stray or late datagram finds no taker.
Addresses are written ``udp:HOST:PORT`` or ``unix:/PATH`` (one host: a Unix datagram socket readable by its owner only).
"""

from __future__ import annotations

import socket
import struct

SAMPLE_RATE_HZ = 8000
FRAME_MS = 20
FRAME_SAMPLES = SAMPLE_RATE_HZ * FRAME_MS // 1000
FRAME_BYTES = 2 * FRAME_SAMPLES
HEADER = struct.Struct("<QII")
DATAGRAM_BYTES = HEADER.size + FRAME_BYTES
FLAG_SILENCE = 1
"""The payload is left out: 20 ms of silence."""
FLAG_LAST = 2
"""The sender has no more for this key."""


def parse_address(address: str) -> tuple[socket.AddressFamily, tuple[str, int] | str]:
    """The socket family and the address to send to. Raises ValueError for anything else."""
    kind, _, rest = address.partition(":")
    if kind == "unix" and rest.startswith("/"):
        return socket.AF_UNIX, rest
    host, _, port = rest.rpartition(":")
    if kind == "udp" and host and port.isdigit() and 0 < int(port) < 65536:
        return socket.AF_INET, (host, int(port))
    raise ValueError(f"Not an audio address: {address!r}. Write udp:HOST:PORT or unix:/PATH.")
