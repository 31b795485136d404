"""No more attempts than the campaign allows, by the lead's own count and by the gate's."""

from __future__ import annotations

from datetime import timedelta

from ..choices import DialKind, Refused
from ..law.history import ATTEMPTS
from ..values import DialRequest
from .base import Allowed, Facts, Forbidden, Rule, Verdict

WINDOW = timedelta(hours=ATTEMPTS.hours)
"""Rolling. Where attempts were not counted or were set back, the limit still holds within a day."""
ASKED_FOR = frozenset({DialKind.MANUAL, DialKind.CALLBACK})
"""A person wants this call: it may follow after the campaign's own attempts are used up."""


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """``retry_at`` is when the oldest permit leaves the rolling window."""
    limit = request.max_attempts
    if request.attempts >= limit and request.kind not in ASKED_FOR:
        return Forbidden(Refused.ATTEMPTS, f"{request.attempts} of {limit} attempts are used.")
    since = facts.now - WINDOW
    dials = facts.history.dials.by_subject.get((request.organisation, request.subject), ())
    permitted = [dial.at for dial in dials if dial.at > since]
    if len(permitted) >= limit:
        detail = f"Dials permitted in the last 24 hours: {len(permitted)}; the limit is {limit}."
        return Forbidden(Refused.ATTEMPTS, detail, permitted[-limit] + WINDOW if limit else None)
    return Allowed(f"{request.attempts}+{len(permitted)}/{limit}")


RULE = Rule("attempts", "1", ask)
