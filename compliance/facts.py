"""Fetches, in a fixed number of queries, what the rules need to know about a whole batch of requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .callers import facts as callers
from .consent import facts as consent
from .law import history
from .lists import facts as lists
from .models import Decision, DncEntry
from .numbers import E164, to_digits
from .rules.attempts import WINDOW
from .rules.base import Facts
from .values import DialRequest


def gather(requests: Sequence[DialRequest], now: datetime, clock_is_offset: bool) -> Facts:
    """The same number of queries however many requests there are."""
    return Facts(
        now=now,
        clock_is_offset=clock_is_offset,
        on_dnc=_on_dnc(requests),
        permitted=_permitted(requests, now),
        lists=lists.gather(requests, now),
        consents=consent.gather(requests, now),
        history=history.gather(requests, now),
        callers=callers.gather(requests, now),
    )


def _on_dnc(requests: Sequence[DialRequest]) -> frozenset[tuple[int, int]]:
    entries = DncEntry.objects.filter(
        organisation__in={request.organisation for request in requests},
        number__in={to_digits(request.number) for request in requests if E164.fullmatch(request.number)},
    )
    return frozenset(entries.values_list("organisation_id", "number"))


def _permitted(requests: Sequence[DialRequest], now: datetime) -> dict[tuple[int, str], list[datetime]]:
    permits = Decision.objects.filter(
        organisation__in={request.organisation for request in requests},
        subject__in={request.subject for request in requests},
        reason="",
        at__gt=now - WINDOW,
    )
    found: dict[tuple[int, str], list[datetime]] = {}
    for organisation, subject, at in permits.order_by("at").values_list("organisation_id", "subject", "at"):
        found.setdefault((organisation, subject), []).append(at)
    return found
