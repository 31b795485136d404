"""Blocked beginnings of numbers: an area code, an exchange, a longer prefix."""

from __future__ import annotations

from ..choices import Refused
from ..values import DialRequest
from .base import NOTHING_SEEN, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For every kind of dial and every purpose."""
    prefix = facts.lists.wildcard(request)
    if prefix:
        return Forbidden(Refused.WILDCARD, f"All numbers that begin with +{prefix} are blocked under Lists.")
    return NOTHING_SEEN


RULE = Rule("wildcard", "1", ask)
