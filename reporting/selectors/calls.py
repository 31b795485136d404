"""Searching call records: filters, and pages by key, so that the last page costs what the first one does."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from dialer.calls.models import Call

PAGE_CALLS = 50
NEWEST_FIRST = ("-placed_at", "-id")
OLDEST_FIRST = ("placed_at", "id")
LIST_RELATIONS = ("campaign", "agent", "disposition", "trunk")
NUMBER_END = ":"
"""Sorts behind every digit: ends the range of the numbers that begin alike."""


@dataclass(frozen=True)
class CallSearch:
    """What is looked for; a field left empty does not matter. Times are aware, ``until`` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    campaign: int | None = None
    agent: int | None = None
    number: str = ""
    """E.164, whole or its beginning."""
    whole_number: bool = False
    outcome: str = ""
    disposition: str = ""
    """A disposition's name, in whichever campaign."""
    trunk: int | None = None

    def described(self) -> dict[str, Any]:
        """The filters in use, as the audit log keeps them."""
        used = {name: value for name, value in asdict(self).items() if value not in (None, "", False)}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in used.items()
        }


class CallKey(NamedTuple):
    """A call's place in the order; in addresses it reads ``<microseconds>.<id>``."""

    placed_at: datetime
    id: str

    @classmethod
    def of(cls, call: Call) -> CallKey:
        """The place of a call."""
        return cls(call.placed_at, call.pk)

    @classmethod
    def read(cls, text: str) -> CallKey:
        """The place that an address names; raises ``ValueError`` where it names none."""
        stamp, _, pk = text.partition(".")
        try:
            seconds, micros = divmod(int(stamp), 1_000_000)
            return cls(datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), pk)
        except (OverflowError, OSError) as error:
            raise ValueError("Not a place in the list of calls.") from error

    def __str__(self) -> str:
        return f"{round(self.placed_at.timestamp() * 1_000_000)}.{self.id}"


class CallPage(NamedTuple):
    """Calls, newest first, and the keys behind which more are found."""

    calls: list[Call]
    newer: CallKey | None
    older: CallKey | None


def search_calls(organisation_id: int, search: CallSearch) -> QuerySet[Call]:
    """The calls that fit, unordered."""
    given = {
        "placed_at__gte": search.since,
        "placed_at__lt": search.until,
        "campaign": search.campaign,
        "agent": search.agent,
        "outcome": search.outcome or None,
        "disposition__name": search.disposition or None,
        "trunk": search.trunk,
    }
    calls = Call.objects.filter(organisation=organisation_id)
    calls = calls.filter(**{name: value for name, value in given.items() if value is not None})
    if search.number and search.whole_number:
        return calls.filter(number=search.number)
    if search.number:
        return calls.filter(number__gte=search.number, number__lt=search.number + NUMBER_END)
    return calls


def older_than(calls: QuerySet[Call], key: CallKey | None) -> QuerySet[Call]:
    """The calls behind the key, newest first; all of them without one."""
    if key is not None:
        # The first condition says the same as the second and lets the database begin at the key in its index.
        behind = Q(placed_at__lt=key.placed_at) | Q(placed_at=key.placed_at, id__lt=key.id)
        calls = calls.filter(behind, placed_at__lte=key.placed_at)
    return calls.order_by(*NEWEST_FIRST)


def newer_than(calls: QuerySet[Call], key: CallKey) -> QuerySet[Call]:
    """The calls before the key, oldest first."""
    before = Q(placed_at__gt=key.placed_at) | Q(placed_at=key.placed_at, id__gt=key.id)
    return calls.filter(before, placed_at__gte=key.placed_at).order_by(*OLDEST_FIRST)


def call_page(
    calls: QuerySet[Call], *, older: CallKey | None = None, newer: CallKey | None = None
) -> CallPage:
    """One page: behind ``older``, before ``newer``, or the newest. One query, one row more than is shown."""
    calls = calls.select_related(*LIST_RELATIONS)
    if newer is not None:
        found = list(newer_than(calls, newer)[: PAGE_CALLS + 1])
        more, shown = len(found) > PAGE_CALLS, found[:PAGE_CALLS][::-1]
        if not shown:
            return call_page(calls)
        return CallPage(shown, CallKey.of(shown[0]) if more else None, CallKey.of(shown[-1]))
    found = list(older_than(calls, older)[: PAGE_CALLS + 1])
    more, shown = len(found) > PAGE_CALLS, found[:PAGE_CALLS]
    first = CallKey.of(shown[0]) if shown and older is not None else None
    return CallPage(shown, first, CallKey.of(shown[-1]) if more else None)
