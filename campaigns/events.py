"""Telling the pacing daemon that a campaign changed, once the change is committed."""

from __future__ import annotations

from functools import cache, partial

import structlog
from django.conf import settings
from django.db import transaction
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from dialer.bus import names, schemas
from dialer.bus.streams import FIELD

REDIS_LIMIT_S = 1.0
"""A page does not wait longer for Redis: the daemon reads its campaigns again every few seconds anyway."""
log = structlog.get_logger(__name__)


@cache
def _redis() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_LIMIT_S,
        socket_connect_timeout=REDIS_LIMIT_S,
        retry=Retry(NoBackoff(), 0),
    )


def announce_change(campaign_id: int) -> None:
    """After the commit, ask the daemon that holds the campaign to read its settings, status and lists again.

    Redis being down is no error here: the message only makes the daemon look sooner.
    """
    transaction.on_commit(partial(_send, campaign_id))


def _send(campaign_id: int) -> None:
    message = schemas.encode(schemas.CampaignChanged(campaign=campaign_id))
    try:
        _redis().xadd(
            names.room_stream(campaign_id), {FIELD: message}, maxlen=names.STREAM_LENGTH, approximate=True
        )
    except RedisError as error:
        log.warning("campaign_change_not_announced", campaign=campaign_id, error=type(error).__name__)
