"""Keep how a call that showed a caller ID ended."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from ..callers.answers import is_blocked, is_short
from ..clock import gate_time
from ..models import CallerId, CallerResult
from .count_caller_results import count_caller_results


def note_caller_result(
    organisation_id: int,
    number: str,
    call: str,
    at: datetime,
    *,
    sip_code: int | None,
    sip_reason: str,
    answered: bool,
    talk_s: float = 0.0,
) -> bool:
    """Whether the result is new; a call is kept once, however often its end is told.

    ``number`` is the caller ID that was shown, E.164; ``at`` the real time of the end, ``talk_s`` the seconds from
    answer to end. The row is only added here, so that a writer of many results waits for nobody; once the
    transaction commits it is counted, and the number may have to rest. A number that is not in the pool is
    passed over.
    """
    caller_id = CallerId.objects.filter(organisation=organisation_id, number=number).values_list("pk").first()
    if caller_id is None:
        return False
    _, new = CallerResult.objects.get_or_create(
        call=call,
        defaults={
            "caller_id_id": caller_id[0],
            "at": gate_time(at),
            "answered": answered,
            "blocked": not answered and is_blocked(sip_code, sip_reason),
            "short": is_short(answered, talk_s),
        },
    )
    if new:
        transaction.on_commit(partial(count_caller_results, organisation_id), robust=True)
    return new
