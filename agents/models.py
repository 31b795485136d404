"""Agents' sessions and each change of their state."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import Organisation
from campaigns.models import Campaign, Skill

from .choices import RANK_BEST, RANK_LAST, RANK_UNSET, AgentState


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


RANKS = [MinValueValidator(RANK_BEST), MaxValueValidator(RANK_LAST)]


class CampaignAgent(models.Model):
    """An agent who also takes people of this campaign, whichever campaign they joined."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="shared_agents")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="campaigns")
    rank = models.PositiveSmallIntegerField(default=RANK_UNSET, validators=RANKS)
    """How well placed the agent is in this campaign, 1 best: for routing by rank, and for which of their campaigns
    has them first."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "agent"], name="campaign_agent_once")]
        ordering = ["campaign", "rank", "id"]

    def __str__(self) -> str:
        return f"Agent {self.agent_id} in campaign {self.campaign_id}"


class AgentSkill(models.Model):
    """How well an agent can something."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="agents")
    level = models.PositiveSmallIntegerField(default=RANK_UNSET, validators=RANKS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "skill"], name="agent_skill_once")]
        ordering = ["agent", "level", "id"]

    def __str__(self) -> str:
        return f"Skill {self.skill_id} of agent {self.agent_id}"


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
