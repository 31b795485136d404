"""The numbers that calls show, and how each has fared."""

from __future__ import annotations

from django.db import models

from accounts.models import Organisation

from ..choices import Attestation


class CallerId(models.Model):
    """A number the organisation may show, with the proof of its right to."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    number = models.CharField(max_length=16)
    display_name = models.CharField(max_length=40, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    attestation = models.CharField(
        max_length=1, choices=Attestation.choices, default=Attestation.C, blank=True
    )
    """The highest level of attestation that may be claimed for it (ATIS-1000074): A needs proof of the right."""
    daily_limit = models.PositiveIntegerField(default=0)
    """Dials a day that may show it, on the organisation's calendar; 0: no limit."""
    rests_by_itself = models.BooleanField(default=True)
    """Whether blocks and a falling answer rate put it to rest; else only a person does."""
    rests_until = models.DateTimeField(null=True, blank=True)
    """Not shown before this moment; empty: it does not rest."""
    rests_because = models.CharField(max_length=120, blank=True)
    counts_from = models.DateTimeField(null=True, blank=True)
    """Results before this moment are not held against it any more: somebody woke it; empty: all are."""
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="caller_id_once")]

    def __str__(self) -> str:
        return self.number


class CallerDay(models.Model):
    """What became of the dials that showed one caller ID on one day (the organisation's calendar)."""

    caller_id = models.ForeignKey(CallerId, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    dials = models.PositiveIntegerField(default=0)
    """Permits that show it; those whose call has ended are counted by ``ended``."""
    ended = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    """603 with 603+ (ATIS-1000099), 607 (RFC 8197) and 608 (RFC 8688)."""
    short = models.PositiveIntegerField(default=0)
    """Answered and hung up within six seconds: what analytics engines hold against a number."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller_id", "day"], name="caller_day_once")]

    def __str__(self) -> str:
        return f"{self.day} of caller ID {self.caller_id_id}"


class CallerResult(models.Model):
    """How one call that showed the caller ID ended: one row a call, so that nothing is counted twice."""

    caller_id = models.ForeignKey(CallerId, on_delete=models.CASCADE, related_name="results", db_index=False)
    call = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    """When it ended, on the gate's clock."""
    answered = models.BooleanField()
    blocked = models.BooleanField()
    short = models.BooleanField()
    counted = models.BooleanField(default=False)
    """It is in its ``CallerDay``."""

    class Meta:
        indexes = [
            models.Index(fields=["caller_id", "at"], name="caller_result_by_time"),
            models.Index(
                fields=["caller_id"], condition=models.Q(counted=False), name="caller_result_uncounted"
            ),
        ]

    def __str__(self) -> str:
        return f"Result of call {self.call}"
