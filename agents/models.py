"""Agents' sessions and each change of their state."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Organisation
from campaigns.models import Campaign

from .choices import AgentState


class PauseCode(models.Model):
    """A reason an agent may give for a pause."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="pause_codes")
    code = models.SlugField(max_length=24)
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="pause_code_once")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class AgentSession(models.Model):
    """An agent's time in the console, from sign-in to sign-out."""

    id = models.CharField(primary_key=True, max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agent_sessions"
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(default=timezone.now)
    """When the console was last known to be connected."""
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=models.Q(ended_at__isnull=True), name="one_open_session_an_agent"
            )
        ]

    def __str__(self) -> str:
        return f"Session {self.pk}"


class AgentStateChange(models.Model):
    """One transition of an agent's state, never edited."""

    session = models.ForeignKey(AgentSession, on_delete=models.CASCADE, related_name="changes")
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=12, choices=AgentState.choices)
    to_state = models.CharField(max_length=12, choices=AgentState.choices)
    event = models.CharField(max_length=24)
    reason = models.CharField(max_length=60, blank=True)
    call = models.CharField(max_length=32, blank=True)
    sequence = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "sequence"], name="state_change_sequence")]
        ordering = ["session", "sequence"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
