"""The hopper: due leads, scrubbed by the gate in pages, ready to be dialed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from campaigns.models import Callback
from campaigns.selectors import DueLead, due_callbacks, due_leads
from campaigns.services.refuse_lead import refuse_lead
from compliance.choices import ConsentNeed, DialKind, Purpose
from compliance.clock import real_time
from compliance.gate import CampaignHours, DialRequest, Gate, Refused
from compliance.law.classes import closed_now
from compliance.law.zones import UnknownZone, zones_of
from dialer.calls.selectors import lead_histories
from dialer.calls.services.tell_gate import subject_of

from .room.config import RoomConfig
from .room.supply import lead_kind

PAGE_LEADS = 200
FIRST_PAGE_LEADS = 40
"""After a takeover: every room has something to dial before any has plenty."""
CALLBACKS_SHOWN = 50


def refill(
    config: RoomConfig,
    gate: Gate,
    exclude: Collection[int],
    limit: int = PAGE_LEADS,
    without: Collection[int] = (),
) -> tuple[list[dict[str, Any]], bool]:
    """Due leads that may be dialed now, and whether the database had no more. Refusals are written and recorded.

    ``exclude``: leads that are in hand already; ``without``: lists of which none are wanted.
    Leads are locked before the chain and in the order of their ids, as by ``place_calls``: no two wait in a ring.
    """
    now = datetime.now(UTC)
    page = _page(config, now, exclude, limit, without)
    histories = lead_histories([lead.lead_id for lead in page])
    due = [as_due(lead, histories.get(lead.lead_id, [])) for lead in page]
    requests = [dial_request(config, "", "", item, DialKind.AUTO, 0, None) for item in due]
    with transaction.atomic():
        decisions = gate.scrub(requests)
        _refuse_leads(due, decisions, now)
        gate.record_refusals(requests, decisions)
    passed = [
        item for item, decision in zip(due, decisions, strict=True) if not isinstance(decision, Refused)
    ]
    return passed, len(page) < limit


def _refuse_leads(due: Sequence[dict[str, Any]], decisions: Sequence[Refused | None], now: datetime) -> None:
    refused = {
        item["screen"]["id"]: (decision, item["number"])
        for item, decision in zip(due, decisions, strict=True)
        if decision is not None
    }
    for lead in sorted(refused):
        decision, number = refused[lead]
        refuse_lead(lead, decision.reason, real_time(decision.retry_at), number, now)


def _page(
    config: RoomConfig, now: datetime, exclude: Collection[int], limit: int, without: Collection[int]
) -> list[DueLead]:
    """Leads whose window is open come first. Where those run short, closed ones follow: the gate tells each once
    why not, and from when on.
    """
    closed = closed_now(config.organisation, config.time_zone, Purpose(config.purpose))
    page = due_leads(config.campaign, now, limit, exclude, closed, without)
    if closed and len(page) < limit:
        left_out = {*exclude, *(lead.lead_id for lead in page)}
        page += due_leads(config.campaign, now, limit - len(page), left_out, without=without)
    return page


def due_own_callbacks(config: RoomConfig, agents: Collection[int]) -> dict[int, dict[str, Any]]:
    """The callbacks of these agents that are due: agent → {id, lead}, one each."""
    found = due_callbacks(config.campaign, agents, datetime.now(UTC))
    histories = lead_histories([callback.lead.lead_id for callback in found])
    first: dict[int, dict[str, Any]] = {}
    for callback in found:
        lead = as_due(callback.lead, histories.get(callback.lead.lead_id, []))
        first.setdefault(callback.agent_id, {"id": callback.callback_id, "lead": lead})
    return first


def promises(
    config: RoomConfig, agents: Collection[int]
) -> tuple[dict[int, list[dict[str, Any]]], dict[int, dict[str, Any]]]:
    """``own_callbacks`` and ``due_own_callbacks``; where nothing was promised that is all that is asked."""
    promised = Callback.objects.filter(campaign=config.campaign, agent__in=list(agents), done_at=None)
    if not promised.exists():
        return {agent: [] for agent in agents}, {}
    return own_callbacks(config, agents), due_own_callbacks(config, agents)


def own_callbacks(config: RoomConfig, agents: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """What each of these agents has promised, next first, as the console lists it."""
    rows = Callback.objects.filter(campaign=config.campaign, agent__in=list(agents), done_at=None)
    listed: dict[int, list[dict[str, Any]]] = {agent: [] for agent in agents}
    for row in rows.select_related("lead").order_by("due_at"):
        entry = {
            "id": row.pk,
            "lead_id": row.lead_id,
            "name": row.lead.name,
            "due_at": row.due_at.timestamp(),
            "note": row.note,
        }
        if row.agent_id is not None and len(listed[row.agent_id]) < CALLBACKS_SHOWN:
            listed[row.agent_id].append(entry)
    return listed


def as_due(lead: DueLead, history: list[dict[str, Any]]) -> dict[str, Any]:
    """A due lead as the room holds it: the number, what the agent sees, what the gate asks."""
    assert lead.phone is not None, "the selectors hand out leads with a phone"
    keep = (
        "first_name",
        "last_name",
        "company",
        "email",
        "address",
        "city",
        "state",
        "postal_code",
        "notes",
        "name",
    )
    screen: dict[str, Any] = {key: getattr(lead, key) for key in keep}
    screen |= {
        "id": lead.lead_id,
        "phones": [{"number": phone.number, "kind": phone.kind} for phone in lead.phones],
        "custom": dict(lead.custom),
        "attempts": lead.attempts,
        "time_zone": lead.time_zone or likely_zone(lead.phone.number, lead.postal_code),
        "callback_note": lead.callback_note,
        "history": history,
    }
    asked = ("state", "postal_code", "time_zone", "attempts", "country")
    return {
        "number": lead.phone.number,
        "screen": screen,
        "request": {key: getattr(lead, key) for key in asked}
        | {
            "phone_kind": lead.phone.kind,
            "list": lead.list_id,
            "lead_kind": lead_kind(lead.list_id, lead.attempts, lead.phone.kind),
        },
    }


def likely_zone(number: str, postal_code: str) -> str:
    """The zone whose clock the agent sees: the only one the number may be in, else the ZIP code's or the first."""
    try:
        zones = zones_of(number, postal_code)
    except (UnknownZone, ValueError):
        return ""
    return str(zones[0])


