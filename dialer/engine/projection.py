"""From the journal to the database: each line becomes rows, in order, once.

The position of the last line written moves in the same transaction as the rows, so a crash between two batches repeats
nothing and loses nothing. While the database is away the journal waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import Max

from agents.models import AgentSession, AgentStateChange
from agents.states import AgentEvent
from campaigns.choices import Outcome
from campaigns.models import Disposition
from campaigns.services.dispose_lead import dispose_lead
from campaigns.services.opt_out_lead import OPT_OUT_DIGIT, opt_out_lead
from campaigns.services.release_lead import release_lead
from dialer.calls.choices import Stage
from dialer.calls.models import Call, CallEvent
from dialer.calls.services.announce_disposition import announce_disposition
from dialer.calls.services.tell_gate import tell_gate, tell_gate_of_machine

from .models import JournalPosition

log = structlog.get_logger(__name__)
Record = dict[str, Any]
UNWRITABLE = (KeyError, ValueError, ObjectDoesNotExist, IntegrityError)
"""What a line raises that does not fit the database, and never will."""


def moment(seconds: float) -> datetime:
    """Unix seconds as an aware time."""
    return datetime.fromtimestamp(seconds, UTC)


def project(campaign: int, lines: Sequence[tuple[str, Record]]) -> None:
    """Write these journal lines (position, record) and move the position past them, in one transaction."""
    with transaction.atomic():
        position, _ = JournalPosition.objects.select_for_update().get_or_create(campaign_id=campaign)
        _write_all(campaign, [record for at, record in lines if _order(at) > _order(position.position)])
        position.position = max(lines[-1][0], position.position, key=_order)
        position.save(update_fields=["position"])


def position_of(campaign: int) -> str:
    """How far the campaign's journal has been written."""
    found = JournalPosition.objects.filter(campaign_id=campaign).values_list("position", flat=True).first()
    return found or "0-0"


def _order(position: str) -> tuple[int, int]:
    milliseconds, _, sequence = position.partition("-")
    return int(milliseconds), int(sequence or 0)


def write(campaign: int, record: Record) -> None:
    """Write one record as a line of the journal is written, in the caller's transaction."""
    WRITERS[record["t"]](campaign, record)


def _write_all(campaign: int, records: Sequence[Record]) -> None:
    """Under one savepoint; one by one where that cannot be, to know which line is at fault."""
    try:
        with transaction.atomic():
            for record in records:
                write(campaign, record)
    except UNWRITABLE:
        for record in records:
            _write_one(campaign, record)


def _write_one(campaign: int, record: Record) -> None:
    """A line that cannot be written is logged and passed over: it must not hold up the rest for ever."""
    try:
        with transaction.atomic():
            write(campaign, record)
    except UNWRITABLE as error:
        log.error("journal_line_not_written", kind=record.get("t"), call=record.get("call"), error=str(error))


def _step(record: Record, kind: str, data: dict[str, Any] | None = None, **fields: Any) -> None:
    """Change the call's record and add the step to its events; nothing where the call was never written."""
    found = Call.objects.filter(pk=record["call"])
    exists = found.update(**fields) if fields else found.exists()
    if exists:
        CallEvent.objects.create(call_id=record["call"], at=moment(record["at"]), kind=kind, data=data or {})


def _event(campaign: int, record: Record) -> None:
    _step(record, record["kind"], record["data"])
    if record["kind"] == "digit" and record["data"]["digit"] == OPT_OUT_DIGIT:
        _opt_out(record)


def _opt_out(record: Record) -> None:
    """The key that the recorded message names, pressed while it is heard."""
    call = Call.objects.filter(pk=record["call"], message_at__isnull=False).first()
    if call is not None:
        opt_out_lead(call.organisation_id, call.lead_id, call.pk, call.number, moment(record["at"]))


def _ringing(campaign: int, record: Record) -> None:
    data = {"early_media": True} if record["early_media"] else {}
    _step(record, "ringing", data, stage=Stage.RINGING, ringing_at=moment(record["at"]))


def _answered(campaign: int, record: Record) -> None:
    crossed = bool(record["crossed_cancel"])
    _step(record, "answered", stage=Stage.ANSWERED, answered_at=moment(record["at"]), crossed_cancel=crossed)


def _late_answer(campaign: int, record: Record) -> None:
    """An answer after the end that we had recorded: a person who met nobody, whatever the record said."""
    never = Call.objects.filter(pk=record["call"], answered_at=None)
    if never.update(answered_at=moment(record["at"]), crossed_cancel=True, outcome=Outcome.ABANDONED):
        _step(record, "answered", {"late": True})
        tell_gate(record["call"])


