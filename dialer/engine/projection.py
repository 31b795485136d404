"""From the journal to the database: each line becomes rows, in order, once.

The position of the last line written moves in the same transaction as the rows, so a crash between two batches repeats
nothing and loses nothing. While the database is away the journal waits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from agents.models import AgentSession, AgentStateChange
from agents.states import AgentEvent
from campaigns.choices import Outcome
from campaigns.services.dispose_lead import Disposal
from campaigns.services.opt_out_lead import OPT_OUT_DIGIT, opt_out_lead
from campaigns.services.release_lead import Release
from dialer.calls.choices import Stage

from . import fence
from .ledger import Ledger, Record, moment
from .models import JournalPosition

log = structlog.get_logger(__name__)
UNWRITABLE = (KeyError, ValueError, ObjectDoesNotExist, IntegrityError)
"""What a line raises that does not fit the database, and never will."""
MOVE_ON = "UPDATE engine_journalposition SET position = %s WHERE campaign_id = %s"


class Page(NamedTuple):
    """Lines of one campaign's journal: (position, record), in order, one at least."""

    campaign: int
    epoch: int
    """Under which they were read: who has been followed since must not write behind the back of the next."""
    lines: Sequence[tuple[str, Record]]


def project(pages: Sequence[Page]) -> None:
    """Write these lines and move the positions past them, in one transaction. Raises ``fence.Superseded``."""
    with transaction.atomic():
        fence.stand_for_all({(page.campaign, page.epoch) for page in pages})
        reached = positions_of({page.campaign for page in pages})
        written: list[tuple[int, Record]] = []
        for campaign, _, lines in pages:
            for at, record in lines:
                if _order(at) > _order(reached[campaign]):
                    reached[campaign] = at
                    written.append((campaign, record))
        _write_all(written)
        with connection.cursor() as cursor:
            cursor.executemany(MOVE_ON, [(at, campaign) for campaign, at in sorted(reached.items())])


def position_of(campaign: int) -> str:
    """How far the campaign's journal has been written."""
    return positions_of([campaign])[campaign]


def positions_of(campaigns: Collection[int]) -> dict[int, str]:
    """The same for several."""
    found = dict(JournalPosition.objects.filter(campaign__in=campaigns).values_list("campaign", "position"))
    return {campaign: found.get(campaign, "0-0") for campaign in campaigns}


def _order(position: str) -> tuple[int, int]:
    milliseconds, _, sequence = position.partition("-")
    return int(milliseconds), int(sequence or 0)


def write(records: Sequence[tuple[int, Record]]) -> None:
    """Write (campaign, record) as lines of the journal are written, in the caller's transaction."""
    _write([(campaign, _numbered(record)) for campaign, record in records])


def _write(records: Sequence[tuple[int, Record]]) -> None:
    ledger = Ledger([record for _, record in records])
    for campaign, record in records:
        WRITERS[record["t"]](ledger, campaign, record)
    ledger.settle()


def _write_all(records: Sequence[tuple[int, Record]]) -> None:
    """Under one savepoint; one by one where that cannot be, to know which line is at fault."""
    try:
        with transaction.atomic():
            _write(records)
    except UNWRITABLE:
        for campaign, record in records:
            _write_one(campaign, record)


def _write_one(campaign: int, record: Record) -> None:
    """A line that cannot be written is logged and passed over: it must not hold up the rest for ever."""
    try:
        with transaction.atomic():
            _write([(campaign, _numbered(record))])
    except UNWRITABLE as error:
        log.error("journal_line_not_written", kind=record.get("t"), call=record.get("call"), error=str(error))


def _event(ledger: Ledger, campaign: int, record: Record) -> None:
    ledger.step(record, record["kind"], record["data"])
    if record["kind"] == "digit" and record["data"]["digit"] == OPT_OUT_DIGIT:
        _opt_out(ledger, record)


def _opt_out(ledger: Ledger, record: Record) -> None:
    """The key that the recorded message names, pressed while it is heard."""
    call = ledger.calls.get(record["call"])
    if call is not None and call.message_at is not None:
        ledger.settle()
        opt_out_lead(call.organisation_id, call.lead_id, call.pk, call.number, moment(record["at"]))


def _ringing(ledger: Ledger, campaign: int, record: Record) -> None:
    data = {"early_media": True} if record["early_media"] else {}
    ledger.step(record, "ringing", data, stage=Stage.RINGING, ringing_at=moment(record["at"]))


def _answered(ledger: Ledger, campaign: int, record: Record) -> None:
    crossed = bool(record["crossed_cancel"])
    ledger.step(
        record, "answered", stage=Stage.ANSWERED, answered_at=moment(record["at"]), crossed_cancel=crossed
    )


