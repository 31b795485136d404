"""Sends deliveries: to a checked address, within a time limit, without following redirects."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import httpx

from dialer.net.addresses import Lookup, system_lookup

from .address_guard import AddressRefused, Target, resolve_target
from .retries import Answer

TOTAL_LIMIT_S = 15.0
"""For one whole try, however slowly a receiver drips its answer (Standard Webhooks advises 15 to 30 s)."""
CONNECT_LIMIT_S = 5.0
BODY_BYTES_MAX = 2048
EXCERPT_CHARACTERS = 160
USER_AGENT = "Paceline-Webhooks/1"


@dataclass(frozen=True)
class Parcel:
    """One request that is ready to go."""

    delivery: int
    url: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Road:
    """How parcels travel: whether to this machine too, who looks names up, whose certificates count."""

    allow_loopback: bool
    lookup: Lookup = system_lookup
    tls: ssl.SSLContext | None = None


@cache
def public_tls() -> ssl.SSLContext:
    """Trust in the public certificate authorities; read from disk once."""
    return httpx.create_ssl_context(trust_env=False)


async def send_all(parcels: Sequence[Parcel], road: Road) -> list[Answer]:
    """Send some parcels at once; the answers in their order."""
    transport = httpx.AsyncHTTPTransport(verify=road.tls or public_tls(), trust_env=False)
    async with httpx.AsyncClient(transport=transport, follow_redirects=False, trust_env=False) as client:
        return list(await asyncio.gather(*(_send(client, parcel, road) for parcel in parcels)))


async def _send(client: httpx.AsyncClient, parcel: Parcel, road: Road) -> Answer:
    started = time.monotonic()
    status, error, retry_after = None, "", ""
    try:
        async with asyncio.timeout(TOTAL_LIMIT_S):
            target = await asyncio.to_thread(resolve_target, parcel.url, road.allow_loopback, road.lookup)
            status, error, retry_after = await _post(client, target, parcel)
    except TimeoutError:
        error = f"No answer within {TOTAL_LIMIT_S:.0f} seconds."
    except AddressRefused as refusal:
        error = str(refusal)
    except httpx.HTTPError as failure:
        error = _in_words(failure)
    return Answer(status, error, int((time.monotonic() - started) * 1000), retry_after)


async def _post(client: httpx.AsyncClient, target: Target, parcel: Parcel) -> tuple[int, str, str]:
    """Try the addresses in order until one takes a connection; after that there is no second chance."""
    for address in target.addresses[:-1]:
        try:
            return await _post_to(client, target, address, parcel)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _post_to(client, target, target.addresses[-1], parcel)


async def _post_to(
    client: httpx.AsyncClient, target: Target, address: str, parcel: Parcel
) -> tuple[int, str, str]:
    own = {"Host": target.url.netloc.decode(), "Content-Type": "application/json", "User-Agent": USER_AGENT}
    request = client.build_request(
        "POST",
        target.pinned(address),
        content=parcel.body.encode(),
        headers={**parcel.headers, **own},
        extensions={"sni_hostname": target.url.raw_host.decode()},
        timeout=httpx.Timeout(TOTAL_LIMIT_S, connect=CONNECT_LIMIT_S),
    )
    response = await client.send(request, stream=True)
    try:
        return response.status_code, await _complaint(response), response.headers.get("Retry-After", "")
    finally:
        await response.aclose()


async def _complaint(response: httpx.Response) -> str:
    """What a receiver that did not take the delivery has to say, cut short; empty for a 2xx."""
    if response.is_success:
        return ""
    if response.is_redirect:
        return f"HTTP {response.status_code}: redirects are not followed. Give the final address."
    read = b""
    async for piece in response.aiter_raw(BODY_BYTES_MAX):
        read += piece
        if len(read) >= BODY_BYTES_MAX:
            break
    excerpt = "".join(c if c.isprintable() else " " for c in read.decode(errors="replace"))[
        :EXCERPT_CHARACTERS
    ]
    return f"HTTP {response.status_code}: {' '.join(excerpt.split())}".rstrip(": ")


def _in_words(failure: httpx.HTTPError) -> str:
    if isinstance(failure, httpx.TimeoutException):
        return (
            f"No connection within {CONNECT_LIMIT_S:.0f} seconds."
            if _connecting(failure)
            else "The answer timed out."
        )
    return f"The connection failed: {str(failure) or type(failure).__name__}"


def _connecting(failure: httpx.TimeoutException) -> bool:
    return isinstance(failure, httpx.ConnectTimeout)
