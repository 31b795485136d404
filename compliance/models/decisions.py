"""What the gate decided, kept as a chain of hashes: caps are counted from it, and it is the evidence."""

from __future__ import annotations

from django.db import models

from accounts.models import Organisation

from ..choices import DialKind, Finding, Refused


class Chain(models.Model):
    """Where an organisation's chain of decisions stands. Who holds this row's lock decides next."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.BinaryField(max_length=32, default=bytes)

    def __str__(self) -> str:
        return f"Chain of {self.organisation_id} at {self.sequence}"


class Decision(models.Model):
    """One answer of the gate, a grant where ``reason`` is empty. Never edited."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    sequence = models.BigIntegerField()
    """Its place in the organisation's chain, from 1, without a gap."""
    call = models.CharField(max_length=32, blank=True)
    campaign = models.BigIntegerField()
    subject = models.CharField(max_length=40, blank=True)
    """Whose attempts are counted together (a lead)."""
    topic = models.CharField(max_length=80, blank=True)
    """The subject matter that caps count by."""
    number = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=DialKind.choices)
    reason = models.CharField(max_length=24, choices=Refused.choices, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    rule = models.CharField(max_length=24, blank=True)
    """The rule that forbade it, with its version."""
    retry_at = models.DateTimeField(null=True, blank=True)
    """When that rule would allow it; empty: never by itself."""
    permit = models.CharField(max_length=32, blank=True)
    caller_id = models.CharField(max_length=16, blank=True)
    trunk = models.BigIntegerField(default=0)
    attestation = models.CharField(max_length=1, blank=True)
    origid = models.CharField(max_length=36, blank=True)
    signer = models.CharField(max_length=80, blank=True)
    """Who signed, and with which certificate."""
    at = models.DateTimeField()
    """On the gate's clock."""
    evidence = models.TextField(blank=True)
    """JSON, as it was hashed: ``asked`` what was asked, ``rules`` every rule with its version and what it saw."""
    digest = models.BinaryField(max_length=32)
    """SHA-256 over the digest before it and this row's content (``compliance.evidence.chain``)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sequence"], name="decision_in_sequence"),
            models.UniqueConstraint(fields=["call"], condition=models.Q(reason=""), name="one_grant_a_call"),
        ]
        indexes = [
            models.Index(fields=["organisation", "number", "at"], name="decision_by_number"),
            models.Index(fields=["organisation", "subject", "at"], name="decision_by_subject"),
            models.Index(
                fields=["campaign", "at"], condition=~models.Q(reason=""), name="refusals_by_campaign"
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.sequence}: {self.reason or 'granted'}"


class ChainCheck(models.Model):
    """One check of an organisation's chain: what it found, and where the chain stood."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    sequence = models.BigIntegerField()
    """The head, when the check began."""
    digest = models.BinaryField(max_length=32)
    checked = models.BigIntegerField()
    """Decisions whose digest is right, from the first on."""
    finding = models.CharField(max_length=16, choices=Finding.choices, blank=True)
    found_at = models.BigIntegerField(default=0)
    """The place in the chain that the finding is about."""
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-at"], name="chain_check_by_time")]

    def __str__(self) -> str:
        return f"Check of {self.organisation_id} at {self.sequence}: {self.finding or 'intact'}"
