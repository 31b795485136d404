"""Tell other systems of a call that has ended and been disposed of."""

from __future__ import annotations

from datetime import datetime

from accounts.services.write_outbox import write_outbox
from dialer.calls.models import Call
from dialer.calls.payloads import CALL_DISPOSED, RELATIONS, call_disposed_payload


def announce_disposition(call_id: str, now: datetime) -> None:
    """Write ``call.disposed`` to the outbox once the call has both its end and its disposition.

    Either may come first: an agent may dispose while the line still closes. Runs in the caller's transaction.
    """
    call = Call.objects.select_related(*RELATIONS).filter(pk=call_id).first()
    if call is not None and call.ended_at and call.disposed_at:
        write_outbox(call.organisation_id, call.campaign_id, CALL_DISPOSED, call_disposed_payload(call), now)
