"""Only a campaign that dials may dial."""

from __future__ import annotations

from ..choices import Refused
from ..values import DialRequest
from .base import NOTHING_SEEN, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """Holds for manual, preview and callback dials too."""
    if not request.campaign_dialing:
        return Forbidden(Refused.CAMPAIGN_STATUS, "The campaign is not dialing. Start it first.")
    return NOTHING_SEEN


RULE = Rule("campaign_status", "1", ask)
