"""End the sessions of agents who went away without signing out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from agents.models import AgentSession

FORGOTTEN_AFTER = timedelta(minutes=30)
"""A session whose console was away for so long was left; coming back begins another."""
LEFT = "left"


def end_forgotten_sessions(now: datetime) -> int:
    """End each of them at the time its console was last seen; returns how many."""
    forgotten = AgentSession.objects.filter(ended_at=None, seen_at__lt=now - FORGOTTEN_AFTER)
    return forgotten.update(ended_at=F("seen_at"), end_reason=LEFT)
