"""A telemarketing call shows a number that can be called back (47 CFR 64.1601(e)), and one that may be shown now."""

from __future__ import annotations

from ..callers.choosing import choose
from ..choices import Refused
from ..values import DialRequest
from .base import Allowed, Facts, Forbidden, Rule, Verdict

THE_TRUNKS_OWN = Allowed("the trunk's own")


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """The campaign offers one that neither rests nor is used up today; or offers none, and the trunk shows its own."""
    choice = choose(request, facts.callers)
    if choice is None:
        return THE_TRUNKS_OWN if request.trunk_presents_caller_id else _none(request)
    if choice.number is None:
        return Forbidden(Refused.CALLER_IDS_REST, choice.why, choice.retry_at)
    return Allowed(choice.why)


def _none(request: DialRequest) -> Forbidden:
    if request.caller_ids:
        detail = "None of the campaign's caller IDs is switched on. Switch one on, or choose another."
    else:
        detail = "The campaign has no caller ID. Add one to the campaign."
    return Forbidden(Refused.NO_CALLER_ID, detail)


RULE = Rule("caller_id", "2", ask)
