"""Which of an agent's browser tabs holds the console: one at a time.

A tab names itself by random hex digits, so that the same tab may come back after a broken connection or a
reload while another one must ask. The hold lapses by itself when no connection renews it.
"""

from __future__ import annotations

import re
import uuid
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs

from redis.asyncio import Redis

from dialer.bus.names import PREFIX

HOLD_LIFE_S = 30
_TAB = re.compile(r"[0-9a-f]{8,32}")

_TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and ARGV[4] == '0' and string.sub(holder, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'EX', ARGV[3])
return 1
"""
_RENEW = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class Tab(NamedTuple):
    """One connection of one browser tab of an agent."""

    agent: int
    tab: str
    connection: str

    @property
    def _key(self) -> str:
        return f"{PREFIX}console:{self.agent}"

    @property
    def _value(self) -> str:
        return f"{self.tab}:{self.connection}"

    async def take(self, redis: Redis, *, by_force: bool = False) -> bool:
        """Hold the console; False where another tab holds it and this is not by force."""
        args = (f"{self.tab}:", self.connection, HOLD_LIFE_S, "1" if by_force else "0")
        return bool(await cast(Any, redis).eval(_TAKE, 1, self._key, *args))

    async def renew(self, redis: Redis) -> bool:
        """Go on holding, also where the hold had lapsed; False where another connection has taken over."""
        return bool(await cast(Any, redis).eval(_RENEW, 1, self._key, self._value, HOLD_LIFE_S))

    async def release(self, redis: Redis) -> bool:
        """Let go; False where another connection had taken over already."""
        return bool(await cast(Any, redis).eval(_RELEASE, 1, self._key, self._value))


def tab_of(agent: int, query_string: bytes) -> Tab:
    """The tab that the socket's address names (``?tab=``), or one of its own where it names none."""
    given = parse_qs(query_string.decode("latin-1")).get("tab", [""])[0]
    tab = given if _TAB.fullmatch(given) else uuid.uuid4().hex
    return Tab(agent, tab, uuid.uuid4().hex)
