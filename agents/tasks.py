"""What is done for agents' sessions in the background."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from .services import end_forgotten_sessions as forgotten


@shared_task(expires=60)
def end_forgotten_sessions() -> None:
    """End the sessions of agents who went away without signing out."""
    forgotten.end_forgotten_sessions(timezone.now())
