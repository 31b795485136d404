"""How many of the people who answered met nobody: by campaign and day, and over the time that the law measures.

The database counts call records between the moments at which a day or a window of the law begins or ends, about
sixty stretches of time; days and windows are sums of stretches. Windows end at each midnight of the organisation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from accounts.models import Organisation
from campaigns.choices import Outcome
from campaigns.models import Campaign
from compliance.choices import Purpose
from compliance.law.abandonment import AbandonmentRule, limit_for
from compliance.law.overrides import in_force
from dialer.calls.models import Call

from .month import HOUR, Month, hour_of, midnight

MICROSECOND = timedelta(microseconds=1)
LONGEST_RING = timedelta(minutes=10)
"""A call is answered at most so long after it was placed (the ring limit is 120 s): finds it in the index of dials."""


@dataclass(frozen=True, slots=True)
class Counted:
    """People who answered, and those of them whom nobody met."""

    answered: int = 0
    abandoned: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.answered + other.answered, self.abandoned + other.abandoned)

    @property
    def share(self) -> float:
        """Abandoned of answered, 0 where nobody answered."""
        return self.abandoned / self.answered if self.answered else 0.0


Stretches = Mapping[datetime, Counted]
"""Beginning of a stretch of time, UTC → what was answered in it; those without an answer are left out."""
NOTHING = Counted()


@dataclass(frozen=True, slots=True)
class Window:
    """What the law measures, as it stood when the day ended (or now, on the last day of a month that runs)."""

    day: date
    counted: Counted


@dataclass(frozen=True, slots=True)
class Abandonment:
    """One campaign's account of a month."""

    campaign: int
    campaign_name: str
    purpose: str
    rule: AbandonmentRule
    own_limit: float
    """The campaign's, which may be tighter than the law's."""
    month: Counted
    days: tuple[Window, ...]
    """Each day alone."""
    windows: tuple[Window, ...]
    """What the law measures, at the end of each day."""
    worst_hour: tuple[datetime, Counted] | None
    """The hour with the most people abandoned; None where nobody was."""

    @property
    def limit(self) -> float:
        """The stricter of the law's and the campaign's own."""
        return min(self.rule.limit, self.own_limit)

    @property
    def worst_day(self) -> Window | None:
        """The day with the most people abandoned; None where nobody was."""
        worst = max(self.days, key=lambda day: (day.counted.abandoned, day.counted.share), default=None)
        return worst if worst and worst.counted.abandoned else None

    @property
    def at_the_end(self) -> Window:
        """The law's window when the month ended."""
        return self.windows[-1]

    @property
    def worst_window(self) -> Window:
        """The law's window with the highest share."""
        return max(self.windows, key=lambda window: (window.counted.share, window.counted.answered))

    @property
    def days_over(self) -> int:
        """At the end of how many days the law's window stood above the limit of the law."""
        return sum(window.counted.share > self.rule.limit for window in self.windows)


def abandonment(organisation: Organisation, month: Month, now: datetime) -> list[Abandonment]:
    """Every campaign that somebody answered in the month or in a window that reaches into it, by name."""
    zone = ZoneInfo(organisation.time_zone)
    since, until = month.bounds(zone)
    days = [day for day in month.days() if midnight(day, zone) <= now]
    if not days:
        return []
    until = min(until, now)
    rules = _rules(organisation, days[-1])
    counted = answered_between(organisation.pk, _cuts(rules.values(), days, until, zone))
    worst = _worst_hours(organisation.pk, since, until, zone)
    campaigns = Campaign.objects.filter(organisation=organisation, pk__in=counted).order_by("name")
    return [
        _account(campaign, rules[campaign.purpose], counted[campaign.pk], days, worst.get(campaign.pk), zone)
        for campaign in campaigns
    ]


def answered_between(organisation_id: int, cuts: Sequence[datetime]) -> dict[int, dict[datetime, Counted]]:
    """Campaign → stretches from each cut to the next, each by one query that walks the index of dials."""
    found: dict[int, dict[datetime, Counted]] = defaultdict(dict)
    for begin, end in pairwise(cuts):
        for campaign, answered, abandoned in _answered(_answered_live(organisation_id, begin, end)):
            found[campaign][begin] = Counted(answered, abandoned)
    return found


