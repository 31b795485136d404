"""Choices of reporting."""

from __future__ import annotations

from django.db import models


class SimulationStatus(models.TextChoices):
    """Where a simulated shift stands."""

    WAITING = "waiting", "Waiting to start"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
