"""Fetches, in a fixed number of queries, what the rules need to know about a whole batch of requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from .callers import facts as callers
from .consent import facts as consent
from .law import history, overrides
from .law.applying import zone_or_utc
from .lists import facts as lists
from .numbers import is_e164, to_digits
from .rules.base import Facts
from .statements import Statement, among
from .values import DialRequest

ON_DNC = Statement(
    """SELECT organisation_id, number FROM compliance_dncentry
    WHERE organisation_id AMONG(%s) AND number AMONG(%s)"""
)


def gather(requests: Sequence[DialRequest], now: datetime, clock_is_offset: bool) -> Facts:
    """The same number of queries however many requests there are."""
    changes = overrides.gather(_days(requests, now))
    return Facts(
        now=now,
        clock_is_offset=clock_is_offset,
        on_dnc=_on_dnc(requests),
        lists=lists.gather(requests, now),
        consents=consent.gather(requests, now),
        overrides=changes,
        history=history.gather(requests, now, changes),
        callers=callers.gather(requests, now),
    )


def _on_dnc(requests: Sequence[DialRequest]) -> frozenset[tuple[int, int]]:
    organisations = among(request.organisation for request in requests)
    numbers = among(to_digits(request.number) for request in requests if is_e164(request.number))
    return frozenset(ON_DNC.rows(organisations, numbers))


def _days(requests: Sequence[DialRequest], now: datetime) -> dict[int, date]:
    """Organisation → the day on its own clock, on which its changes to the rules of law are looked up."""
    zones = {request.organisation: request.hours.time_zone for request in requests}
    return {organisation: now.astimezone(zone_or_utc(zone)).date() for organisation, zone in zones.items()}