def _connected(campaign: int, record: Record) -> None:
    data = {"agent": record["agent"], "waited": record["waited"]}
    at = moment(record["at"])
    _step(record, "connected", data, stage=Stage.CONNECTED, connected_at=at, agent_id=record["agent"])


def _heard(campaign: int, record: Record) -> None:
    Call.objects.filter(pk=record["call"], heard_at=None).update(heard_at=moment(record["at"]))
    _step(record, "heard", {"agent": record["agent"], "node": record["node"]})


def _shown(campaign: int, record: Record) -> None:
    Call.objects.filter(pk=record["call"], screen_at=None).update(screen_at=moment(record["at"]))


def _message(campaign: int, record: Record) -> None:
    _step(
        record,
        "message",
        {"by_node": record["by_node"]},
        stage=Stage.MESSAGE,
        message_at=moment(record["at"]),
    )


def _ended(campaign: int, record: Record) -> None:
    at = moment(record["at"])
    _step(
        record,
        "ended",
        {"code": record["code"], "by": record["ended_by"]},
        stage=Stage.ENDED,
        ended_at=at,
        outcome=record["outcome"],
        ended_by=record["ended_by"],
        sip_code=record["code"] or None,
        sip_reason=record["reason"],
        quality=record["quality"],
    )
    talked = record["outcome"] in (Outcome.CONNECTED, Outcome.MACHINE)
    if record["lead"] and not talked:
        release_lead(
            record["lead"], record["call"], record["outcome"], record["number"], at, record["counted"]
        )
    tell_gate(record["call"])
    announce_disposition(record["call"], at)


def _disposed(campaign: int, record: Record) -> None:
    at = moment(record["at"])
    rule = Disposition.objects.get(pk=record["disposition"], campaign_id=campaign)
    callback_at = moment(record["callback_at"]) if record["callback_at"] else None
    if record["lead"]:
        dispose_lead(
            record["lead"],
            record["call"],
            rule.pk,
            record["number"],
            record["agent"],
            callback_at,
            record["callback_mine"],
            record["notes"],
            at,
        )
    _step(
        record, "disposed", {"code": rule.code}, disposition_id=rule.pk, disposed_at=at, notes=record["notes"]
    )
    if rule.is_machine:
        Call.objects.filter(pk=record["call"], outcome=Outcome.CONNECTED).update(outcome=Outcome.MACHINE)
        tell_gate_of_machine(record["call"])
    announce_disposition(record["call"], at)


def _agent(campaign: int, record: Record) -> None:
    if not AgentSession.objects.filter(pk=record["session"]).exists():
        raise ValueError("The agent's session is not in the database.")
    sequence = _sequence(record)
    AgentStateChange.objects.create(
        session_id=record["session"],
        sequence=sequence,
        campaign_id=campaign,
        at=moment(record["at"]),
        from_state=record["from"],
        to_state=record["to"],
        event=record["event"],
        reason=record["reason"][:60],
        call=record["call"],
    )
    if record["event"] in (AgentEvent.SIGN_IN, AgentEvent.HAND_OVER):
        _now_in(campaign, record["session"], sequence)


def _sequence(record: Record) -> int:
    """The number that the seat gave the change; the next one where Redis forgot how far the session had come."""
    changes = AgentStateChange.objects.filter(session_id=record["session"])
    if not changes.filter(sequence=record["sequence"]).exists():
        return int(record["sequence"])
    return int(changes.aggregate(last=Max("sequence"))["last"]) + 1


def _now_in(campaign: int, session: str, sequence: int) -> None:
    """The session is in this campaign, unless a later change of another room's journal has been written before."""
    if not AgentStateChange.objects.filter(session_id=session, sequence__gt=sequence).exists():
        AgentSession.objects.filter(pk=session, ended_at=None).update(campaign_id=campaign)


def _left(campaign: int, record: Record) -> None:
    AgentSession.objects.filter(pk=record["session"], campaign_id=campaign).update(campaign=None)


WRITERS: dict[str, Callable[[int, Record], None]] = {
    "event": _event,
    "ringing": _ringing,
    "answered": _answered,
    "late_answer": _late_answer,
    "connected": _connected,
    "heard": _heard,
    "shown": _shown,
    "message": _message,
    "ended": _ended,
    "disposed": _disposed,
    "agent": _agent,
    "left": _left,
}
"""Every kind of journal line and what writes it."""
