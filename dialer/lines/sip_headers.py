"""What goes into a SIP request, checked letter by letter: nothing that comes from outside may end a header.

Grammar: RFC 3261 (25.1) for URIs and quoted display names, RFC 3325 for P-Asserted-Identity, RFC 8224 for Identity.
"""

from __future__ import annotations

import ipaddress
import re
from email.utils import formatdate

from dialer.bus.permit import Permit
from dialer.bus.trunks import TrunkConfig

NUMBER = re.compile(r"\+[1-9][0-9]{2,14}", re.ASCII)
PREFIX = re.compile(r"[0-9*#+]{0,12}", re.ASCII)
HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*",
    re.ASCII,
)
CALL_ID = re.compile(r"[0-9a-zA-Z-]{1,64}", re.ASCII)
IDENTITY_LIMIT = 4000
DISPLAY_LIMIT = 80
CALL_HEADER = "X-Paceline-Call"


class HeaderInvalid(ValueError):
    """A value that may not stand in a SIP request; the message names the field."""


def _check(pattern: re.Pattern[str], value: str, field: str) -> str:
    if not pattern.fullmatch(value):
        raise HeaderInvalid(f"{field} does not fit into a SIP request")
    return value


def host_in_uri(host: str) -> str:
    """A host as it stands in a URI: name, IPv4 address, or IPv6 address in brackets. Raises HeaderInvalid."""
    try:
        return f"[{ipaddress.IPv6Address(host)}]"
    except ValueError:
        return _check(HOST, host, "host")


def _printable(value: str, field: str, limit: int) -> str:
    if len(value) > limit or not all(c.isprintable() for c in value):
        raise HeaderInvalid(f"{field} does not fit into a SIP request")
    return value


def target_uri(permit: Permit, trunk: TrunkConfig) -> str:
    """Where the call goes. Raises HeaderInvalid."""
    number = _check(NUMBER, permit.number, "number")
    user = _check(PREFIX, trunk.number_prefix, "number_prefix") + (number if trunk.plus else number[1:])
    host = host_in_uri(trunk.host)
    # A number sign must be escaped in a URI's user part.
    return f"sip:{user.replace('#', '%23')}@{host}:{trunk.port};transport={trunk.transport}"


def own_domain(trunk: TrunkConfig) -> str:
    """The domain that we call from. Raises HeaderInvalid."""
    return host_in_uri(trunk.from_domain or trunk.host)


def _own_uri(permit: Permit, trunk: TrunkConfig) -> str:
    caller = _check(NUMBER, permit.caller_id, "caller_id")
    return f"sip:{caller if trunk.plus else caller[1:]}@{own_domain(trunk)}"


def from_header(permit: Permit, trunk: TrunkConfig) -> str:
    """Who calls, empty where the trunk presents its own number. Raises HeaderInvalid."""
    if not permit.caller_id:
        return ""
    name = _printable(permit.display_name, "display_name", DISPLAY_LIMIT)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    uri = f"<{_own_uri(permit, trunk)}>"
    return f'"{quoted}" {uri}' if name else uri


def own_headers(permit: Permit, trunk: TrunkConfig) -> list[tuple[str, str]]:
    """The headers that we add to the INVITE. Raises HeaderInvalid."""
    headers = [(CALL_HEADER, _check(CALL_ID, permit.call, "call"))]
    if permit.caller_id:
        headers.append(("P-Asserted-Identity", f"<{_own_uri(permit, trunk)}>"))
    # Several stand in headers of their own: the grammar of Identity knows no list.
    headers.extend(("Identity", _identity(value)) for value in (permit.identity, *permit.beside) if value)
    return headers


def _identity(value: str) -> str:
    if not value.isascii():
        raise HeaderInvalid("identity does not fit into a SIP request")
    return _printable(value, "identity", IDENTITY_LIMIT)


def date_header(signed_at: float, now: float) -> tuple[str, str]:
    """When the request leaves (RFC 3261, 20.17), never before it was signed: verifiers compare both (RFC 8224, 6.2)."""
    return "Date", formatdate(max(now, signed_at), usegmt=True)