def _late_answer(ledger: Ledger, campaign: int, record: Record) -> None:
    """An answer after the end that we had recorded: a person who met nobody, whatever the record said."""
    call = ledger.calls.get(record["call"])
    if call is None or call.answered_at is not None:
        return
    at = moment(record["at"])
    ledger.settle()
    ledger.step(
        record, "answered", {"late": True}, answered_at=at, crossed_cancel=True, outcome=Outcome.ABANDONED
    )
    ledger.end(call)


def _connected(ledger: Ledger, campaign: int, record: Record) -> None:
    data = {"agent": record["agent"], "waited": record["waited"]}
    at = moment(record["at"])
    ledger.step(record, "connected", data, stage=Stage.CONNECTED, connected_at=at, agent_id=record["agent"])


def _heard(ledger: Ledger, campaign: int, record: Record) -> None:
    call = ledger.step(record, "heard", {"agent": record["agent"], "node": record["node"]})
    if call is not None and call.heard_at is None:
        ledger.change(call.pk, heard_at=moment(record["at"]))


def _shown(ledger: Ledger, campaign: int, record: Record) -> None:
    call = ledger.calls.get(record["call"])
    if call is not None and call.screen_at is None:
        ledger.change(call.pk, screen_at=moment(record["at"]))


def _message(ledger: Ledger, campaign: int, record: Record) -> None:
    at = moment(record["at"])
    ledger.step(record, "message", {"by_node": record["by_node"]}, stage=Stage.MESSAGE, message_at=at)


def _ended(ledger: Ledger, campaign: int, record: Record) -> None:
    at = moment(record["at"])
    data = {"code": record["code"], "by": record["ended_by"]}
    known = ledger.calls.get(record["call"])
    if known is not None and known.ended_at is not None:
        ledger.step(record, "line_ended", data)  # Ended in the records when Redis had forgotten it.
        return
    call = ledger.step(
        record,
        "ended",
        data,
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
        lead, counted = record["lead"], record["counted"]
        ledger.release(Release(lead, record["call"], record["outcome"], record["number"], at, counted))
    if call is not None:
        ledger.end(call)
    ledger.announce(record["call"], at)


def _disposed(ledger: Ledger, campaign: int, record: Record) -> None:
    at = moment(record["at"])
    rule = ledger.dispositions.get(record["disposition"])
    if rule is None or rule.campaign_id != campaign:
        raise ValueError("The disposition is not one of the campaign's.")
    if record["lead"]:
        ledger.dispose(_disposal(record))
    call = ledger.step(
        record, "disposed", {"code": rule.code}, disposition_id=rule.pk, disposed_at=at, notes=record["notes"]
    )
    if rule.is_machine:
        if call is not None and call.outcome == Outcome.CONNECTED:
            call.outcome = Outcome.MACHINE
        ledger.machine(record["call"])
    ledger.announce(record["call"], at)


def _disposal(record: Record) -> Disposal:
    return Disposal(
        lead=record["lead"],
        call=record["call"],
        disposition=record["disposition"],
        number=record["number"],
        agent=record["agent"],
        callback_at=moment(record["callback_at"]) if record["callback_at"] else None,
        callback_mine=record["callback_mine"],
        notes=record["notes"],
        now=moment(record["at"]),
    )


def _agent(ledger: Ledger, campaign: int, record: Record) -> None:
    if record["session"] not in ledger.sessions:
        raise ValueError("The agent's session is not in the database.")
    ledger.move(
        AgentStateChange(
            session_id=record["session"],
            sequence=record["sequence"],
            campaign_id=campaign,
            at=moment(record["at"]),
            from_state=record["from"],
            to_state=record["to"],
            event=record["event"],
            reason=record["reason"][:60],
            call=record["call"],
        )
    )
    if record["event"] in (AgentEvent.SIGN_IN, AgentEvent.HAND_OVER):
        ledger.settle()
        _now_in(campaign, record["session"], record["sequence"])


def _numbered(record: Record) -> Record:
    """A change of an agent's state under the number that the seat gave it; under the next one where Redis forgot how
    far the session had come."""
    if record["t"] != "agent":
        return record
    changes = AgentStateChange.objects.filter(session_id=record["session"])
    if not changes.filter(sequence=record["sequence"]).exists():
        return record
    return record | {"sequence": int(changes.aggregate(last=Max("sequence"))["last"]) + 1}


def _now_in(campaign: int, session: str, sequence: int) -> None:
    """The session is in this campaign, unless a later change of another room's journal has been written before."""
    if not AgentStateChange.objects.filter(session_id=session, sequence__gt=sequence).exists():
        AgentSession.objects.filter(pk=session, ended_at=None).update(campaign_id=campaign)


def _left(ledger: Ledger, campaign: int, record: Record) -> None:
    ledger.settle()
    AgentSession.objects.filter(pk=record["session"], campaign_id=campaign).update(campaign=None)


WRITERS: dict[str, Callable[[Ledger, int, Record], None]] = {
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
