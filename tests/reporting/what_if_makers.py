"""Histories with known parameters, and short questions, for tests of what-if."""

from __future__ import annotations

import datetime as dt
import math
import random
import uuid
from collections.abc import Sequence

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from agents.models import AgentSession, AgentStateChange
from campaigns.models import Campaign, Lead
from dialer.calls.models import Call
from dialer.celery import app
from dialer.engine.virtual.values import Crew, FarEnd, Spell
from reporting.tasks import answer_what_if
from reporting.what_if.history import no_history
from reporting.what_if.plan import make_plan
from reporting.what_if.values import Frame, Plan, Settings

SHORT_HOURS = 0.25


@pytest.fixture
def at_once():
    """Background work is done before the page answers."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def no_broker(monkeypatch):
    """Nobody takes in background work."""

    def refuse(*args, **options):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(answer_what_if, "apply_async", refuse)


def draw(chance: random.Random, spells: Sequence[Spell]) -> float:
    """A length of this mixture, seconds."""
    spell = chance.choices(spells, [spell.weight for spell in spells])[0]
    sigma = math.sqrt(math.log1p(spell.cv**2))
    return chance.lognormvariate(math.log(spell.mean_s) - sigma**2 / 2, sigma)


def make_calls(
    campaign: Campaign, lead: Lead, far: FarEnd, talks: Sequence[Spell], count: int, last: dt.datetime
) -> None:
    """Dials every 10 s up to ``last`` that these people and machines meet; an agent hears every machine."""
    chance = random.Random(11)
    calls = [
        _call(campaign, lead, far, talks, last - dt.timedelta(seconds=10 * n), chance) for n in range(count)
    ]
    Call.objects.bulk_create(calls, batch_size=1000)


def _call(campaign, lead, far, talks, placed, chance) -> Call:
    def after(start, seconds):
        return start + dt.timedelta(seconds=seconds)

    call = Call(
        id=uuid.uuid4().hex,
        organisation=campaign.organisation,
        campaign=campaign,
        lead=lead,
        number="+12125550123",
        kind="auto",
        stage="ended",
        placed_at=placed,
    )
    dice, people, machines = chance.random(), far.answer_share[0], far.machine_share
    if people + machines <= dice < people + machines + far.busy_share:
        call.outcome, call.ended_at = "busy", after(placed, 2)
        return call
    call.ringing_at = after(placed, far.setup_s)
    if dice >= people + machines:
        call.outcome, call.ended_at = "no_answer", after(call.ringing_at, 25)
        return call
    is_person = dice < people
    call.outcome = "connected" if is_person else "machine"
    call.answered_at = after(call.ringing_at, draw(chance, far.rings if is_person else far.machine_rings))
    call.connected_at = after(call.answered_at, 0.1)
    call.ended_at = after(call.connected_at, draw(chance, talks) if is_person else 8)
    return call


def make_wrapups(campaign: Campaign, agent, wrapups: Sequence[Spell], count: int, last: dt.datetime) -> None:
    """An agent's states: talk and wrap-up in turn, the last one ended at ``last``."""
    session = AgentSession.objects.create(
        id=f"session-{agent.pk}",
        organisation=campaign.organisation,
        agent=agent,
        campaign=campaign,
        started_at=last,
    )
    chance, at, changes = random.Random(12), last, []
    for number in range(count):
        begins = at - dt.timedelta(seconds=draw(chance, wrapups))
        changes += [
            ("wrapup", "ready", at, 2 * (count - number)),
            ("talking", "wrapup", begins, 2 * (count - number) - 1),
        ]
        at = begins - dt.timedelta(seconds=60)
    AgentStateChange.objects.bulk_create(
        AgentStateChange(
            session=session,
            campaign=campaign,
            at=at,
            from_state=old,
            to_state=new,
            event="e",
            sequence=sequence,
        )
        for old, new, at, sequence in changes
    )


def usual_calls(campaign: Campaign, lead: Lead, count: int) -> None:
    """Calls of a usual campaign, the last an hour ago."""
    make_calls(campaign, lead, FarEnd(), Crew().talks, count, timezone.now() - dt.timedelta(hours=1))


def short_plan(*agents: int, days: int = 1) -> Plan:
    """A quarter of an hour with so many agents, a side each."""
    sides = [Settings(f"{count} agents", count) for count in agents]
    return make_plan(sides, Frame(hours=SHORT_HOURS), no_history(), range(1, days + 1))
