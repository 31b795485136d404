"""Webhook subscriptions and every delivery tried."""

from __future__ import annotations

from django.db import models

from accounts.models import ApiKey, Organisation, OutboxEvent
from campaigns.models import Campaign


class Hook(models.Model):
    """Another system's wish to be told of events."""

    id = models.CharField(primary_key=True, max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hooks")
    target_url = models.URLField(max_length=500)
    event_types = models.JSONField(default=list)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, blank=True)
    secret_sealed = models.TextField()
    created_by_key = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"Hook {self.pk}"


class Delivery(models.Model):
    """One event for one hook: tried until it is taken, refused for good, or given up."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True, db_index=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_duration_ms = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "event"], name="delivery_once_a_hook")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"
