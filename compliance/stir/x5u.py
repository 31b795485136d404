"""The address of a chain of certificates, as it may stand in a PASSporT (ATIS-1000074, 5.2.3.1; RFC 8225, 4.1)."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

PORTS = frozenset({None, 443, 8443})
X5U_CHARACTERS_MAX = 200
PLAIN = re.compile(r"[A-Za-z0-9:/._~%-]+", re.ASCII)
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.ASCII)


class X5uInvalid(ValueError):
    """The address may not stand in a PASSporT; the message says why."""


def parse_x5u(url: str) -> SplitResult:
    """The address taken apart if its form is right. Where it leads is not looked at. Raises ``X5uInvalid``."""
    if len(url) > X5U_CHARACTERS_MAX or not PLAIN.fullmatch(url):
        raise X5uInvalid(
            "Give a plain https address, without user, query or fragment, "
            f"of at most {X5U_CHARACTERS_MAX} characters."
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise X5uInvalid("This is no web address.") from error
    if parts.scheme != "https":
        raise X5uInvalid("The address must begin with https://.")
    if port not in PORTS:
        raise X5uInvalid("Verifiers fetch from the ports 443 and 8443 only.")
    if not HOST.fullmatch(parts.hostname or ""):
        raise X5uInvalid("The address must name a host, such as certificates.example.com.")
    if parts.path in ("", "/"):
        raise X5uInvalid("The address must name a file, such as /shaken.pem.")
    return parts
