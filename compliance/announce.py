"""Tells every pacing daemon, at once, that numbers asked not to be called."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import structlog
from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from dialer.bus import names, schemas
from dialer.bus.streams import FIELD

TIMEOUT_S = 2.0
log = structlog.get_logger(__name__)


@cache
def _redis() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def announce_stops(organisation_id: int, numbers: Sequence[str]) -> None:
    """Put one ``StopNumber`` a number on the stream of stops, in one round trip.

    Redis being down is no error: the list in the database already forbids the next dial, only a call
    that rings at this moment goes on.
    """
    try:
        with _redis().pipeline(transaction=False) as pipe:
            for number in numbers:
                message = schemas.StopNumber(organisation=organisation_id, number=number)
                pipe.xadd(names.STOPS_STREAM, {FIELD: schemas.encode(message)}, maxlen=names.STREAM_LENGTH)
            pipe.execute()
    except RedisError as error:
        log.warning("stops_not_announced", count=len(numbers), error=type(error).__name__)