def dial_request(
    config: RoomConfig, call: str, node: str, item: dict[str, Any], kind: str, epoch: int, trunk: int | None
) -> DialRequest:
    """What the gate is asked: plain values, no lead."""
    rule = next(
        (rule for rule in config.trunks if rule.id == trunk), config.trunks[0] if config.trunks else None
    )
    asked, screen = item["request"], item["screen"]
    return DialRequest(
        call=call,
        organisation=config.organisation,
        campaign=config.campaign,
        epoch=epoch,
        node=node,
        trunk=rule.id if rule else 0,
        trunk_is_loopback=bool(rule and rule.is_loopback),
        subject=subject_of(screen["id"] if screen else None, item["number"]),
        number=item["number"],
        kind=DialKind(kind),
        attempts=int(asked.get("attempts", 0)),
        max_attempts=config.max_attempts,
        caller_ids=config.caller_ids,
        trunk_presents_caller_id=False,
        state=asked.get("state", ""),
        postal_code=asked.get("postal_code", ""),
        time_zone=asked.get("time_zone", ""),
        hours=CampaignHours(config.opens, config.closes, config.weekdays, config.time_zone),
        dialing_stopped=config.dialing_stopped,
        campaign_dialing=config.status == "running"
        or (config.status == "draining" and kind != DialKind.AUTO),
        purpose=Purpose(config.purpose),
        topic=config.topic or f"campaign:{config.campaign}",
        country=asked.get("country", "US"),
        phone_kind=asked.get("phone_kind", ""),
        consent_need=ConsentNeed(config.consent_need),
        check_reassigned=config.check_reassigned,
        signer=rule.signer if rule else 0,
    )
