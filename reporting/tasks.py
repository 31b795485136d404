"""Simulations in the background. A task may be delivered twice or be cut off anywhere: the data knows how far it is."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from .services.run_simulation import run_simulation, waiting_simulations

TICK_LIFE_S = 30
"""A tick that no worker took by then is thrown away: the next one does its work."""


@shared_task
def answer_what_if(simulation: int) -> None:
    """Run one that waits, or whose worker fell silent."""
    run_simulation(simulation)


@shared_task(expires=TICK_LIFE_S)
def take_over_what_ifs() -> None:
    """Hand out again what waits although nobody runs it."""
    for simulation in waiting_simulations(timezone.now()):
        answer_what_if.apply_async((simulation,), expires=TICK_LIFE_S)
