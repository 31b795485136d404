"""The records as plain values, in streams: a million calls need no more memory than a thousand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from agents.models import AgentStateChange
from campaigns.choices import Outcome
from compliance.choices import ContactKind
from compliance.models import Contact, Decision
from dialer.calls.models import Call, CallEvent
from dialer.engine.models import Holding

from .values import Account, CallStory, Change, Dial, Spell, Step

CHUNK_ROWS = 2000
LINE_ENDS = ("ended", "line_ended")
"""A line is in use until the engine saw its end; where it had given the call up before, until the node's own word."""
AGENT_FREE = ("ended", "disposed")
"""An agent is free of a call when it ends, or when they dispose of it while the line is still being hung up."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which calls are looked at: an organisation's, placed at or after a moment."""

    organisation: int
    since: datetime | None = None
    campaign: int = 0

    def calls(self) -> QuerySet[Call]:
        """Those calls."""
        found = Call.objects.filter(organisation=self.organisation)
        found = found.filter(campaign=self.campaign) if self.campaign else found
        return found.filter(placed_at__gte=self.since) if self.since else found


def stories(scope: Scope) -> Iterator[CallStory]:
    """Calls with their steps, by id."""
    grants = Decision.objects.filter(call=OuterRef("pk"), reason="").values("permit")[:1]
    rows = scope.calls().annotate(granted=Subquery(grants)).order_by("pk").iterator(CHUNK_ROWS)
    steps = _steps(scope)
    call_id, found = next(steps, ("", ()))
    for row in rows:
        while call_id and call_id < row.pk:
            call_id, found = next(steps, ("", ()))
        yield _story(row, found if call_id == row.pk else ())


def _steps(scope: Scope) -> Iterator[tuple[str, tuple[Step, ...]]]:
    chosen = CallEvent.objects.filter(call__in=scope.calls()).order_by("call_id", "id")
    rows = chosen.values_list("call_id", "id", "kind", "at", "data").iterator(CHUNK_ROWS)
    for call_id, group in groupby(rows, key=lambda row: row[0]):
        yield str(call_id), tuple(Step(n, kind, at.timestamp(), data) for _, n, kind, at, data in group)


def _story(row: Any, steps: tuple[Step, ...]) -> CallStory:
    return CallStory(
        id=row.pk,
        campaign=row.campaign_id,
        lead=row.lead_id or 0,
        agent=row.agent_id or 0,
        epoch=row.epoch,
        permit=row.permit,
        granted_permit=row.granted or "",
        stage=row.stage,
        outcome=row.outcome,
        answered=row.answered_at is not None,
        connected=row.connected_at is not None,
        disposed=row.disposed_at is not None,
        ended_at=row.ended_at.timestamp() if row.ended_at else 0.0,
        steps=steps,
    )


def lines_of_leads(scope: Scope) -> Iterator[Spell]:
    """From when to when each lead's lines were in use, by their steps."""
    return _spells(scope, "lead_id", Q(kind="trying"), Q(kind__in=LINE_ENDS), Max)


def talks_of_agents(scope: Scope) -> Iterator[Spell]:
    """From when to when each agent was with each person."""
    return _spells(scope, "agent_id", Q(kind="connected"), Q(kind__in=AGENT_FREE), Min)


def _spells(scope: Scope, owner: str, begins: Q, ends: Q, which: type[Max | Min]) -> Iterator[Spell]:
    events = CallEvent.objects.filter(call=OuterRef("pk")).order_by().values("call")
    begin = Subquery(events.filter(begins).annotate(n=Min("id")).values("n"))
    end = Subquery(events.filter(ends).annotate(n=which("id")).values("n"))
    rows = scope.calls().annotate(owner=F(owner), begin=begin, end=end)
    rows = rows.filter(owner__isnull=False, begin__isnull=False).order_by("owner", "begin")
    for row in rows.values_list("owner", "pk", "begin", "end").iterator(CHUNK_ROWS):
        yield Spell(*row)


def dials(scope: Scope) -> Iterator[Dial]:
    """What line nodes said of each INVITE, in order; what older versions said of none is left out."""
    rows = CallEvent.objects.filter(kind="trying", call__in=scope.calls()).order_by("id")
    for campaign, call, data in rows.values_list("call__campaign", "call", "data").iterator(CHUNK_ROWS):
        if data.get("permit"):
            named = (data[key] for key in ("node", "permit", "epoch", "newest_epoch"))
            yield Dial(campaign, call, *named)


def holdings(scope: Scope) -> Iterator[tuple[int, int]]:
    """Every (campaign, epoch) that a daemon held."""
    rows = Holding.objects.filter(campaign__organisation=scope.organisation)
    return rows.values_list("campaign", "epoch").iterator(CHUNK_ROWS)


def changes(scope: Scope) -> Iterator[Change]:
    """Agents' changes of state by session, of sessions that began in the scope's time."""
    rows = AgentStateChange.objects.filter(session__organisation=scope.organisation)
    if scope.since:
        rows = rows.filter(session__started_at__gte=scope.since)
    named = ("session__agent", "session", "sequence", "from_state", "to_state", "event", "call")
    for row in rows.order_by("session", "sequence").values_list(*named).iterator(CHUNK_ROWS):
        yield Change(*row)


def accounts(scope: Scope, campaign: int, until: datetime) -> list[Account]:
    """What the records and the gate say of a campaign's calls that ended before ``until``."""
    ended = Scope(scope.organisation, scope.since, campaign).calls().filter(ended_at__lt=until)
    people = ended.filter(answered_at__isnull=False).exclude(outcome=Outcome.MACHINE)
    abandoned = people.filter(outcome=Outcome.ABANDONED)
    told = Contact.objects.filter(kind=ContactKind.ABANDONED, call__in=ended.values("pk"))
    answered = people.count()
    return [
        Account("the call records", answered, abandoned.count()),
        Account("what the gate was told", answered, told.count()),
    ]


def permits_used_twice(scope: Scope) -> Iterator[tuple[str, int]]:
    """Permits that more than one call names, and how many."""
    rows = scope.calls().exclude(permit="").order_by().values("permit").annotate(n=Count("pk"))
    yield from rows.filter(n__gt=1).values_list("permit", "n").iterator(CHUNK_ROWS)
