"""Do-not-call lists that were brought in by file, of one campaign or of the whole organisation: no exemption."""

from __future__ import annotations

from ..choices import ListKind, Refused
from ..values import DialRequest
from .base import Facts, Forbidden, Rule, Verdict
from .listed import not_on

KINDS = frozenset({ListKind.CAMPAIGN, ListKind.INTERNAL})


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For every kind of dial and every purpose."""
    listed = facts.lists.hit(request, KINDS)
    if listed is not None:
        return Forbidden(Refused.CAMPAIGN_DNC, f"The number is on {listed.label}.")
    return not_on(facts.lists.asked(request, KINDS))


RULE = Rule("campaign_dnc", "1", ask)
