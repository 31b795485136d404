"""The rules of the gate, one small module each, in the order in which they are asked.

What holds for everybody comes first, then what will never change for this number, then what time will
change: the first rule that forbids gives the reason, and a permanent reason says more than a passing one.
"""

from __future__ import annotations

from . import (
    attempts,
    caller_id,
    campaign_dnc,
    campaign_hours,
    campaign_status,
    cap,
    clock,
    consent,
    list_unusable,
    litigator,
    locked_out,
    national_dnc,
    number,
    own_dnc,
    reassigned,
    state_dnc,
    stopped,
    wildcard,
    window,
)
from .base import Rule

RULES: tuple[Rule, ...] = (
    clock.RULE,
    stopped.RULE,
    campaign_status.RULE,
    number.RULE,
    own_dnc.RULE,
    campaign_dnc.RULE,
    litigator.RULE,
    wildcard.RULE,
    national_dnc.RULE,
    state_dnc.RULE,
    list_unusable.RULE,
    consent.RULE,
    reassigned.RULE,
    attempts.RULE,
    cap.RULE,
    locked_out.RULE,
    window.RULE,
    campaign_hours.RULE,
    caller_id.RULE,
)
