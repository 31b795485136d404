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
