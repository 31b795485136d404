"""How often a key may call."""

from __future__ import annotations

import time
from functools import cache

import structlog
from django.conf import settings
from redis import Redis, RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from dialer.bus.names import PREFIX

from .authentication import KeyHolder

CALLS_A_WINDOW = 600
WINDOW_S = 60
REDIS_LIMIT_S = 0.5
log = structlog.get_logger()


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=REDIS_LIMIT_S, socket_connect_timeout=REDIS_LIMIT_S)


class KeyThrottle(BaseThrottle):
    """600 calls a minute for each key, counted in Redis, so that all web processes count together.

    Without Redis nothing is counted: a limit that cannot be kept is no reason to answer nobody.
    """

    def __init__(self) -> None:
        self._now = time.time()

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the key has calls left in this window."""
        if not isinstance(request.user, KeyHolder):
            return True
        name = f"{PREFIX}api:{request.user.key.pk}:{int(self._now // WINDOW_S)}"
        try:
            pipe = _redis(settings.REDIS_URL).pipeline()
            pipe.incr(name)
            pipe.expire(name, 2 * WINDOW_S)
            count = pipe.execute()[0]
        except RedisError:
            log.warning("API calls are not counted, Redis does not answer")
            return True
        return int(count) <= CALLS_A_WINDOW

    def wait(self) -> float:
        """Seconds to the next window, told as Retry-After."""
        return WINDOW_S - self._now % WINDOW_S
