"""Simulated shifts that supervisors asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Organisation
from campaigns.models import Campaign, LeadList

from .choices import SimulationStatus


class Simulation(models.Model):
    """One "what if": the settings asked about, how far the work is, and what came of it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True, blank=True)
    """Whose settings and history it started from."""
    lead_list = models.ForeignKey(LeadList, on_delete=models.SET_NULL, null=True, blank=True)
    """The list whose history says how people answer; empty: all of the campaign."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    scenario = models.JSONField()
    """What is simulated (``reporting.what_if.plan.Plan``)."""
    status = models.CharField(
        max_length=12, choices=SimulationStatus.choices, default=SimulationStatus.WAITING
    )
    progress = models.FloatField(default=0.0)
    """The part of the work that is done, 0 to 1."""
    run = models.CharField(max_length=32, blank=True)
    """The run that may write: a worker that takes the work over puts its own here, and the other one stops."""
    runs = models.PositiveSmallIntegerField(default=0)
    """How often a worker began."""
    begun_at = models.DateTimeField(null=True, blank=True)
    """When the last of them began."""
    seen_at = models.DateTimeField(null=True, blank=True)
    """When its worker last gave a sign of life."""
    results = models.JSONField(default=list, blank=True)
    """What came of each variant (``reporting.what_if.outcome.Outcome``)."""
    message = models.CharField(max_length=400, blank=True)
    """For a person: why it failed and what to do."""
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=SimulationStatus.values), name="simulation_status_known"
            )
        ]

    def __str__(self) -> str:
        return f"Simulation {self.pk}"
