"""Something that can be dialed: a subscriber's number, never a service code, emergency or premium rate."""

from __future__ import annotations

from ..choices import Refused
from ..numbers import why_undialable
from ..values import DialRequest
from .base import NOTHING_SEEN, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """See ``compliance.numbers``."""
    why = why_undialable(request.number)
    return Forbidden(Refused.INVALID_NUMBER, why) if why else NOTHING_SEEN


RULE = Rule("number", "1", ask)
