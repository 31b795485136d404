"""The ledger of what people agreed to, and what a relationship permits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Organisation

from ..choices import ConsentFile, ConsentKind, ConsentMeans, RndAnswer


class Consent(models.Model):
    """One entry of the ledger, never edited: a grant, a relationship, or a revocation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=ConsentKind.choices)
    given_at = models.DateTimeField()
    """When the person gave it, bought, asked, or revoked."""
    expires_at = models.DateTimeField(null=True, blank=True)
    """No longer good from this moment; empty: until revoked."""
    means = models.CharField(max_length=16, choices=ConsentMeans.choices)
    scope = models.CharField(max_length=120, blank=True)
    """The seller or subject it names; empty: the organisation as a whole."""
    text = models.TextField(blank=True)
    """The wording the person agreed to, or what they said."""
    proof = models.FileField(upload_to="consent/", blank=True)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=200, blank=True)
    """Where it came from: a web address, a file and row, a call."""
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=(ConsentKind.PURCHASE, ConsentKind.INQUIRY))
                | models.Q(expires_at__isnull=False),
                name="relationship_ends",
            )
        ]
        indexes = [models.Index(fields=["organisation", "number", "given_at"], name="consent_by_number")]
        ordering = ["given_at", "id"]

    def __str__(self) -> str:
        return f"Consent {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once. Raises ``TypeError`` for an entry that is stored: what was wrong is answered by a further entry."""
        if not self._state.adding:
            raise TypeError("An entry of the ledger is never edited. Write a further one.")
        super().save(*args, **kwargs)


class ConsentImport(models.Model):
    """One file of consents, or of the Reassigned Numbers Database's answers, on its way into the ledger."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=12, choices=ConsentFile.choices, default=ConsentFile.CONSENTS)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    file = models.FileField(upload_to="consent-imports/", blank=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    """SHA-256 of the file: the same file is not entered twice."""
    answered_at = models.DateTimeField(null=True, blank=True)
    """Of answers: when the database gave them."""
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, blank=True)
    """The first rejected rows: [row number, what is wrong and what to do]."""
    message = models.CharField(max_length=400, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "digest"], name="consent_file_once")
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Consent import {self.pk}"


class ReassignedAnswer(models.Model):
    """What the Reassigned Numbers Database said of a number (47 CFR 64.1200(m)): only "no" permits."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    number = models.BigIntegerField()
    consent_date = models.DateField()
    """The date that was asked about: has the number been disconnected since?"""
    answer = models.CharField(max_length=8, choices=RndAnswer.choices)
    answered_at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "number", "answered_at"], name="rnd_by_number")]

    def __str__(self) -> str:
        return f"RND answer {self.pk}"
