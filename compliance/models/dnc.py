"""The organisation's own do-not-call list."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import Organisation

from ..choices import DncSource


class DncEntry(models.Model):
    """A number that asked this organisation not to call (47 CFR 64.1200(d)). Holds once written."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    number = models.BigIntegerField()
    source = models.CharField(max_length=20, choices=DncSource.choices)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="dnc_once_a_number")]

    def __str__(self) -> str:
        return f"DNC {self.pk}"
