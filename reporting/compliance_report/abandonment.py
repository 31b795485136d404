"""How many of the people who answered met nobody: by campaign, day and hour, over the time that the law measures.

Everything is counted from call records by the hour in which they were answered; hours are added up to days and to
the windows of the law, which end at each midnight of the organisation. The database does the counting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from accounts.models import Organisation
from campaigns.choices import Outcome
from campaigns.models import Campaign
from compliance.choices import Purpose
from compliance.law.abandonment import AbandonmentRule, limit_for
from compliance.law.overrides import in_force
from dialer.calls.models import Call

from .month import Month, hours_of, midnight

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


Hours = Mapping[datetime, Counted]
"""Beginning of an hour, UTC → what was answered in it; hours without an answer are left out."""
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
    _, until = month.bounds(zone)
    days = [day for day in month.days() if midnight(day, zone) <= now]
    if not days:
        return []
    rules = _rules(organisation, days[-1])
    first = min(rule.window.since(_last_moment(days[0], zone), zone) for rule in rules.values())
    counted = answered_by_hour(organisation.pk, hours_of(first, min(until, now), zone))
    campaigns = Campaign.objects.filter(organisation=organisation, pk__in=counted).order_by("name")
    return [
        _account(campaign, rules[campaign.purpose], counted[campaign.pk], days, zone)
        for campaign in campaigns
    ]


def answered_by_hour(
    organisation_id: int, hours: Iterable[tuple[datetime, datetime]]
) -> dict[int, dict[datetime, Counted]]:
    """Campaign → hours, each by one query that walks the index of dials."""
    found: dict[int, dict[datetime, Counted]] = defaultdict(dict)
    for hour, end in hours:
        for campaign, answered, abandoned in _answered(organisation_id, hour, end):
            found[campaign][hour] = Counted(answered, abandoned)
    return found


def _answered(organisation_id: int, since: datetime, until: datetime) -> Iterable[tuple[int, int, int]]:
    calls = Call.objects.filter(
        organisation=organisation_id,
        placed_at__gte=since - LONGEST_RING,
        placed_at__lt=until,
        answered_at__gte=since,
        answered_at__lt=until,
    ).exclude(outcome=Outcome.MACHINE)
    counts = calls.order_by().values_list("campaign_id")
    return counts.annotate(answered=Count("id"), abandoned=Count("id", filter=Q(outcome=Outcome.ABANDONED)))


def _rules(organisation: Organisation, day: date) -> dict[str, AbandonmentRule]:
    changed = in_force(organisation.pk, day)
    return {purpose.value: limit_for({organisation.country}, purpose, day, changed) for purpose in Purpose}


def _account(
    campaign: Campaign, rule: AbandonmentRule, hours: Hours, days: list[date], zone: ZoneInfo
) -> Abandonment:
    each_day = tuple(Window(day, _sum(hours, midnight(day, zone), _end(day, zone))) for day in days)
    in_month = {hour: counted for hour, counted in hours.items() if hour >= midnight(days[0], zone)}
    worst = max(in_month.items(), key=lambda pair: (pair[1].abandoned, pair[1].share), default=None)
    return Abandonment(
        campaign=campaign.pk,
        campaign_name=campaign.name,
        purpose=campaign.get_purpose_display(),
        rule=rule,
        own_limit=campaign.abandon_limit,
        month=sum((day.counted for day in each_day), NOTHING),
        days=each_day,
        windows=tuple(
            Window(day, _sum(hours, rule.window.since(_last_moment(day, zone), zone), _end(day, zone)))
            for day in days
        ),
        worst_hour=worst if worst and worst[1].abandoned else None,
    )


def _end(day: date, zone: ZoneInfo) -> datetime:
    return midnight(day + timedelta(days=1), zone)


def _last_moment(day: date, zone: ZoneInfo) -> datetime:
    """The day's own, so that a window of a calendar month ending then is that month's."""
    return _end(day, zone) - timedelta(microseconds=1)


def _sum(hours: Hours, since: datetime, until: datetime) -> Counted:
    return sum((counted for hour, counted in hours.items() if since <= hour < until), NOTHING)
