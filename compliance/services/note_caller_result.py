"""Keep how a call that showed a caller ID ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction

from ..callers.answers import is_blocked, is_short
from ..clock import gate_time
from ..models import CallerId, CallerResult
from .count_caller_results import count_caller_results


class Ended(NamedTuple):
    """The end of one call."""

    organisation: int
    number: str
    """The caller ID that was shown, E.164."""
    call: str
    at: datetime
    """The real time of the end."""
    sip_code: int | None
    sip_reason: str
    answered: bool
    talk_s: float = 0.0
    """From answer to end."""


def note_caller_results(ended: Sequence[Ended]) -> int:
    """Returns how many are new; a call is kept once, however often its end is told.

    The rows are only added here, so that a writer of many results waits for nobody; once the transaction commits they
    are counted, and numbers may have to rest. A number that is not in the pool is passed over.
    """
    pool = _pool({each.organisation for each in ended}, {each.number for each in ended})
    known = CallerResult.objects.filter(call__in={each.call for each in ended})
    told = set(known.values_list("call", flat=True))
    new = {
        each.call: each
        for each in reversed(ended)
        if each.call not in told and (each.organisation, each.number) in pool
    }
    rows = [_result(each, pool[each.organisation, each.number]) for each in reversed(new.values())]
    CallerResult.objects.bulk_create(rows, ignore_conflicts=True)
    for organisation in sorted({each.organisation for each in new.values()}):
        transaction.on_commit(partial(count_caller_results, organisation), robust=True)
    return len(rows)


def _pool(organisations: Collection[int], numbers: Collection[str]) -> dict[tuple[int, str], int]:
    rows = CallerId.objects.filter(organisation__in=organisations, number__in=numbers)
    return {
        (organisation, number): pk
        for pk, organisation, number in rows.values_list("pk", "organisation", "number")
    }


def _result(ended: Ended, caller_id: int) -> CallerResult:
    return CallerResult(
        call=ended.call,
        caller_id_id=caller_id,
        at=gate_time(ended.at),
        answered=ended.answered,
        blocked=not ended.answered and is_blocked(ended.sip_code, ended.sip_reason),
        short=is_short(ended.answered, ended.talk_s),
    )
