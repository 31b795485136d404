"""Remember which campaign an agent is in, so that it outlives the web process."""

from __future__ import annotations

from agents.models import AgentSession


def enter_campaign(session: str, campaign: int | None) -> bool:
    """Set an open session's campaign (None: in none); False where the session has ended."""
    return AgentSession.objects.filter(pk=session, ended_at=None).update(campaign_id=campaign) == 1
