"""The hours that the campaign itself keeps, on the organisation's clock."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..choices import Refused
from ..law.openings import DailyWindow, all_allow, next_allowed
from ..law.wording import days
from ..values import CampaignHours, DialRequest
from .base import Allowed, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For every kind of dial. ``retry_at``: the campaign's next opening."""
    return _judge(request.hours, facts.now)


@lru_cache(maxsize=1024)
def _judge(hours: CampaignHours, now: datetime) -> Verdict:
    """All dials of a campaign in one batch have one answer."""
    try:
        zone = ZoneInfo(hours.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return Forbidden(
            Refused.CAMPAIGN_HOURS, f"The organisation's time zone {hours.time_zone!r} is not known."
        )
    place = zone, DailyWindow(hours.opens, hours.closes, hours.weekdays)
    local = now.astimezone(zone)
    if all_allow(now, (place,)):
        return Allowed(f"{local:%a %H:%M}")
    detail = (
        f"It is {local:%A %H:%M} in {hours.time_zone}; the campaign dials from {hours.opens:%H:%M} "
        f"to {hours.closes:%H:%M}, {days(hours.weekdays)}."
    )
    return Forbidden(Refused.CAMPAIGN_HOURS, detail, next_allowed(now, (place,)))


RULE = Rule("campaign_hours", "1", ask)
