"""A list that the call needs must be there, undamaged and fresh: the gate closes for what it cannot look up.

For sales the registry of the called party's country (16 CFR 310.4(b)(3)(iv), 47 CFR 64.1200(c)(2)(i)(D): at most 31
days old) and every state's that was set up; for every call the organisation's own lists and those of litigators.
"""

from __future__ import annotations

from datetime import timedelta

from ..choices import Purpose, Refused
from ..law import places
from ..values import DialRequest
from .base import NOTHING_SEEN, Facts, Forbidden, Rule, Verdict

ASK_AGAIN = timedelta(minutes=10)
"""Somebody loads the list meanwhile; nobody tells the gate when."""


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """Who may be called although registered needs no registry."""
    own = facts.lists.unusable(request)
    if own is not None:
        listed, why = own
        return _closed(f"The list {listed.name} cannot be relied on: {why}. Load it anew under Lists.", facts)
    if request.purpose != Purpose.SALES:
        return NOTHING_SEEN
    try:
        states = places.states_of(request.number, request.postal_code, request.state)
    except places.UnknownPlace as unknown:
        return Forbidden(Refused.UNKNOWN_PLACE, str(unknown))
    trouble = facts.lists.registry_trouble(request, states)
    if trouble and not facts.consents.exempts_registry(request, facts.now):
        return _closed(trouble, facts)
    return NOTHING_SEEN


def _closed(detail: str, facts: Facts) -> Forbidden:
    return Forbidden(Refused.LIST_UNUSABLE, detail, facts.now + ASK_AGAIN)


RULE = Rule("list_unusable", "1", ask)
