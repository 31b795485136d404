"""No more dials than the law allows within a length of time, wherever the called party may be."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..choices import Refused
from ..law.applying import zone_or_utc
from ..law.caps import Cap, version
from ..law.history import topic_of
from ..values import DialRequest
from .base import NOTHING_SEEN, Allowed, Facts, Forbidden, Rule, Verdict


class Full(NamedTuple):
    """A cap that is reached, and from when on it would not be."""

    until: datetime | None
    cap: Cap
    dials: int


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """``retry_at``: when every cap that is reached allows a dial again; None where one allows none at all."""
    caps, _ = facts.history.law.of(request)
    if not caps:
        return NOTHING_SEEN
    zone = zone_or_utc(request.hours.time_zone)
    counts = [(cap, _dials(request, facts, cap, per, zone)) for cap in caps for per in cap.per]
    full = [_full(cap, dials, zone) for cap, dials in counts if len(dials) >= cap.limit]
    if full:
        last = max(full, key=lambda each: (each.until is None, each.until or facts.now))
        return Forbidden(Refused.CAP, _words(last, zone), last.until)
    most = {cap.id: (max(len(dials) for each, dials in counts if each is cap), cap.limit) for cap in caps}
    return Allowed(", ".join(f"{name} {dials}/{limit}" for name, (dials, limit) in most.items()))


def _dials(request: DialRequest, facts: Facts, cap: Cap, per: str, zone: ZoneInfo) -> list[datetime]:
    since = cap.span.since(facts.now, zone)
    topic = topic_of(request.topic, request.campaign) if cap.same_topic else None
    return [
        dial.at
        for dial in facts.history.dials.of(request, per)
        if dial.at > since and topic in (None, dial.topic)
    ]


def _full(cap: Cap, dials: list[datetime], zone: ZoneInfo) -> Full:
    """With all but ``limit - 1`` of the dials gone there is room for one more."""
    return Full(cap.span.until(dials[-cap.limit], zone) if cap.limit else None, cap, len(dials))


def _words(full: Full, zone: ZoneInfo) -> str:
    cap = full.cap
    about = " about this matter" if cap.same_topic else ""
    time = f"in the last {cap.span}" if cap.span.hours else "this month"
    until = (
        f"until {full.until.astimezone(zone):%Y-%m-%d %H:%M %Z}"
        if full.until
        else "for as long as the rule holds"
    )
    return f"{full.dials} dials{about} {time}; the limit is {cap.limit}, so none {until} ({cap.citation})."


RULE = Rule("cap", f"1/{version()}", ask)
