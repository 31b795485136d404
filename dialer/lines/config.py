"""What a line node must be told; the command ``lines`` reads it from the settings."""

from __future__ import annotations

import os
import secrets
import socket
import ssl

import msgspec


class LineConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that varies between installations."""

    redis_url: str
    bus_secret: str
    bind: str = "127.0.0.1"
    """The address that SIP and RTP leave from."""
    max_lines: int = 400
    node: str = msgspec.field(default_factory=lambda: made_up_name())
    drain_limit_s: float = 1800.0
    """A stop waits this long for calls to end by themselves."""
    ca_file: str = msgspec.field(default_factory=lambda: ssl.get_default_verify_paths().cafile or "")
    """The certificates that vouch for TLS trunks."""


def made_up_name() -> str:
    """A node id that no other process has; after a restart it is another one."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
