"""Ask what if, and take the question back."""

from __future__ import annotations

import msgspec
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from campaigns.models import Campaign, LeadList
from reporting.choices import SimulationStatus
from reporting.models import Simulation
from reporting.what_if.values import Plan

UNFINISHED = (SimulationStatus.WAITING, SimulationStatus.RUNNING)
UNFINISHED_MOST = 3
"""A simulation keeps a core busy for a minute or more; calls need the others."""


class TooMany(Exception):
    """The organisation has enough simulations under way; the message says so."""


@transaction.atomic
def start_simulation(actor: User, campaign: Campaign, lead_list: LeadList | None, plan: Plan) -> Simulation:
    """Keep the question; a worker answers it. Raises ``TooMany``."""
    Organisation.objects.select_for_update().get(pk=campaign.organisation_id)
    waiting = Simulation.objects.filter(organisation=campaign.organisation_id, status__in=UNFINISHED)
    if waiting.count() >= UNFINISHED_MOST:
        raise TooMany(
            f"{UNFINISHED_MOST} simulations are under way. Wait until one has ended, or cancel one."
        )
    return Simulation.objects.create(
        organisation=campaign.organisation,
        campaign=campaign,
        lead_list=lead_list,
        created_by=actor,
        scenario=msgspec.to_builtins(plan),
    )


def cancel_simulation(simulation: Simulation) -> bool:
    """End it; its worker stops at the next sign of life. Whether it had not ended already."""
    unfinished = Simulation.objects.filter(pk=simulation.pk, status__in=UNFINISHED)
    return bool(unfinished.update(status=SimulationStatus.CANCELLED, finished_at=timezone.now()))
