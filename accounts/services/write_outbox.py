"""Tell other systems of something, in the transaction in which it happens."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from accounts.models import OutboxEvent


def write_outbox(
    organisation_id: int, campaign_id: int | None, type_: str, data: dict[str, Any], now: datetime
) -> str:
    """Keep an event for delivery; returns its id.

    Call it inside the transaction that makes the event true: both are kept or neither is. ``type_`` and the
    shape of ``data`` are those of the catalogue in ``integrations.events``; ``now`` is when it happened.
    """
    event = OutboxEvent(
        id=f"evt_{uuid.uuid4().hex}",
        organisation_id=organisation_id,
        campaign=campaign_id,
        type=type_,
        data=data,
        at=now,
    )
    event.save(force_insert=True)
    return event.pk
