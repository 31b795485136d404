"""A telemarketing call shows a number (47 CFR 64.1601(e))."""

from __future__ import annotations

from ..callers.choosing import usable_offers
from ..choices import Refused
from ..values import DialRequest
from .base import Allowed, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """The campaign offers one, or the trunk presents its own."""
    offers = len(usable_offers(request))
    if offers or request.trunk_presents_caller_id:
        return Allowed(f"{offers} offered" if offers else "the trunk's own")
    return Forbidden(Refused.NO_CALLER_ID, "The campaign has no caller ID. Add one to the campaign.")


RULE = Rule("caller_id", "1", ask)
