"""Nobody is called too soon after an abandoned call or, of a debt, after a conversation."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..choices import Refused
from ..law.applying import zone_or_utc
from ..law.lockouts import LIVE_AGENT, LockOut, version
from ..values import DialRequest
from .base import NOTHING_SEEN, Allowed, Facts, Forbidden, Rule, Verdict

AFTER = {"abandoned": "a call was abandoned", "conversation": "somebody talked"}


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """``retry_at``: when the last lock-out ends."""
    _, lockouts = facts.history.law.of(request)
    if not lockouts:
        return NOTHING_SEEN
    waited = request.kind in LIVE_AGENT
    held = [
        (ends, lock)
        for lock in lockouts
        if not (waited and lock.live_agent_exempt) and (ends := _ends(request, facts, lock)) is not None
    ]
    if not held:
        return Allowed(", ".join(lock.id for lock in lockouts))
    ends, lock = max(held, key=lambda each: each[0])
    return Forbidden(Refused.LOCKED_OUT, _words(request, lock, ends), ends)


def _ends(request: DialRequest, facts: Facts, lock: LockOut) -> datetime | None:
    """When the lock-out ends that the last such contact began; None: it is over, or there was none."""
    length = timedelta(hours=lock.hours)
    begun = [
        met.at
        for per in lock.per
        for met in facts.history.contacts.of(request, per)
        if met.kind == lock.after and met.at + length > facts.now
    ]
    return max(begun) + length if begun else None


def _words(request: DialRequest, lock: LockOut, ends: datetime) -> str:
    zone = zone_or_utc(request.hours.time_zone)
    begun = ends - timedelta(hours=lock.hours)
    return (
        f"On {begun.astimezone(zone):%Y-%m-%d %H:%M %Z} {AFTER[lock.after]}; no call for {lock.hours} h, "
        f"until {ends.astimezone(zone):%Y-%m-%d %H:%M %Z} ({lock.citation})."
    )


RULE = Rule("locked_out", f"1/{version()}", ask)
