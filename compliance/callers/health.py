"""What a supervisor has to know of the caller IDs."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Organisation

from ..models import CallerId
from .pool import Pool, PoolNumber, open_pool

NAMED_MAX = 3
"""Resting numbers that get a sentence of their own; the rest are counted."""


def problems(organisation_id: int, now: datetime) -> list[str]:
    """Sentences for the floor, the worst first: nothing can be shown, and which numbers rest until when and why.

    ``now`` is on the gate's clock. Two or three queries; empty where all is well.
    """
    pool = open_pool(organisation_id, now)
    pool.need_all()
    resting = sorted((each for each in pool.numbers.values() if each.rests(now)), key=_until)
    return [*_standstill(pool, now), *_rests(organisation_id, resting)]


def _standstill(pool: Pool, now: datetime) -> list[str]:
    numbers = pool.numbers.values()
    if not numbers or not all(each.rests(now) or each.is_used_up for each in numbers):
        return []
    return [
        "No caller ID may be shown now: all rest or are at their daily limit, so no call that needs one goes out. "
        "Add numbers, or wake one on the page of caller IDs."
    ]


def _rests(organisation_id: int, resting: list[PoolNumber]) -> list[str]:
    if not resting:
        return []
    zone = ZoneInfo(Organisation.objects.values_list("time_zone", flat=True).get(pk=organisation_id))
    named = [each.id for each in resting[-NAMED_MAX:]]
    reasons = dict(CallerId.objects.filter(pk__in=named).values_list("pk", "rests_because"))
    sentences = [
        f"{each.number} rests until {_until(each).astimezone(zone):%a %d %b %H:%M}: {reasons[each.id]}."
        for each in reversed(resting[-NAMED_MAX:])
    ]
    others = len(resting) - len(named)
    return [*sentences, f"{others} more caller IDs rest."] if others else sentences


def _until(number: PoolNumber) -> datetime:
    assert number.rests_until is not None, "only asked of numbers that rest"
    return number.rests_until
