"""Numbers of people who sue callers: never called, whatever they agreed to."""

from __future__ import annotations

from ..choices import ListKind, Refused
from ..values import DialRequest
from .base import Facts, Forbidden, Rule, Verdict
from .listed import not_on

KINDS = frozenset({ListKind.LITIGATOR})


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For every kind of dial and every purpose."""
    listed = facts.lists.hit(request, KINDS)
    if listed is not None:
        return Forbidden(Refused.LITIGATOR, f"The number is on {listed.label}.")
    return not_on(facts.lists.asked(request, KINDS))


RULE = Rule("litigator", "1", ask)
