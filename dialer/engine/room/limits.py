"""What keeps a room from having more lines out: told to supervisors, decided nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Limit(models.TextChoices):
    """The one thing that would have to change for more lines to be placed."""

    HELD = "held", "Dialing is held"
    BY_HAND = "by_hand", "Agents ask for each call"
    AGENTS = "agents", "No agent is there to take a call"
    WINDOW = "window", "Outside the campaign's hours, or at their end"
    TRUNKS = "trunks", "The trunks take no more calls now"
    LINES = "lines", "The campaign's limit of lines"
    LEADS = "leads", "No more leads are due"
    ACCOUNT = "account", "Enough lines are out for the agents and the limit"


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer of the pacer and what came of it. A line counts until it is joined with an agent."""

    wanted: int = 0
    """Lines that the pacer wants out, with those that are out."""
    out: int = 0
    """Those of them that are out."""
    limit: Limit = Limit.HELD
