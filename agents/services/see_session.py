"""Note that an agent's console is connected."""

from __future__ import annotations

from datetime import datetime

from agents.models import AgentSession


def see_session(session: str, now: datetime) -> bool:
    """Note the time; False where the session has ended meanwhile."""
    return AgentSession.objects.filter(pk=session, ended_at=None).update(seen_at=now) == 1
