"""The catalogue of events, and the envelope in which each is sent.

The envelope is that of Standard Webhooks (standardwebhooks.com): ``type``, ``timestamp`` and ``data``, with
the event's ``id`` besides, so that samples, deliveries and replays of one event are known for the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from accounts.models import OutboxEvent
from dialer.calls.payloads import CALL_DISPOSED, CallDisposed


@dataclass(frozen=True)
class EventType:
    """A kind of event that webhooks may subscribe to."""

    name: str
    title: str
    schema: type[msgspec.Struct]
    """The shape of ``data``."""


EVENT_TYPES: dict[str, EventType] = {
    event.name: event for event in (EventType(CALL_DISPOSED, "A call got its disposition", CallDisposed),)
}


def envelope(event: OutboxEvent) -> dict[str, Any]:
    """An event as receivers get it."""
    return {
        "id": event.pk,
        "type": event.type,
        "timestamp": event.at.isoformat().replace("+00:00", "Z"),
        "data": event.data,
    }


def body(event: OutboxEvent) -> str:
    """The request body of an event's deliveries: the same text at every try."""
    return msgspec.json.encode(envelope(event)).decode()
