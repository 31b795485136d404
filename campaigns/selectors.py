"""Which leads a campaign dials next. Each function costs a fixed number of queries, however many leads there
are.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator
from itertools import islice

from django.db.models import F, IntegerField, Q, QuerySet, Value

from .choices import LeadStatus
from .due import DueCallback, DueLead, load_leads
from .models import Callback, Campaign, Lead, LeadList, LeadPhone

__all__ = ["DueCallback", "DueLead", "due_callbacks", "due_leads", "lead_by_number", "lead_for_screen"]

LISTS_A_QUERY = 40
"""Four SELECTs a list go into one statement; SQLite takes 500 of them."""
PARTS_A_LIST, PARAMETERS_A_PART, PARAMETERS_A_QUERY = 4, 10, 30_000
"""SQLite takes 32,766 parameters in one statement; each closed class is one in each part."""
RETRY_RANK, NEW_RANK = 0, 1

Ranked = tuple[int, int, int]
"""Negative priority of the list, retry before new, lead id: sorts into the order of dialing."""


def due_leads(
    campaign_id: int,
    now: dt.datetime,
    limit: int,
    exclude: Collection[int] = (),
    closed: Collection[int] = (),
    without: Collection[int] = (),
) -> list[DueLead]:
    """The next leads to dial, at most ``limit``, without those in ``exclude`` (already in the hopper), those of
    the window classes in ``closed``, which no law lets be called now, and those of the lists in ``without``.

    Order: callbacks that are due and belong to no agent, then by list priority, retries that are due, leads
    never tried, and the lowest id. Only active lists. An agreed callback is not held up by the campaign's
    most attempts, nor by its class: the person asked for it, and the gate is asked at the dial.
    """
    room = limit + len(exclude)
    left_out = frozenset(exclude)
    callbacks = _open_callbacks(campaign_id, now).filter(agent=None)
    if without:
        callbacks = callbacks.exclude(lead__lead_list__in=without)
    ids = [pk for pk in callbacks.values_list("lead_id", flat=True)[:room] if pk not in left_out][:limit]
    if len(ids) < limit:
        fresh = (pk for pk in _ranked_ids(campaign_id, now, room, closed, without) if pk not in left_out)
        ids.extend(islice(fresh, limit - len(ids)))
    leads = load_leads(ids)
    found = (leads[pk] for pk in ids if pk in leads)
    return [lead for lead in found if lead.phone is not None]


def due_callbacks(campaign_id: int, agent_ids: Collection[int], now: dt.datetime) -> list[DueCallback]:
    """Callbacks that these agents own and whose time has come, the longest due first."""
    rows = list(_open_callbacks(campaign_id, now).filter(agent__in=list(agent_ids)))
    leads = load_leads(row.lead_id for row in rows)
    return [
        DueCallback(row.pk, row.agent_id, row.due_at, row.note, leads[row.lead_id])
        for row in rows
        if row.agent_id is not None and row.lead_id in leads
    ]


def lead_for_screen(lead_id: int) -> DueLead | None:
    """One lead, whatever its status; None where it is gone."""
    return load_leads([lead_id]).get(lead_id)


def lead_by_number(organisation_id: int, campaign_id: int, number: str) -> DueLead | None:
    """The campaign's lead with this phone (E.164 with ``+``), its ``phone`` set to it; the oldest where
    several have it.
    """
    rows = LeadPhone.objects.filter(
        organisation=organisation_id, number=number, lead__lead_list__campaign=campaign_id
    )
    lead_id = rows.order_by("lead_id").values_list("lead_id", flat=True).first()
    lead = lead_for_screen(lead_id) if lead_id is not None else None
    if lead is None:
        return None
    return dataclasses.replace(lead, phone=next(phone for phone in lead.phones if phone.number == number))


def _open_callbacks(campaign_id: int, now: dt.datetime) -> QuerySet[Callback]:
    return Callback.objects.filter(
        Q(lead__next_call_at=None) | Q(lead__next_call_at__lte=now),
        campaign=campaign_id,
        done_at=None,
        due_at__lte=now,
        lead__status=LeadStatus.CALLBACK,
        lead__live_call="",
        lead__lead_list__active=True,
        lead__lead_list__campaign=campaign_id,
    ).order_by("due_at", "id")


def _ranked_ids(
    campaign_id: int, now: dt.datetime, room: int, closed: Collection[int], without: Collection[int]
) -> Iterator[int]:
    """Ids in the order of dialing, ``room`` of each list at most; goes on to lists of lower priority only
    when asked.
    """
    most = Campaign.objects.filter(pk=campaign_id).values_list("max_attempts", flat=True).first()
    lists = list(
        LeadList.objects.filter(campaign=campaign_id, active=True)
        .exclude(pk__in=without)
        .order_by("-priority", "id")
        .values_list("id", "priority")
    )
    step = max(
        1, min(LISTS_A_QUERY, PARAMETERS_A_QUERY // (PARTS_A_LIST * (len(closed) + PARAMETERS_A_PART)))
    )
    for start in range(0, len(lists), step):
        parts = [
            part
            for each in lists[start : start + step]
            for part in _parts(*each, most or 0, now, room, closed)
        ]
        rows: list[Ranked] = list(parts[0].union(*parts[1:], all=True))
        yield from (row[2] for row in sorted(rows))


def _parts(
    list_id: int, priority: int, most: int, now: dt.datetime, room: int, closed: Collection[int] = ()
) -> list[QuerySet]:
    """One list's candidates as SELECTs that each walk the index ``lead_due`` in its own order and stop at
    ``room``.
    """
    return [
        _part(Q(status=status, **when) & ~Q(window_class__in=closed), rank, list_id, priority, most, room)
        for status, rank in ((LeadStatus.RETRY, RETRY_RANK), (LeadStatus.NEW, NEW_RANK))
        for when in ({"next_call_at__lte": now}, {"next_call_at": None})
    ]


def _part(which: Q, rank: int, list_id: int, priority: int, most: int, room: int) -> QuerySet:
    candidates = Lead.objects.filter(which, lead_list=list_id, live_call="", attempts__lt=most)
    page = candidates.order_by("next_call_at", "id").values("pk")[:room]
    return Lead.objects.filter(pk__in=page).values_list(
        Value(-priority, output_field=IntegerField()), Value(rank, output_field=IntegerField()), F("pk")
    )
