"""Tell other systems of something, in the transaction in which it happens."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from accounts.models import OutboxEvent


class Told(NamedTuple):
    """One event. ``type`` and the shape of ``data`` are those of the catalogue in ``integrations.events``."""

    organisation: int
    campaign: int | None
    type: str
    data: dict[str, Any]
    at: datetime
    """When it happened."""


def write_outbox(
    organisation_id: int, campaign_id: int | None, type_: str, data: dict[str, Any], now: datetime
) -> str:
    """``write_outbox_events`` for one; returns its id."""
    return write_outbox_events([Told(organisation_id, campaign_id, type_, data, now)])[0]


def write_outbox_events(told: Iterable[Told]) -> list[str]:
    """Keep events for delivery; returns their ids.

    Call it inside the transaction that makes the events true: both are kept or neither is.
    """
    events = [
        OutboxEvent(
            id=f"evt_{uuid.uuid4().hex}",
            organisation_id=each.organisation,
            campaign=each.campaign,
            type=each.type,
            data=each.data,
            at=each.at,
        )
        for each in told
    ]
    OutboxEvent.objects.bulk_create(events)
    return [event.pk for event in events]
