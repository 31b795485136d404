"""The hours that the campaign itself keeps, on the organisation's clock."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..choices import Refused
from ..law.openings import DailyWindow, Place, all_allow, next_allowed
from ..law.wording import days
from ..values import CampaignHours, DialRequest
from .base import Allowed, Facts, Forbidden, Rule, Verdict


@lru_cache(maxsize=1024)
def _place(hours: CampaignHours) -> Place | None:
    try:
        zone = ZoneInfo(hours.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return zone, DailyWindow(hours.opens, hours.closes, hours.weekdays)


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """For every kind of dial. ``retry_at``: the campaign's next opening."""
    hours = request.hours
    place = _place(hours)
    if place is None:
        return Forbidden(
            Refused.CAMPAIGN_HOURS, f"The organisation's time zone {hours.time_zone!r} is not known."
        )
    local = facts.now.astimezone(place[0])
    if all_allow(facts.now, (place,)):
        return Allowed(f"{local:%a %H:%M}")
    detail = (
        f"It is {local:%A %H:%M} in {hours.time_zone}; the campaign dials from {hours.opens:%H:%M} "
        f"to {hours.closes:%H:%M}, {days(hours.weekdays)}."
    )
    return Forbidden(Refused.CAMPAIGN_HOURS, detail, next_allowed(facts.now, (place,)))


RULE = Rule("campaign_hours", "1", ask)
