"""Where webhooks may go: to public addresses only, and to the very address that was checked.

A target names a host, and the host's owner decides where the name leads, at each look-up anew. So the name
is looked up once for each try, every address it leads to must be public, and the connection goes to a checked
address while Host, SNI and the certificate's name stay the target's: no DNS rebinding, no way to our network.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

import httpx

from dialer.net.addresses import Lookup, is_public, real_address, system_lookup

URL_CHARACTERS_MAX = 500
PORT_MAX = 65535


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
