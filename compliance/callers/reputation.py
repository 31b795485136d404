"""How caller IDs fare, for people: today's use, answer rates, blocked calls, and the history of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum

from accounts.models import AuditEntry, Organisation
from accounts.plots import Plot, bar_plot, line_plot, spark_line

from ..models import CallerDay, CallerId
from .pool import day_at

RATE_DAYS = 7
SPARK_DAYS = 14
REPORT_DAYS = 30
RANKED_CALLS_MIN = 20
"""A rate of fewer calls says nothing yet."""
HISTORY_ROWS = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of the page: how a caller ID stands now."""

    caller_id: CallerId
    rests: bool
    used_up: bool
    dials: int
    """Today."""
    rate: float | None
    """Percent of the last seven days' calls that were answered; None: no calls."""
    calls: int
    blocked: int
    spark: tuple[str, ...]
    """Two weeks of daily answer rates."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of a caller ID."""

    day: date
    dials: int = 0
    ended: int = 0
    answered: int = 0
    blocked: int = 0
    short: int = 0

    @property
    def rate(self) -> float | None:
        """Percent answered; None without calls that ended."""
        return 100 * self.answered / self.ended if self.ended else None


def standings(organisation: Organisation, rows: Sequence[CallerId], now: datetime) -> list[Standing]:
    """The rows of a page, for one query."""
    today = day_at(now, organisation.time_zone)[0]
    found = _figures([row.pk for row in rows], today, SPARK_DAYS)
    return [_standing(row, found[row.pk], now) for row in rows]


def month_of(caller_id: CallerId, now: datetime) -> list[DayFigures]:
    """The last 30 days, the oldest first; days without a call are there too."""
    today = day_at(now, caller_id.organisation.time_zone)[0]
    return _figures([caller_id.pk], today, REPORT_DAYS)[caller_id.pk]


def month_plots(month: Sequence[DayFigures]) -> tuple[Plot, Plot, Plot]:
    """Dials, answer rate and blocked calls by day."""
    labels = [f"{each.day.day} {each.day:%b}" for each in month]
    rates = [None if each.rate is None else round(each.rate, 1) for each in month]
    return (
        bar_plot("Dials a day", labels, [each.dials for each in month]),
        line_plot("Answer rate", labels, rates, unit="%", tone="good"),
        bar_plot("Blocked calls a day", labels, [each.blocked for each in month], tone="bad"),
    )


def pool_plot(organisation: Organisation, now: datetime) -> Plot | None:
    """Answer rates of the last seven days by number, the best first; None while too few calls were made."""
    since = day_at(now, organisation.time_zone)[0] - timedelta(days=RATE_DAYS)
    days = CallerDay.objects.filter(
        caller_id__organisation=organisation, caller_id__active=True, day__gt=since
    )
    sums = days.values_list("caller_id__number").annotate(answered=Sum("answered"), ended=Sum("ended"))
    rates = [
        (100 * answered / ended, number) for number, answered, ended in sums if ended >= RANKED_CALLS_MIN
    ]
    if not rates:
        return None
    rates.sort(key=lambda pair: (-pair[0], pair[1]))
    numbers, shares = [number for _, number in rates], [round(rate, 1) for rate, _ in rates]
    return bar_plot(f"Answer rate by number, last {RATE_DAYS} days", numbers, shares, unit="%")


def history_of(caller_id: CallerId) -> list[AuditEntry]:
    """Rests, wakings and changes, the newest first."""
    entries = AuditEntry.objects.filter(
        organisation=caller_id.organisation_id, target=caller_id.number, action__startswith="caller_id."
    )
    return list(entries.order_by("-pk")[:HISTORY_ROWS])


def _figures(pks: Sequence[int], today: date, days: int) -> dict[int, list[DayFigures]]:
    first = today - timedelta(days=days - 1)
    known: dict[tuple[int, date], tuple[Any, ...]] = {}
    fields = ("dials", "ended", "answered", "blocked", "short")
    rows = CallerDay.objects.filter(caller_id__in=pks, day__gte=first, day__lte=today)
    for pk, day, *figures in rows.values_list("caller_id", "day", *fields):
        known[pk, day] = tuple(figures)
    found: dict[int, list[DayFigures]] = defaultdict(list)
    for pk in pks:
        for ahead in range(days):
            day = first + timedelta(days=ahead)
            found[pk].append(DayFigures(day, *known.get((pk, day), ())))
    return found


def _standing(caller_id: CallerId, days: list[DayFigures], now: datetime) -> Standing:
    week, today = days[-RATE_DAYS:], days[-1]
    calls = sum(each.ended for each in week)
    answered = sum(each.answered for each in week)
    return Standing(
        caller_id=caller_id,
        rests=caller_id.rests_until is not None and now < caller_id.rests_until,
        used_up=0 < caller_id.daily_limit <= today.dials,
        dials=today.dials,
        rate=100 * answered / calls if calls else None,
        calls=calls,
        blocked=sum(each.blocked for each in week),
        spark=spark_line([each.rate for each in days]),
    )
