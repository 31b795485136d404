"""The trunks as a line node uses them: fetched, kept for a moment, their host names resolved."""

from __future__ import annotations

import asyncio
import hashlib
import socket

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from redis.asyncio import Redis

from dialer.bus.trunks import TrunkConfig, fetch_trunk

from . import sip_headers
from .wire import Route

FRESH_S = 1.0
"""How long a trunk is used without looking for a newer version."""
RESOLVED_S = 30.0
RESOLVE_LIMIT_S = 2.0
TRANSPORTS = ("udp", "tcp", "tls")
SRTP_USES = ("off", "optional", "required")


class TrunkUnusable(Exception):
    """No call can go over this trunk now; the message says why."""


class TrunkBook:
    """Answers for a trunk's id with its settings and the way there."""

    def __init__(self, redis: Redis, box: Fernet) -> None:
        self._redis = redis
        self._box = box
        self._trunks: dict[int, tuple[float, TrunkConfig]] = {}
        self._addresses: dict[str, tuple[float, str]] = {}

    async def find(self, trunk: int) -> tuple[TrunkConfig, Route]:
        """The trunk and its route. Raises TrunkUnusable, or RedisError when Redis is away."""
        config = await self._config(trunk)
        if config.transport not in TRANSPORTS or config.srtp not in SRTP_USES:
            raise TrunkUnusable("transport or srtp is unknown")
        try:
            sip_headers.host_in_uri(config.host)
            domain = sip_headers.own_domain(config)
        except sip_headers.HeaderInvalid as error:
            raise TrunkUnusable(str(error)) from error
        return config, _route(config, domain, await self._address(config.host))

    async def _config(self, trunk: int) -> TrunkConfig:
        now = asyncio.get_running_loop().time()
        found = self._trunks.get(trunk)
        if found and now - found[0] < FRESH_S:
            return found[1]
        try:
            config = await fetch_trunk(self._redis, self._box, trunk)
        except (InvalidToken, msgspec.MsgspecError) as error:
            raise TrunkUnusable("the record does not open; do all processes share one bus secret?") from error
        if config is None:
            raise TrunkUnusable("no such trunk")
        self._trunks[trunk] = (now, config)
        return config

    async def _address(self, host: str) -> str:
        """IPv4, as the line nodes bind IPv4 addresses; a child must not wait for DNS, so it is done here."""
        loop = asyncio.get_running_loop()
        found = self._addresses.get(host)
        if found and loop.time() - found[0] < RESOLVED_S:
            return found[1]
        try:
            async with asyncio.timeout(RESOLVE_LIMIT_S):
                answers = await loop.getaddrinfo(host, None, family=socket.AF_INET, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise TrunkUnusable("the host name does not resolve") from error
        address = str(answers[0][4][0])
        self._addresses[host] = (loop.time(), address)
        return address


def _route(config: TrunkConfig, domain: str, address: str) -> Route:
    route = Route(
        key="",
        host=config.host,
        address=address,
        port=config.port,
        transport=config.transport,
        domain=domain,
        username=config.username,
        password=config.password,
        realm=config.realm,
        srtp=config.srtp,
        verify_tls=config.verify_tls,
    )
    return msgspec.structs.replace(route, key=hashlib.sha256(msgspec.msgpack.encode(route)).hexdigest()[:16])
