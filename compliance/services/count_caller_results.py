"""Count results of calls for the caller IDs that they showed, and put to rest what has to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import connection, transaction

from ..callers.pool import day_at
from ..callers.record import rate_rest, recent_blocks
from ..callers.resting import rest_for_blocks
from ..models import CallerDay, CallerId, CallerResult
from .rest_caller_id import BY_ITSELF, rest_caller_id

CLAIM = """UPDATE compliance_callerresult SET counted = %s
    WHERE counted = %s
    AND caller_id_id IN (SELECT id FROM compliance_callerid WHERE organisation_id = %s)
    RETURNING id"""
"""One statement, so that two who count at once take different results."""
COUNT = """INSERT INTO compliance_callerday (caller_id_id, day, dials, ended, answered, blocked, short)
    VALUES (%s, %s, 0, %s, %s, %s, %s)
    ON CONFLICT (caller_id_id, day) DO UPDATE SET
        ended = compliance_callerday.ended + excluded.ended,
        answered = compliance_callerday.answered + excluded.answered,
        blocked = compliance_callerday.blocked + excluded.blocked,
        short = compliance_callerday.short + excluded.short"""
KEPT = timedelta(days=35)
"""Longer than any rule looks back; the days' figures stay."""
RATE_EVERY = 10
"""The answer rate is looked at after each tenth call of a number's day."""


@transaction.atomic
def count_caller_results(organisation_id: int) -> int:
    """How many results were new: each is added to its day and looked at once.

    What stays uncounted when this fails is counted with the next result.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [True, False, organisation_id])
        claimed = [row[0] for row in cursor.fetchall()]
    if not claimed:
        return 0
    results = list(CallerResult.objects.filter(pk__in=claimed).order_by("caller_id", "at"))
    callers = CallerId.objects.select_related("organisation").in_bulk({each.caller_id_id for each in results})
    _count(results, callers)
    by_caller = {pk: list(group) for pk, group in groupby(results, key=lambda result: result.caller_id_id)}
    due = _due(callers, by_caller)
    for pk, group in by_caller.items():
        _judge(callers[pk], group, pk in due)
    newest = max(each.at for each in results)
    CallerResult.objects.filter(caller_id__in=callers, counted=True, at__lt=newest - KEPT).delete()
    return len(results)


def _count(results: Iterable[CallerResult], callers: dict[int, CallerId]) -> None:
    def day(result: CallerResult) -> tuple[int, date]:
        zone = callers[result.caller_id_id].organisation.time_zone
        return result.caller_id_id, day_at(result.at, zone)[0]

    rows = []
    for key, group in groupby(results, key=day):
        ended = list(group)
        sums = [sum(getattr(each, name) for each in ended) for name in ("answered", "blocked", "short")]
        rows.append((*key, len(ended), *sums))
    with connection.cursor() as cursor:
        cursor.executemany(COUNT, rows)


def _judge(caller_id: CallerId, results: list[CallerResult], is_due: bool) -> None:
    """The rest that the newest results ask for, if any."""
    if not caller_id.rests_by_itself:
        return
    now: datetime = results[-1].at
    found = rest_for_blocks(recent_blocks(caller_id, now), now) if any(r.blocked for r in results) else None
    if found is None and is_due:
        found = rate_rest(caller_id, now)
    if found is not None:
        rest_caller_id(caller_id, BY_ITSELF, found.until, found.because)


def _due(callers: dict[int, CallerId], results: dict[int, list[CallerResult]]) -> set[int]:
    """The numbers that do not rest and had a tenth call of their day among these."""
    days = {}
    for pk, ended in results.items():
        caller_id, now = callers[pk], ended[-1].at
        if caller_id.rests_until is None or now >= caller_id.rests_until:
            days[pk] = day_at(now, caller_id.organisation.time_zone)[0]
    rows = CallerDay.objects.filter(caller_id__in=days, day__in=set(days.values()))
    counts = {(pk, day): count for pk, day, count in rows.values_list("caller_id", "day", "ended")}
    return {pk for pk, day in days.items() if _tenth_among(counts.get((pk, day), 0), len(results[pk]))}


def _tenth_among(count: int, new: int) -> bool:
    return count // RATE_EVERY != max(count - new, 0) // RATE_EVERY
