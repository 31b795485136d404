"""Trunks, and the record of every call."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Organisation
from campaigns.choices import Outcome
from campaigns.models import Campaign, Disposition, Lead
from compliance.choices import DialKind
from compliance.models import Signer

from .choices import Srtp, Stage, Transport


class Trunk(models.Model):
    """A carrier's SIP endpoint and what may be asked of it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="trunks")
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(
        default=5060, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    transport = models.CharField(max_length=4, choices=Transport.choices, default=Transport.UDP)
    username = models.CharField(max_length=80, blank=True)
    password_sealed = models.TextField(blank=True)
    """Encrypted; written by ``set_trunk_password`` only."""
    register = models.BooleanField(default=False)
    srtp = models.CharField(max_length=8, choices=Srtp.choices, default=Srtp.OFF)
    verify_tls = models.BooleanField(default=True)
    channel_limit = models.PositiveIntegerField(default=0)
    """Calls at once; 0: no limit."""
    cps_limit = models.FloatField(default=0, validators=[MinValueValidator(0)])
    """New calls a second; 0: no limit."""
    number_prefix = models.CharField(max_length=12, blank=True)
    plus = models.BooleanField(default=True)
    from_domain = models.CharField(max_length=253, blank=True)
    priority = models.SmallIntegerField(default=0)
    campaigns = models.ManyToManyField(Campaign, blank=True, related_name="trunks")
    """The campaigns that may use it; none: all of the organisation's."""
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, null=True, blank=True, related_name="trunks")
    """Who signs its calls; empty: the carrier."""
    enabled = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="trunk_name_once")]
        ordering = ["-priority", "name"]

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """One dial and what became of it. Written before the INVITE leaves."""

    id = models.CharField(primary_key=True, max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="calls")
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")
    number = models.CharField(max_length=16)
    kind = models.CharField(max_length=12, choices=DialKind.choices)
    caller_id = models.CharField(max_length=16, blank=True)
    trunk = models.ForeignKey(Trunk, on_delete=models.PROTECT, null=True)
    node = models.CharField(max_length=80, blank=True)
    epoch = models.BigIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=1)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PLACED)
    placed_at = models.DateTimeField()
    ringing_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    """When the lead's first audio went out to the agent."""
    screen_at = models.DateTimeField(null=True, blank=True)
    """When the agent's console said that the lead is on screen."""
    message_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    ended_by = models.CharField(max_length=16, blank=True)
    sip_code = models.PositiveSmallIntegerField(null=True, blank=True)
    sip_reason = models.CharField(max_length=120, blank=True)
    crossed_cancel = models.BooleanField(default=False)
    quality = models.JSONField(default=dict, blank=True)
    attestation = models.CharField(max_length=1, blank=True)
    origid = models.CharField(max_length=36, blank=True)
    permit = models.CharField(max_length=32, blank=True)
    disposition = models.ForeignKey(Disposition, on_delete=models.SET_NULL, null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-placed_at"], name="call_by_time"),
            models.Index(fields=["campaign", "stage"], name="call_by_stage"),
            models.Index(fields=["campaign"], condition=models.Q(ended_at__isnull=True), name="live_call"),
            models.Index(fields=["organisation", "number", "-placed_at"], name="call_by_number"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="call_stage_known"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | ~models.Q(outcome=""),
                name="ended_call_has_outcome",
            ),
            models.UniqueConstraint(
                fields=["lead"], condition=models.Q(ended_at__isnull=True), name="one_live_call_a_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"Call {self.pk}"


class CallEvent(models.Model):
    """One step of a call, never edited: durations are computed from these."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.call_id}"
