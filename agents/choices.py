"""The states of an agent."""

from __future__ import annotations

from django.db import models


class AgentState(models.TextChoices):
    """What an agent is doing, as the server knows it."""

    OFFLINE = "offline", "Offline"
    PAUSED = "paused", "Paused"
    READY = "ready", "Ready"
    PREVIEW = "preview", "Previewing a lead"
    RESERVED = "reserved", "Call coming"
    TALKING = "talking", "On call"
    HOLD = "hold", "Lead on hold"
    WRAPUP = "wrapup", "Wrap-up"


RANK_BEST, RANK_LAST, RANK_UNSET = 1, 9, 5
"""Ranks and levels: 1 is served first, or best at it; 5 for an agent of whom nothing was said."""
