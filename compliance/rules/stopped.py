"""The switch that stops all dialing."""

from __future__ import annotations

from ..choices import Refused
from ..values import DialRequest
from .base import NOTHING_SEEN, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """No dial of any kind while it is on."""
    if request.dialing_stopped:
        return Forbidden(Refused.STOPPED, "All dialing is stopped.")
    return NOTHING_SEEN


RULE = Rule("stopped", "1", ask)
