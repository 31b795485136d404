"""What the call records and the agents' states of a campaign, or of one list, say about people, machines and agents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import QuerySet

from campaigns.models import Campaign, LeadList
from compliance.choices import DialKind
from dialer.calls.models import Call
from dialer.engine.virtual.values import Crew, FarEnd

from .basis import Findings
from .counting import HOURS, Counts, count_calls
from .lengths import Lengths, read_lengths, read_wrapups
from .values import Basis

HISTORY_DAYS = 30
"""Older calls tell of other people and other months."""
USUAL_PEOPLE, USUAL_AGENTS = FarEnd(detects_machines=False), Crew()
"""A usual campaign. Answering machines are told by the agent."""


@dataclass(frozen=True, slots=True)
class History:
    """What was measured, with a usual campaign's figures where too little was."""

    calls: int
    answers: int
    """People who answered."""
    hourly_shares: tuple[float, ...]
    """The part of dials that a person answers, for the hours of the day from 0 to 23 on the organisation's clocks."""
    people: FarEnd
    agents: Crew
    """Its ``agents`` is a usual number, not this campaign's (``present.present_agents``)."""
    basis: tuple[Basis, ...]

    def far_end(self, starts_hour: int, hours: float) -> FarEnd:
        """The people of a shift that begins at this hour of the day."""
        clocks = range(starts_hour, starts_hour + max(ceil(hours), 1))
        room = 1.0 - self.people.machine_share - self.people.busy_share
        shares = tuple(min(self.hourly_shares[clock % HOURS], room) for clock in clocks)
        return msgspec.structs.replace(self.people, answer_share=shares)


def read_history(campaign: Campaign, lead_list: LeadList | None, now: datetime) -> History:
    """What the last ``HISTORY_DAYS`` tell of the campaign's people, or those of one list: three queries."""
    since = now - timedelta(days=HISTORY_DAYS)
    calls = _calls(campaign, lead_list, since)
    counts = count_calls(calls, ZoneInfo(campaign.organisation.time_zone))
    return _history(counts, read_lengths(calls), read_wrapups(campaign, since))


def no_history() -> History:
    """A usual campaign's figures alone."""
    return _history(Counts(), Lengths(), [])


def _calls(campaign: Campaign, lead_list: LeadList | None, since: datetime) -> QuerySet[Call]:
    calls = Call.objects.filter(
        organisation=campaign.organisation_id, campaign=campaign, placed_at__gte=since
    ).exclude(kind=DialKind.TRANSFER)
    return calls if lead_list is None else calls.filter(lead__lead_list=lead_list)


def _history(counts: Counts, lengths: Lengths, wrapups: list[float]) -> History:
    found = Findings()
    shares = found.shares(counts, USUAL_PEOPLE)
    people = FarEnd(
        answer_share=(shares.people,),
        machine_share=shares.machines,
        busy_share=shares.refused,
        setup_s=found.middle("Dial to ringing", lengths.setup, USUAL_PEOPLE.setup_s),
        rings=found.spells("Ringing until a person answers", lengths.rings, USUAL_PEOPLE.rings),
        machine_rings=found.spells(
            "Ringing until a machine answers", lengths.machine_rings, USUAL_PEOPLE.machine_rings
        ),
        detects_machines=lengths.detects_machines,
    )
    agents = Crew(
        talks=found.spells("Talk", lengths.talks, USUAL_AGENTS.talks),
        wrapups=found.spells("Wrap-up", wrapups, USUAL_AGENTS.wrapups),
    )
    return History(counts.calls, counts.answers, shares.by_hour, people, agents, tuple(found.basis))
