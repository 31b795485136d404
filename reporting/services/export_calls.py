"""Call records as CSV, a piece at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from accounts.choices import Capability
from accounts.csv_cells import harmless
from accounts.models import User
from accounts.services.record_audit import record_audit
from dialer.calls.models import Call
from reporting.numbers import shown_number
from reporting.selectors.calls import LIST_RELATIONS, CallKey, CallSearch, older_than, search_calls

PIECE_CALLS = 1000
BYTE_ORDER_MARK = "\ufeff"
"""Lets spreadsheets read UTF-8 as UTF-8."""
TIMES = ("placed_at", "ringing_at", "answered_at", "connected_at", "heard_at", "message_at", "ended_at")
COLUMNS: dict[str, Callable[[Call], object]] = {
    "call": lambda call: call.pk,
    "campaign": lambda call: call.campaign.name,
    "lead": lambda call: call.lead_id,
    "kind": lambda call: call.kind,
    "attempt": lambda call: call.attempt,
    "agent": lambda call: call.agent.display_name if call.agent else "",
    "trunk": lambda call: call.trunk.name if call.trunk else "",
    "caller_id": lambda call: call.caller_id,
    "outcome": lambda call: call.outcome,
    "ended_by": lambda call: call.ended_by,
    "sip_code": lambda call: call.sip_code,
    "sip_reason": lambda call: call.sip_reason,
    "disposition": lambda call: call.disposition.name if call.disposition else "",
    "notes": lambda call: call.notes,
}
HEADER = ("number", *TIMES, *COLUMNS)


def begin_export(actor: User, search: CallSearch) -> AsyncIterator[str]:
    """Keep in the audit log who took what, and return the pieces. Raises ``PermissionError`` by role."""
    if not actor.can(Capability.EXPORT_CALLS):
        raise PermissionError("Your role does not allow exports.")
    record_audit(actor.organisation, actor, "calls.exported", "call records", after=search.described())
    return _pieces(actor, search, ZoneInfo(actor.organisation.time_zone))


async def _pieces(actor: User, search: CallSearch, zone: ZoneInfo) -> AsyncIterator[str]:
    """Header, then pieces of ``PIECE_CALLS`` lines, each by a query of its own: no transaction stays open."""
    yield BYTE_ORDER_MARK + _lines([HEADER])
    key: CallKey | None = None
    while True:
        calls = await sync_to_async(_fetch)(actor.organisation_id, search, key)
        if not calls:
            return
        yield _lines(_cells(actor, call, zone) for call in calls)
        key = CallKey.of(calls[-1])


def _fetch(organisation_id: int, search: CallSearch, key: CallKey | None) -> list[Call]:
    close_old_connections()
    calls = search_calls(organisation_id, search).select_related(*LIST_RELATIONS)
    return list(older_than(calls, key)[:PIECE_CALLS])


def _cells(actor: User, call: Call, zone: ZoneInfo) -> list[str]:
    times = [_local(getattr(call, name), zone) for name in TIMES]
    return [
        harmless(shown_number(actor, call.number)),
        *times,
        *(harmless(read(call)) for read in COLUMNS.values()),
    ]


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="milliseconds") if at else ""


def _lines(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
