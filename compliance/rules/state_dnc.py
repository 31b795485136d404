"""The registries of every state in which the called party may be: for a sale nobody on one is called.

Consent and relationship exempt as on the national registry, with which the states' registries are merged or go along.
"""

from __future__ import annotations

from ..choices import ListKind, Purpose, Refused
from ..law import places
from ..values import DialRequest
from .base import NOTHING_SEEN, Allowed, Facts, Forbidden, Rule, Verdict
from .listed import not_on

KINDS = frozenset({ListKind.STATE})


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For sales only; a place that is not known is refused."""
    if request.purpose != Purpose.SALES:
        return NOTHING_SEEN
    try:
        states = places.states_of(request.number, request.postal_code, request.state)
    except places.UnknownPlace as unknown:
        return Forbidden(Refused.UNKNOWN_PLACE, str(unknown))
    listed = facts.lists.state_hit(request, states)
    if listed is None:
        return not_on(facts.lists.asked(request, KINDS, states))
    exempt = facts.consents.exempts_registry(request, facts.now)
    if exempt:
        return Allowed(f"On {listed.label}; may be called: {exempt}")
    return Forbidden(
        Refused.STATE_DNC,
        f"The number is on {listed.label}. A sales call needs its owner's written consent or a relationship.",
    )


RULE = Rule("state_dnc", "1", ask)
