"""Work out in which window class leads are, from where their usable numbers and addresses may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import connection, transaction

from campaigns.choices import DIALABLE, PhoneStatus
from campaigns.models import Lead, LeadPhone
from compliance.law.classes import class_ids, current_ids, place_of_lead

PIECE_LEADS = 2000
"""Leads in one transaction, so that dialing is never held up."""
SET_CLASS = "UPDATE campaigns_lead SET window_class = %s WHERE id = %s AND window_class = %s"
PLACE_FIELDS = frozenset({"state", "postal_code", "time_zone"})
"""What moves a lead to another class, besides its numbers."""


def classify(lead_ids: Collection[int]) -> int:
    """Write the class of these leads, in the caller's transaction; returns how many had another one. Safe to repeat.

    Rows are locked in the order of their ids.
    """
    numbers = _numbers(lead_ids)
    leads = Lead.objects.filter(pk__in=lead_ids).order_by("pk")
    rows = leads.values_list("pk", "window_class", "postal_code", "state", "time_zone")
    places = {pk: (had, place_of_lead(numbers[pk], *where)) for pk, had, *where in rows}
    ids = class_ids({place for _, place in places.values()})
    changes = [(ids[place], pk, had) for pk, (had, place) in places.items() if ids[place] != had]
    if changes:
        with connection.cursor() as cursor:
            cursor.executemany(SET_CLASS, changes)
    return len(changes)


def classify_stale() -> int:
    """Class every lead that is still to be dialed and has no class, or one of earlier data; returns how many changed.

    Piece by piece, and safe to be cut off and to run twice. Leads of which nobody knows where they are stay without.
    """
    changed, last = 0, 0
    while ids := _stale_after(last):
        with transaction.atomic():
            changed += classify(ids)
        last = ids[-1]
    return changed


def _stale_after(last: int) -> list[int]:
    stale = Lead.objects.filter(pk__gt=last, status__in=DIALABLE).exclude(window_class__in=current_ids())
    return list(stale.order_by("pk").values_list("pk", flat=True)[:PIECE_LEADS])


def _numbers(lead_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    usable = LeadPhone.objects.filter(lead__in=lead_ids, status=PhoneStatus.USABLE)
    for lead_id, number in usable.values_list("lead_id", "number"):
        found[lead_id].append(number)
    return found
