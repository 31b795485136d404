"""Webhook subscriptions and what became of each event sent to them."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from accounts.models import ApiKey, Organisation, OutboxEvent
from campaigns.models import Campaign

from .choices import DeliveryState


class Hook(models.Model):
    """Another system's wish to be told of events."""

    id = models.CharField(primary_key=True, max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hooks")
    target_url = models.URLField(max_length=500)
    event_types = models.JSONField(default=list)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, blank=True)
    """The only campaign whose events it gets; none: every campaign's."""
    secret_sealed = models.TextField()
    previous_secret_sealed = models.TextField(blank=True)
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    """Until then deliveries are signed with the secret before the rotation too."""
    created_by_key = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)
    """No sender starts before: another one is at work, or the receiver asked for a rest (Retry-After)."""

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Hook {self.pk}"

    def signs_with_previous(self, now: datetime) -> bool:
        """Whether a rotation is still under way."""
        return self.previous_secret_until is not None and now < self.previous_secret_until


class Delivery(models.Model):
    """One event for one hook: tried until it is taken or given up."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    """When it is due; while it is being sent: when the sender is taken for dead. Empty once it has ended."""
    delivered_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_duration_ms = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hook", "event"], name="delivery_once_a_hook"),
            models.CheckConstraint(
                condition=models.Q(delivered_at__isnull=True) | models.Q(failed_at__isnull=True),
                name="delivery_ends_once",
            ),
        ]
        indexes = [models.Index(fields=["hook", "next_try_at"], name="delivery_due")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"

    @property
    def state(self) -> DeliveryState:
        """Where it stands, for people."""
        if self.delivered_at is not None:
            return DeliveryState.DELIVERED
        if self.failed_at is not None:
            return DeliveryState.FAILED
        return DeliveryState.RETRYING if self.attempts else DeliveryState.WAITING
