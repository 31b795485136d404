"""End an agent's time in the console."""

from __future__ import annotations

from datetime import datetime

from agents.models import AgentSession


def end_session(session: str, reason: str, at: datetime) -> bool:
    """End a session (``reason``: signed_out, left, access_lost); False where it had ended already."""
    open_ = AgentSession.objects.filter(pk=session, ended_at=None)
    return open_.update(ended_at=at, end_reason=reason) == 1
