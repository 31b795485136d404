"""Requests over https to addresses that strangers or customers name: checked, pinned, bounded in time and size.

They run on a loop in a thread of their own, for a limit that holds for a whole request, however slowly a far end
drips, can be kept by cancelling alone. Redirects are not followed: they would lead past the checks.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import ssl
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import httpx
from django.conf import settings

from dialer.net.addresses import Lookup, is_public, real_address, system_lookup

URL_CHARACTERS_MAX = 500
HTTPS_PORT = 443
USER_AGENT = "Paceline-STIR/1"

T = TypeVar("T")


class AddressInvalid(ValueError):
    """An address that nothing is sent to; the message says why."""


class WebFailed(Exception):
    """No answer that can be used; the message says why."""


@dataclass(frozen=True)
class Road:
    """How requests travel: whether to this machine too, who looks names up, whose certificates count."""

    allow_loopback: bool
    lookup: Lookup = system_lookup
    tls: ssl.SSLContext | None = None


@cache
def public_road() -> Road:
    """To public addresses, with trust in the public certificate authorities; read from disk once."""
    return Road(settings.STIR_ALLOW_LOOPBACK, tls=httpx.create_ssl_context(trust_env=False))


class Background:
    """A loop in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name=name, daemon=True).start()

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin some work, which keeps its own limits."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)


@cache
def background(name: str) -> Background:
    """A loop of this process: work that strangers can slow down has another than our own.

    A forked process begins with loops of its own.
    """
    return Background(name)


os.register_at_fork(after_in_child=background.cache_clear)


def check_address(url: str) -> httpx.URL:
    """The address if its form is one of https that anything is sent to. Raises ``AddressInvalid``."""
    if len(url) > URL_CHARACTERS_MAX:
        raise AddressInvalid(f"It is longer than {URL_CHARACTERS_MAX} characters.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise AddressInvalid("This is no web address.") from error
    if parsed.scheme != "https" or not parsed.host:
        raise AddressInvalid("It must begin with https:// and name a host.")
    if parsed.userinfo or parsed.fragment:
        raise AddressInvalid("Leave user, password and fragment out of it.")
    return parsed


def open_client(road: Road, connections: int) -> httpx.AsyncClient:
    """A client for one host: connections are kept by address, and prove the name of whom they were opened for."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    transport = httpx.AsyncHTTPTransport(
        verify=road.tls or httpx.create_ssl_context(trust_env=False), trust_env=False, limits=limits
    )
    return httpx.AsyncClient(transport=transport, follow_redirects=False, trust_env=False, timeout=None)  # noqa: S113


async def checked_addresses(road: Road, url: httpx.URL) -> list[str]:
    """Where the name leads, if to public addresses only. Raises ``WebFailed``."""
    try:
        found = await asyncio.to_thread(road.lookup, url.host, url.port or HTTPS_PORT)
    except (OSError, UnicodeError) as error:
        raise WebFailed(f"The name {url.host} leads nowhere.") from error
    for address in found:
        _check(address, road.allow_loopback)
    if not found:
        raise WebFailed(f"The name {url.host} has no address.")
    return found


async def exchange(
    client: httpx.AsyncClient,
    url: httpx.URL,
    addresses: Sequence[str],
    bytes_max: int,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> tuple[int, bytes]:
    """Status and body, from the first of the checked addresses that takes a connection. Raises ``WebFailed``.

    Limits of time are the caller's (``asyncio.timeout``).
    """
    *others, last = addresses
    for address in others:
        with contextlib.suppress(httpx.ConnectError):
            return await _send(client, url, address, bytes_max, method, headers or {}, body)
    try:
        return await _send(client, url, last, bytes_max, method, headers or {}, body)
    except httpx.ConnectError as error:
        raise WebFailed(f"No connection to {url.host}: {error}") from error


async def _send(
    client: httpx.AsyncClient,
    url: httpx.URL,
    address: str,
    bytes_max: int,
    method: str,
    headers: Mapping[str, str],
    body: bytes,
) -> tuple[int, bytes]:
    """To the very address that was checked; Host, SNI and the certificate's name stay those of the URL."""
    own = {"Host": url.netloc.decode(), "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    request = client.build_request(
        method,
        url.copy_with(host=address),
        content=body,
        headers={**headers, **own},
        extensions={"sni_hostname": url.raw_host.decode()},
    )
    try:
        response = await client.send(request, stream=True)
        async with contextlib.aclosing(response):
            return response.status_code, await _bounded(response, bytes_max)
    except httpx.ConnectError:
        raise
    except httpx.HTTPError as error:
        raise WebFailed(f"The connection failed: {error or type(error).__name__}") from error


async def _bounded(response: httpx.Response, bytes_max: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise WebFailed("The answer is compressed, which was not asked for.")
    read = bytearray()
    async for piece in response.aiter_raw():
        read += piece
        if len(read) > bytes_max:
            raise WebFailed(f"The answer is longer than {bytes_max} bytes.")
    return bytes(read)


def _check(text: str, allow_loopback: bool) -> None:
    address = real_address(ipaddress.ip_address(text))
    if not is_public(address) and not (address.is_loopback and allow_loopback):
        raise WebFailed("The name leads to an address that is not public.")
