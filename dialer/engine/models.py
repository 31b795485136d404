"""What the pacing daemon keeps in the database for itself."""

from __future__ import annotations

from django.db import models


class JournalPosition(models.Model):
    """How far a campaign's journal has been written to the database; moved in the same transaction as the rows."""

    campaign = models.OneToOneField("campaigns.Campaign", on_delete=models.CASCADE, primary_key=True)
    position = models.CharField(max_length=40, default="0-0")
    epoch = models.BigIntegerField(default=0)
    """The newest holder's: no call is written under an older one (``fence``)."""

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.position}"


class Holding(models.Model):
    """One daemon took one campaign. Never edited."""

    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.CASCADE)
    epoch = models.BigIntegerField()
    holder = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "epoch"], name="one_holder_an_epoch")]

    def __str__(self) -> str:
        return f"{self.campaign_id} by {self.holder} under {self.epoch}"
