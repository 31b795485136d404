"""What happened with a number before, where a rule looks at it."""

from __future__ import annotations

from django.db import models

from accounts.models import Organisation

from ..choices import ContactKind


class Contact(models.Model):
    """A conversation or an abandoned call: what lock-outs are counted from. One a call and kind."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    number = models.BigIntegerField()
    subject = models.CharField(max_length=40, blank=True)
    """Whose attempts are counted together (a lead, a debt)."""
    campaign = models.BigIntegerField()
    call = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=ContactKind.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "kind"], name="contact_once_a_call")]
        indexes = [
            models.Index(fields=["organisation", "number", "at"], name="contact_by_number"),
            models.Index(fields=["organisation", "subject", "at"], name="contact_by_subject"),
        ]

    def __str__(self) -> str:
        return f"Contact {self.pk}: {self.kind}"
