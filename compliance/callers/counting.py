"""Counts the dials that were granted, in the transaction that grants them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import connection

from dialer.bus.permit import Permit

from .facts import CallerFacts

COUNT = """INSERT INTO compliance_callerday (caller_id_id, day, dials, ended, answered, blocked, short)
    VALUES (%s, %s, %s, 0, 0, 0, 0)
    ON CONFLICT (caller_id_id, day) DO UPDATE SET dials = compliance_callerday.dials + excluded.dials"""


def count_dials(callers: CallerFacts, permits: Iterable[Permit]) -> None:
    """Add them to today's figures of the caller IDs that they show, in the order of these: no two wait in a ring."""
    counts = Counter((each.organisation, each.caller_id) for each in permits if each.caller_id)
    rows = sorted(
        (callers.pools[organisation].numbers[number].id, callers.pools[organisation].day, dials)
        for (organisation, number), dials in counts.items()
    )
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(COUNT, rows)
