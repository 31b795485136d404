"""A decision told to a person: what was asked, what every rule saw, who refused or what was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ..choices import Attestation, DialKind, Purpose, Refused
from ..models import Decision

RULE_NAMES = {
    "clock": "Clock",
    "stopped": "Stop of all dialing",
    "campaign_status": "Campaign",
    "number": "Number",
    "own_dnc": "Own do-not-call list",
    "campaign_dnc": "Campaign's do-not-call list",
    "litigator": "Litigators",
    "wildcard": "Blocked prefixes",
    "national_dnc": "National registry",
    "state_dnc": "State registry",
    "list_unusable": "Lists in order",
    "reassigned": "Reassigned numbers",
    "cap": "Caps of the law",
    "locked_out": "Lock-outs",
    "attempts": "Attempts",
    "window": "Calling window",
    "campaign_hours": "Campaign hours",
    "caller_id": "Caller ID",
    "signing": "Signature",
}
"""Rules whose id does not say it already."""
NEXT_STEPS: dict[str, str] = {
    Refused.INVALID_NUMBER: "Correct the number of the lead.",
    Refused.OWN_DNC: "The person asked not to be called. Only their own word takes the number off the list.",
    Refused.CAMPAIGN_DNC: "Other campaigns may call it; this one only when the number leaves its list.",
    Refused.NATIONAL_DNC: "Enter a written consent or a relationship if there is one.",
    Refused.STATE_DNC: "Enter a written consent if there is one and the state accepts it.",
    Refused.LITIGATOR: "Leave it alone.",
    Refused.WILDCARD: "Take the prefix off the list if it blocks too much.",
    Refused.LIST_UNUSABLE: "Load the list that the refusal names.",
    Refused.CONSENT: "Enter the consent if there is one.",
    Refused.REASSIGNED: "Ask the Reassigned Numbers Database, or the person anew.",
    Refused.CAP: "Wait: it may be called when the oldest call leaves the window that is counted.",
    Refused.LOCKED_OUT: "Wait until the lock ends.",
    Refused.UNKNOWN_PLACE: "Give the lead its state or ZIP code.",
    Refused.WINDOW: "Wait until the window opens.",
    Refused.UNKNOWN_ZONE: "Give the lead its ZIP code or time zone.",
    Refused.ATTEMPTS: "Wait, or allow the campaign more attempts.",
    Refused.CAMPAIGN_HOURS: "Wait until the campaign opens, or change its hours.",
    Refused.STOPPED: "Let dialing go on, on the floor.",
    Refused.CAMPAIGN_STATUS: "Start the campaign.",
    Refused.NO_CALLER_ID: "Give the campaign a caller ID that may be shown.",
    Refused.CALLER_IDS_REST: "Wait, or give the campaign more caller IDs.",
    Refused.UNSIGNED: "Look at the trunk's signer.",
    Refused.CLOCK: "Set the clock of this machine.",
}
"""What a person may do about a refusal."""
ASKED_NAMES = {
    "purpose": "Purpose",
    "attempts": "Attempts before",
    "state": "State given",
    "zip": "ZIP code given",
    "zone": "Time zone given",
    "phone": "Kind of phone",
}
REFUSED, PERMITTED = "Refused", "Permitted"
_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class RuleSaw:
    """One rule as it stood, with what it saw; ``forbade``: this one refused."""

    name: str
    version: str
    saw: str
    forbade: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A decision in words."""

    sequence: int
    at: datetime
    granted: bool
    headline: str
    """Why it was refused, or that it was permitted."""
    detail: str
    next_step: str
    retry_at: datetime | None
    shown: str
    """Which number was shown and who vouches for it; empty for refusals."""
    asked: tuple[tuple[str, str], ...]
    rules: tuple[RuleSaw, ...]
    digest: str


def told(decision: Decision) -> Told:
    """The decision for a person, in the order in which the gate worked."""
    evidence = _evidence(decision)
    granted = not decision.reason
    return Told(
        sequence=decision.sequence,
        at=decision.at,
        granted=granted,
        headline=_headline(decision),
        detail=decision.detail,
        next_step=NEXT_STEPS.get(decision.reason, ""),
        retry_at=decision.retry_at,
        shown=_shown(decision) if granted else "",
        asked=_asked(decision, evidence.get("asked", {})),
        rules=_rules(decision, evidence.get("rules", {})),
        digest=bytes(decision.digest).hex(),
    )


def rule_name(rule: str) -> str:
    """What people call a rule."""
    return RULE_NAMES.get(rule) or rule.replace("_", " ").capitalize()


def reason_label(reason: str) -> str:
    """A reason in words; one that this version does not know stays as it is."""
    return str(Refused(reason).label) if reason in Refused.values else reason


def _headline(decision: Decision) -> str:
    if decision.reason:
        return f"{REFUSED}: {reason_label(decision.reason)}"
    return f"{PERMITTED} ({_label(DialKind, decision.kind).lower()})"


def _shown(decision: Decision) -> str:
    shown = f"Showed {decision.caller_id}" if decision.caller_id else "Showed the trunk's own number"
    if not decision.attestation:
        return f"{shown}. Not signed by us." if not decision.signer else f"{shown}. {decision.signer}."
    level = _label(Attestation, decision.attestation)
    signer = f", signed by {decision.signer}" if decision.signer else ""
    origid = f", traced as {decision.origid}" if decision.origid else ""
    return f"{shown}. Attestation {level}{signer}{origid}."


def _asked(decision: Decision, asked: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    known = asked | {"purpose": _label(Purpose, asked.get("purpose", ""))}
    given = [(name, str(known[key])) for key, name in ASKED_NAMES.items() if known.get(key) not in ("", None)]
    return (("Kind of dial", _label(DialKind, decision.kind)), *given)


def _rules(decision: Decision, rules: dict[str, list[str]]) -> tuple[RuleSaw, ...]:
    *_, last = rules or [""]
    return tuple(
        RuleSaw(
            rule_name(rule), seen[0], seen[1] if len(seen) > 1 else "", bool(decision.reason) and rule == last
        )
        for rule, seen in rules.items()
    )


def _evidence(decision: Decision) -> dict[str, Any]:
    """What was kept; nothing where it cannot be read, for the chain says whether it was changed."""
    try:
        return _decode(decision.evidence)
    except msgspec.DecodeError:
        return {}


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value
