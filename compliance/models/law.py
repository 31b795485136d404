"""What an organisation has changed about the rules of law."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Organisation

STATES_LENGTH, ZONES_LENGTH = 400, 800
"""Of a window class: places that do not fit have none."""


class Override(models.Model):
    """A changed value of one rule. Tighter holds at once; looser needs a second person and an end date."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    rule = models.CharField(max_length=60)
    """The id of the rule in the project's data."""
    value = models.JSONField()
    """The fields that differ, with their new values."""
    reason = models.CharField(max_length=400)
    loosens = models.BooleanField()
    effective = models.DateField()
    ends = models.DateField(null=True, blank=True)
    """The first day on which it no longer holds; never empty where it loosens."""
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="overrides_proposed"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="overrides_approved",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(loosens=False) | models.Q(ends__isnull=False),
                name="loosening_override_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("proposed_by")),
                name="override_needs_two_people",
            ),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Override {self.pk} of {self.rule}"


class WindowClass(models.Model):
    """States and zones in which some leads may be: leads of one class may be called at the same times."""

    version = models.CharField(max_length=40)
    """Of the data that says where numbers and ZIP codes are."""
    states = models.CharField(max_length=STATES_LENGTH)
    """As in ISO 3166, sorted, a space between them."""
    zones = models.CharField(max_length=ZONES_LENGTH)
    """Names, sorted, a space between them."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "states", "zones"], name="window_class_once")
        ]

    def __str__(self) -> str:
        return f"Window class {self.pk}"
