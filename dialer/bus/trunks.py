"""How a line node learns its trunks: encrypted, in one Redis hash that the engine keeps current."""

from __future__ import annotations

import msgspec
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from .names import TRUNKS_KEY


class TrunkConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and how calls of one trunk are sent."""

    id: int
    version: int
    host: str
    port: int = 5060
    transport: str = "udp"
    """udp, tcp or tls."""
    username: str = ""
    password: str = ""
    realm: str = "*"
    register: bool = False
    srtp: str = "off"
    """off, optional or required (SDES, RFC 4568)."""
    verify_tls: bool = True
    channel_limit: int = 0
    """Calls at once; 0: no limit."""
    cps_limit: float = 0.0
    """New calls a second; 0: no limit."""
    number_prefix: str = ""
    """Put before the number's digits (technical prefix)."""
    plus: bool = True
    """Whether numbers are sent with ``+``."""
    from_domain: str = ""


async def publish_trunk(redis: Redis, box: Fernet, trunk: TrunkConfig) -> None:
    """Make a trunk known to every line node."""
    await redis.hset(TRUNKS_KEY, str(trunk.id), box.encrypt(msgspec.msgpack.encode(trunk)))


async def fetch_trunk(redis: Redis, box: Fernet, trunk: int) -> TrunkConfig | None:
    """The trunk as it stands now, or None where no such trunk is known or its record does not open."""
    sealed = await redis.hget(TRUNKS_KEY, str(trunk))
    if sealed is None:
        return None
    return msgspec.msgpack.decode(box.decrypt(sealed), type=TrunkConfig)
