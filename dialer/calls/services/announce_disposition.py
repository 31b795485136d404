"""Tell other systems of calls that have ended and been disposed of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.services.write_outbox import Told, write_outbox_events
from campaigns.models import Callback
from dialer.calls.models import Call
from dialer.calls.payloads import CALL_DISPOSED, RELATIONS, disposed_payload


def announce_dispositions(told: Sequence[tuple[str, datetime]]) -> None:
    """Write ``call.disposed`` to the outbox for each (call, when) that has both its end and its disposition.

    Either may come first: an agent may dispose while the line still closes. Runs in the caller's transaction.
    """
    calls = Call.objects.select_related(*RELATIONS).in_bulk({call for call, _ in told})
    promised = _promised(calls)
    write_outbox_events(
        [
            Told(
                call.organisation_id,
                call.campaign_id,
                CALL_DISPOSED,
                disposed_payload(call, promised.get(call.pk)),
                at,
            )
            for call, at in ((calls.get(pk), at) for pk, at in told)
            if call is not None and call.ended_at and call.disposed_at
        ]
    )


def _promised(calls: dict[str, Call]) -> dict[str, datetime]:
    organisations = {call.organisation_id for call in calls.values()}
    rows = Callback.objects.filter(organisation__in=organisations, call__in=calls, done_at=None)
    return dict(rows.values_list("call", "due_at"))
