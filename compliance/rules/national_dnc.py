"""The national registries: for a sale nobody on one is called (47 CFR 64.1200(c)(2), 16 CFR 310.4(b)(1)(iii)(B)).

A written consent or an established business relationship is the exception (47 CFR 64.1200(f)(15)).
"""

from __future__ import annotations

from ..choices import ListKind, Purpose, Refused
from ..values import DialRequest
from .base import NOTHING_SEEN, Allowed, Facts, Forbidden, Rule, Verdict
from .listed import not_on

KINDS = frozenset({ListKind.NATIONAL})


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For sales only; the registry is needed and its age is limited by ``list_unusable``."""
    if request.purpose != Purpose.SALES:
        return NOTHING_SEEN
    listed = facts.lists.hit(request, KINDS)
    if listed is None:
        return not_on(facts.lists.asked(request, KINDS))
    exempt = facts.consents.exempts_registry(request, facts.now)
    if exempt:
        return Allowed(f"On {listed.label}; may be called: {exempt}")
    return Forbidden(
        Refused.NATIONAL_DNC,
        f"The number is on {listed.label}. A sales call needs its owner's written consent or a relationship.",
    )


RULE = Rule("national_dnc", "1", ask)