def _cuts(
    rules: Iterable[AbandonmentRule], days: list[date], until: datetime, zone: ZoneInfo
) -> list[datetime]:
    """Every moment at which a day or a window begins, and the end."""
    begins = {midnight(day, zone) for day in days} | {
        _window_begins(rule, day, zone) for rule in rules for day in days
    }
    return [*sorted(begin for begin in begins if begin < until), until]


def _answered_live(organisation_id: int, since: datetime, until: datetime) -> QuerySet[Call]:
    calls = Call.objects.filter(
        organisation=organisation_id,
        placed_at__gte=since - LONGEST_RING,
        placed_at__lt=until,
        answered_at__gte=since,
        answered_at__lt=until,
    )
    return calls.exclude(outcome=Outcome.MACHINE).order_by()


def _answered(calls: QuerySet[Call]) -> Iterable[tuple[int, int, int]]:
    counts = calls.values_list("campaign_id")
    return counts.annotate(answered=Count("id"), abandoned=Count("id", filter=Q(outcome=Outcome.ABANDONED)))


def _worst_hours(
    organisation_id: int, since: datetime, until: datetime, zone: ZoneInfo
) -> dict[int, tuple[datetime, Counted]]:
    """Campaign → the hour with the most people abandoned, the first of equals. The few abandoned calls are read."""
    abandoned = _answered_live(organisation_id, since, until).filter(outcome=Outcome.ABANDONED)
    counts: Counter[tuple[int, datetime]] = Counter()
    for campaign, at in abandoned.values_list("campaign_id", "answered_at").iterator():
        if at is not None:
            counts[campaign, hour_of(at, zone)] += 1
    worst: dict[int, datetime] = {}
    for campaign, hour in sorted(counts, key=lambda key: (-counts[key], key[1])):
        worst.setdefault(campaign, hour)
    return {
        campaign: (hour, _in_hour(organisation_id, campaign, hour, until)) for campaign, hour in worst.items()
    }


def _in_hour(organisation_id: int, campaign: int, hour: datetime, until: datetime) -> Counted:
    calls = _answered_live(organisation_id, hour, min(hour + HOUR, until)).filter(campaign=campaign)
    ((_, answered, abandoned),) = _answered(calls)
    return Counted(answered, abandoned)


def _rules(organisation: Organisation, day: date) -> dict[str, AbandonmentRule]:
    changed = in_force(organisation.pk, day)
    return {purpose.value: limit_for({organisation.country}, purpose, day, changed) for purpose in Purpose}


def _account(
    campaign: Campaign,
    rule: AbandonmentRule,
    stretches: Stretches,
    days: list[date],
    worst_hour: tuple[datetime, Counted] | None,
    zone: ZoneInfo,
) -> Abandonment:
    each_day = tuple(Window(day, _sum(stretches, midnight(day, zone), _end(day, zone))) for day in days)
    windows = (_sum(stretches, _window_begins(rule, day, zone), _end(day, zone)) for day in days)
    return Abandonment(
        campaign=campaign.pk,
        campaign_name=campaign.name,
        purpose=campaign.get_purpose_display(),
        rule=rule,
        own_limit=campaign.abandon_limit,
        month=sum((day.counted for day in each_day), NOTHING),
        days=each_day,
        windows=tuple(Window(day, counted) for day, counted in zip(days, windows, strict=True)),
        worst_hour=worst_hour,
    )


def _end(day: date, zone: ZoneInfo) -> datetime:
    return midnight(day + timedelta(days=1), zone)


def _window_begins(rule: AbandonmentRule, day: date, zone: ZoneInfo) -> datetime:
    """Of the window that ends with the day: its last moment is the day's, also where it is a calendar month."""
    return rule.window.since(_end(day, zone) - MICROSECOND, zone) + MICROSECOND


def _sum(stretches: Stretches, since: datetime, until: datetime) -> Counted:
    return sum((counted for begin, counted in stretches.items() if since <= begin < until), NOTHING)
