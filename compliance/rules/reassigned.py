"""Whether the number is still that of the person who consented (47 CFR 64.1200(m)): only the answer "no" permits."""

from __future__ import annotations

from ..choices import Refused
from ..consent.ledger import Entry
from ..consent.reassigned import day_of, why_not
from ..numbers import to_digits
from ..values import DialRequest
from . import consent
from .base import NOTHING_SEEN, Allowed, Facts, Forbidden, Rule, Verdict

ADVICE = "Ask the database anew (manage.py consent rnd-queries) and bring in its answers."
UNDATED = (
    "The campaign relies on the Reassigned Numbers Database, but no consent or relationship in force gives the day "
    "to ask about. Enter one under Consent."
)


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For campaigns that rely on the database: every entry that the call rests on must be carried by an answer."""
    if not request.check_reassigned:
        return NOTHING_SEEN
    relied_on = _relied_on(request, facts)
    if not relied_on:
        return Forbidden(Refused.REASSIGNED, UNDATED)
    answers = facts.consents.answers.get((request.organisation, to_digits(request.number)), ())
    for entry in relied_on:
        why = why_not(answers, day_of(entry.given_at), facts.now)
        if why:
            return Forbidden(Refused.REASSIGNED, f"{why} {ADVICE}")
    return Allowed("; ".join(entry.words() for entry in relied_on))


def _relied_on(request: DialRequest, facts: Facts) -> list[Entry]:
    """For each need the newest entry that meets it, for the rule of consent found one; else the newest of all."""
    entries = facts.consents.entries(request)
    needed = consent.needed_for(request, facts)
    if not needed:
        return list(entries[:1])
    return [next(entry for entry in entries if entry.kind in need.accepts) for need in needed]


RULE = Rule("reassigned", "1", ask)
