"""What the gate asks, and what it decided. Numbers are integers here (E.164 without the plus sign)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import Organisation

from .choices import DialKind, DncSource, Refused


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


class CallerId(models.Model):
    """A number the organisation may show, with the proof of its right to."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    number = models.CharField(max_length=16)
    display_name = models.CharField(max_length=40, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="caller_id_once")]

    def __str__(self) -> str:
        return self.number


class GrantedPermit(models.Model):
    """A dial that the gate permitted: what caps are counted from, and the evidence of the decision."""

    id = models.CharField(primary_key=True, max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    call = models.CharField(max_length=32, unique=True)
    campaign = models.BigIntegerField()
    subject = models.CharField(max_length=40)
    """Whose attempts are counted together (a lead)."""
    number = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=DialKind.choices)
    caller_id = models.CharField(max_length=16, blank=True)
    granted_at = models.DateTimeField()
    rules = models.JSONField(default=dict)
    """Every rule asked, with its version and what it saw."""

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "number", "granted_at"], name="permit_by_number"),
            models.Index(fields=["organisation", "subject", "granted_at"], name="permit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"Permit {self.pk}"


class Refusal(models.Model):
    """A dial that the gate refused, with the first rule that forbade it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    campaign = models.BigIntegerField(db_index=True)
    subject = models.CharField(max_length=40, blank=True)
    number = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=DialKind.choices)
    reason = models.CharField(max_length=24, choices=Refused.choices)
    detail = models.CharField(max_length=200, blank=True)
    rule_version = models.CharField(max_length=24, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    """When the gate would ask again; empty: never by itself."""
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "campaign", "reason"], name="refusal_by_reason")]

    def __str__(self) -> str:
        return f"Refusal {self.pk}: {self.reason}"
