"""What the pacing daemon keeps in the database for itself."""

from __future__ import annotations

from django.db import models


class JournalPosition(models.Model):
    """How far a campaign's journal has been written to the database; moved in the same transaction as the rows."""

    campaign = models.OneToOneField("campaigns.Campaign", on_delete=models.CASCADE, primary_key=True)
    position = models.CharField(max_length=40, default="0-0")

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.position}"
