"""Whether the ledger holds what the law and the campaign ask for (``data/consent.yaml``)."""

from __future__ import annotations

from functools import lru_cache

from ..choices import Message, Purpose, Refused
from ..consent import needs
from ..consent.needs import WORDS, Need
from ..law.places import UnknownPlace, states_of
from ..values import DialRequest
from .base import NOTHING_SEEN, Allowed, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """Each need must be met by an entry in force; what is not known counts as the strictest."""
    try:
        needed = needed_for(request, facts)
    except UnknownPlace as unknown:
        return Forbidden(Refused.UNKNOWN_PLACE, str(unknown))
    if not needed:
        return NOTHING_SEEN
    entries = facts.consents.entries(request)
    seen = []
    for need in needed:
        entry = next((entry for entry in entries if entry.kind in need.accepts), None)
        if entry is None:
            return _missing(request.purpose, request.message, need)
        seen.append(f"{need.rule}: {entry.words()}")
    return Allowed("; ".join(seen))


def needed_for(request: DialRequest, facts: Facts) -> tuple[Need, ...]:
    """What this dial needs of the ledger; empty: nothing. Raises ``UnknownPlace``."""
    return _needed(request, facts, None) and _needed(request, facts, facts.lists.is_wireless(request))


def _needed(request: DialRequest, facts: Facts, wireless: bool | None) -> tuple[Need, ...]:
    return needs.needs_of(
        states_of(request.number, request.postal_code, request.state),
        request.purpose,
        request.message,
        request.kind,
        wireless,
        request.consent_need,
        facts.now.date(),
    )


@lru_cache(maxsize=1024)
def _missing(purpose: Purpose, message: Message, need: Need) -> Forbidden:
    call = "recorded call" if message == Message.RECORDED else "call"
    return Forbidden(
        Refused.CONSENT,
        f"This {call} ({purpose.label.split(' (')[0].lower()}) needs {WORDS[need.name]}; none is in force "
        f"({need.citation}). Enter one under Consent, or leave the number out.",
    )


RULE = Rule("consent", f"1/{needs.version()}", ask)
