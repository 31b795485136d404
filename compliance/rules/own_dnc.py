"""The organisation's own do-not-call list (47 CFR 64.1200(d)): an entry holds once it is written."""

from __future__ import annotations

from ..choices import Refused
from ..numbers import to_digits
from ..values import DialRequest
from .base import NOTHING_SEEN, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For every kind of dial; other organisations' lists are their own."""
    if (request.organisation, to_digits(request.number)) in facts.on_dnc:
        return Forbidden(Refused.OWN_DNC, "The number is on the organisation's do-not-call list.")
    return NOTHING_SEEN


RULE = Rule("own_dnc", "1", ask)
