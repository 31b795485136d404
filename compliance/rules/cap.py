"""No more dials than the law allows within a length of time, wherever the called party may be."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..choices import Refused
from ..law import wording
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
    full: list[Full] = []
    seen: list[str] = []
    for cap in caps:
        counts = [_dials(request, facts, cap, per) for per in cap.per]
        seen.append(f"{cap.id} {max(map(len, counts))}/{cap.limit}")
        full += [_full(cap, dials, _zone(request)) for dials in counts if len(dials) >= cap.limit]
    if not full:
        return Allowed(", ".join(seen))
    last = max(full, key=lambda each: (each.until is None, each.until or facts.now))
    return Forbidden(Refused.CAP, _words(last, _zone(request)), last.until)


def _zone(request: DialRequest) -> ZoneInfo:
    return zone_or_utc(request.hours.time_zone)


def _dials(request: DialRequest, facts: Facts, cap: Cap, per: str) -> list[datetime]:
    dials = facts.history.dials.of(request, per)
    if not dials:
        return []
    since = cap.span.since(facts.now, _zone(request))
    topic = topic_of(request.topic, request.campaign) if cap.same_topic else None
    return [dial.at for dial in dials if dial.at > since and topic in (None, dial.topic)]


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
    return f"{wording.dials(full.dials)}{about} {time}; the limit is {cap.limit}, so none {until} ({cap.citation})."


RULE = Rule("cap", f"1/{version()}", ask)
