"""A clock that cannot be right opens no gate: every window and cap hangs on it."""

from __future__ import annotations

from datetime import UTC, datetime

from ..choices import Refused
from ..values import DialRequest
from .base import NOTHING_SEEN, Facts, Forbidden, Rule, Verdict

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""This program is younger: an earlier clock was never set."""
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """A believable year; and a clock that a drill has moved reaches no line outside this machine."""
    if not EARLIEST <= facts.now < LATEST:
        return Forbidden(Refused.CLOCK, f"The gate's clock says {facts.now:%Y-%m-%d}. Set the system clock.")
    if facts.clock_is_offset and not request.trunk_is_loopback:
        detail = "PACELINE_GATE_OFFSET_S moves the gate's clock; then only trunks on a loopback address dial."
        return Forbidden(Refused.CLOCK, detail)
    return NOTHING_SEEN


RULE = Rule("clock", "1", ask)
