"""Where webhooks may go: to public addresses only, and to the very address that was checked.

A target names a host, and the host's owner decides where the name leads, at each look-up anew. So the name
is looked up once for each try, every address it leads to must be public, and the connection goes to a checked
address while Host, SNI and the certificate's name stay the target's: no DNS rebinding, no way to our network.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network

import httpx

URL_CHARACTERS_MAX = 500
PORT_MAX = 65535
NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address."""

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], list[str]]


class AddressRefused(Exception):
    """A webhook may not go there; the message says why and what to give instead."""


class AddressUnknown(AddressRefused):
    """The host's name leads nowhere just now."""


@dataclass(frozen=True)
class Target:
    """A checked target: its URL, and the addresses it may be reached at."""

    url: httpx.URL
    addresses: tuple[str, ...]

    def pinned(self, address: str) -> httpx.URL:
        """The URL with the host replaced by one of the addresses."""
        return self.url.copy_with(host=address)


def system_lookup(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order of preference. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def parse_target(url: str, allow_loopback: bool) -> httpx.URL:
    """The URL if its form is one that webhooks may go to. Raises ``AddressRefused``."""
    if len(url) > URL_CHARACTERS_MAX:
        raise AddressRefused(f"The address is longer than {URL_CHARACTERS_MAX} characters.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise AddressRefused("This is no web address. Give one like https://example.com/hook.") from error
    if parsed.scheme not in (("https", "http") if allow_loopback else ("https",)):
        raise AddressRefused("Webhooks are sent over https only. Give an address that begins with https://.")
    if not parsed.host:
        raise AddressRefused("The address names no host. Give one like https://example.com/hook.")
    if parsed.port is not None and not 0 < parsed.port <= PORT_MAX:
        raise AddressRefused(f"The port lies outside 1 to {PORT_MAX}.")
    if parsed.userinfo:
        raise AddressRefused("Leave name and password out of the address: the signature proves who sends.")
    if parsed.fragment:
        raise AddressRefused("Leave the part after # out of the address: it is never sent.")
    return parsed


def resolve_target(url: str, allow_loopback: bool, lookup: Lookup = system_lookup) -> Target:
    """Look the target up and check every address. Raises ``AddressRefused``, ``AddressUnknown``."""
    parsed = parse_target(url, allow_loopback)
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    try:
        addresses = lookup(parsed.host, port)
    except (OSError, UnicodeError) as error:
        raise AddressUnknown(f"The name {parsed.host} leads nowhere. Check the address.") from error
    for address in addresses:
        _check(address, parsed, allow_loopback)
    if not addresses:
        raise AddressUnknown(f"The name {parsed.host} has no address. Check it.")
    return Target(parsed, tuple(addresses))


def _check(text: str, url: httpx.URL, allow_loopback: bool) -> None:
    address = real_address(ipaddress.ip_address(text))
    if address.is_loopback and allow_loopback:
        return
    if not is_public(address):
        raise AddressRefused(
            f"{_way(url.host, str(address))} not a public address. Webhooks go to those only."
        )
    if url.scheme != "https":
        raise AddressRefused("Webhooks to other machines are sent over https only.")


def _way(host: str, address: str) -> str:
    return f"{host} is" if host == address else f"{host} leads to {address},"


def real_address(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, Teredo, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    if inside is None and address in NAT64:
        inside = IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address


def is_public(address: Address) -> bool:
    """Whether it is reached over the internet: not private, shared (RFC 6598), local, multicast, reserved."""
    local = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (local or site_local or address.is_reserved)
