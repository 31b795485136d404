"""Where a trunk's host is."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a trunk's host is this machine, by its address or the name localhost."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
