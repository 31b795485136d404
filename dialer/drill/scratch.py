"""A scratch installation: a data directory, secrets and ports of its own, gone when the drill is over."""

from __future__ import annotations

import os
import re
import secrets
import socket
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from dialer.calls.addresses import is_loopback

OWN_VARIABLES = ("DATABASE_URL", "REDIS_URL", "PACELINE_SECRET_KEY", "PACELINE_BUS_SECRET", "PACELINE_NODE")
"""Settings of the real installation that a drill must not touch."""


CLOCK_TIME = re.compile(r"\d{1,2}:\d{2}")
OWN_ZONE = "America/New_York"


class BadDrill(Exception):
    """The drill cannot be run as asked; the message says what to do."""


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port on the loopback address that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, gate_offset_s: float) -> dict[str, str]:
    """The environment in which every process of the drill runs."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
    return kept | {
        "PACELINE_DATA": str(home),
        "PACELINE_SECRET_KEY": secrets.token_urlsafe(48),
        "PACELINE_BUS_SECRET": secrets.token_urlsafe(48),
        "PACELINE_PORT": str(free_port()),
        "PACELINE_CARRIER_PORT": str(free_port(socket.SOCK_DGRAM)),
        "PACELINE_GATE_OFFSET_S": str(gate_offset_s),
        "PACELINE_LOG_LEVEL": os.environ.get("PACELINE_LOG_LEVEL", "WARNING"),
    }


def parse_trunk(text: str) -> tuple[str, int, str]:
    """Host, port and transport of ``sip:HOST:PORT[;transport=tcp]``. Raises ``BadDrill``."""
    address, _, parameter = text.removeprefix("sip:").partition(";")
    host, _, port = address.rpartition(":")
    transport = parameter.removeprefix("transport=") or "udp"
    if not host or not port.isdigit() or not 0 < int(port) < 65536 or transport not in ("udp", "tcp", "tls"):
        raise BadDrill(f"“{text}” is no trunk: write sip:HOST:PORT, for instance sip:127.0.0.1:5060.")
    return host, int(port), transport


def gate_offset(at: str | None, trunk: str | None, now: datetime) -> float:
    """Seconds from now to the moment ``at``. Raises ``BadDrill``.

    ISO 8601, UTC where it names no zone; or HH:MM, today in the drill's own zone (New York).
    """
    if at is None:
        return 0.0
    if trunk is not None and not is_loopback(parse_trunk(trunk)[0]):
        raise BadDrill("--at sets the gate's clock and is for trunks on a loopback address only.")
    try:
        if CLOCK_TIME.fullmatch(at):
            today = now.astimezone(ZoneInfo(OWN_ZONE))
            moment = datetime.combine(today.date(), time.fromisoformat(at.zfill(5)), today.tzinfo)
        else:
            moment = datetime.fromisoformat(at)
    except ValueError:
        raise BadDrill(
            f"“{at}” is no time: write it as 2026-11-21T15:00 or with a zone, as …-05:00."
        ) from None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
