"""Calls for tests."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from campaigns.models import Campaign
from dialer.calls.models import Call

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""12:00 in New York."""
_ids = itertools.count(1)


def make_call(campaign: Campaign, at: float = 0.0, **values: object) -> Call:
    """A call placed ``at`` seconds after noon that nobody answered, unless ``values`` say otherwise."""
    placed = NOON + timedelta(seconds=at)
    defaults = {
        "id": f"{next(_ids):032x}",
        "organisation": campaign.organisation,
        "number": "+12125550123",
        "kind": "auto",
        "stage": "ended",
        "outcome": "no_answer",
        "placed_at": placed,
        "ended_at": placed + timedelta(seconds=20),
    }
    return Call.objects.create(campaign=campaign, **{**defaults, **values})


def talk(at: float = 0.0, seconds: float = 60.0) -> dict[str, object]:
    """The values of a call in which an agent talked."""
    placed = NOON + timedelta(seconds=at)
    answered = placed + timedelta(seconds=5)
    return {
        "outcome": "connected",
        "ringing_at": placed + timedelta(seconds=1),
        "answered_at": answered,
        "connected_at": answered + timedelta(milliseconds=80),
        "heard_at": answered + timedelta(milliseconds=120),
        "ended_at": answered + timedelta(milliseconds=80, seconds=seconds),
        "ended_by": "far",
        "sip_code": 200,
    }
