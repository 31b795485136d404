"""The rows that a batch of journal lines touches: read together, changed in memory, written together.

What is written is what the lines would write one by one. A line of a kind that is rare is written by itself, after all
that came before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from accounts.rows import update_rows
from agents.models import AgentSession, AgentStateChange
from campaigns.models import Disposition
from campaigns.services.dispose_lead import Disposal, dispose_leads
from campaigns.services.release_lead import Release, release_leads
from dialer.calls.models import Call, CallEvent
from dialer.calls.services.announce_disposition import announce_dispositions
from dialer.calls.services.tell_gate import tell_gate, tell_gate_of_machines

Record = dict[str, Any]
KEPT = (
    *(
        "stage",
        "ringing_at",
        "answered_at",
        "connected_at",
        "heard_at",
        "screen_at",
        "message_at",
        "ended_at",
    ),
    *("outcome", "ended_by", "sip_code", "sip_reason", "crossed_cancel", "quality", "agent", "disposition"),
    *("disposed_at", "notes"),
)
KEEP = """UPDATE calls_call
    SET stage = %s, ringing_at = %s, answered_at = %s, connected_at = %s, heard_at = %s, screen_at = %s,
        message_at = %s, ended_at = %s, outcome = %s, ended_by = %s, sip_code = %s, sip_reason = %s,
        crossed_cancel = %s, quality = %s, agent_id = %s, disposition_id = %s, disposed_at = %s, notes = %s
    WHERE id = %s"""


def moment(seconds: float) -> datetime:
    """Unix seconds as an aware time."""
    return datetime.fromtimestamp(seconds, UTC)


class Ledger:
    """Of one transaction: nothing is stored before ``settle``."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.calls = _calls(
            {record["call"] for record in records if record["t"] != "agent" and "call" in record}
        )
        sessions = {record["session"] for record in records if record["t"] == "agent"}
        known = AgentSession.objects.filter(pk__in=sessions) if sessions else AgentSession.objects.none()
        self.sessions = set(known.values_list("pk", flat=True))
        rules = {record["disposition"] for record in records if record["t"] == "disposed"}
        self.dispositions = Disposition.objects.in_bulk(rules) if rules else {}
        self._begin()

    def _begin(self) -> None:
        self._changed: dict[str, Call] = {}
        self._events: list[CallEvent] = []
        self._moves: list[AgentStateChange] = []
        self._releases: list[Release] = []
        self._disposals: list[Disposal] = []
        self._leads: set[int] = set()
        self._ended: dict[str, Call] = {}
        self._machines: set[str] = set()
        self._told: list[tuple[str, datetime]] = []

    def change(self, call_id: str, **values: Any) -> Call | None:
        """Set fields of a call's record; None where the call was never written."""
        call = self.calls.get(call_id)
        if call is not None:
            for name, value in values.items():
                setattr(call, name, value)
            self._changed[call_id] = call
        return call

    def step(self, record: Record, kind: str, data: Record | None = None, **values: Any) -> Call | None:
        """Change the call's record and add the step to its events; nothing where the call was never written."""
        call = self.change(record["call"], **values) if values else self.calls.get(record["call"])
        if call is not None:
            at = moment(record["at"])
            self._events.append(CallEvent(call_id=call.pk, at=at, kind=kind, data=data or {}))
        return call

    def move(self, change: AgentStateChange) -> None:
        """An agent's state changed."""
        self._moves.append(change)

    def release(self, release: Release) -> None:
        """The lead of a call is given back."""
        self._second_word(release.lead)
        self._releases.append(release)

    def dispose(self, disposal: Disposal) -> None:
        """An agent said what became of a lead."""
        self._second_word(disposal.lead)
        self._disposals.append(disposal)

    def _second_word(self, lead: int) -> None:
        """What is said of a lead after something else was said of it comes after that."""
        if lead in self._leads:
            self.settle()
        self._leads.add(lead)

    def end(self, call: Call) -> None:
        """The gate hears of the call's end."""
        self._ended[call.pk] = call

    def machine(self, call: str) -> None:
        """Nobody was talked with in this call."""
        self._machines.add(call)

    def announce(self, call: str, at: datetime) -> None:
        """Other systems hear of the call if it has ended and was disposed of."""
        found = self.calls.get(call)
        if found is not None and found.ended_at and found.disposed_at:
            self._told.append((call, at))

    def settle(self) -> None:
        """Store all of it."""
        update_rows(KEEP, list(self._changed.values()), KEPT)
        CallEvent.objects.bulk_create(self._events)
        AgentStateChange.objects.bulk_create(self._moves)
        if self._releases:
            release_leads(self._releases)
        if self._disposals:
            dispose_leads(self._disposals)
        if self._machines:
            tell_gate_of_machines(self._machines)
        if self._ended:
            tell_gate(self._ended.values())
        if self._told:
            announce_dispositions(self._told)
        self._begin()


def _calls(ids: set[str]) -> dict[str, Call]:
    rows = Call.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {call.pk: call for call in rows} if ids else {}
