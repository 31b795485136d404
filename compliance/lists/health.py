"""What is wrong with an organisation's lists, or soon will be: for the supervisor."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Organisation

from ..choices import ListKind
from ..law.wording import place_name
from .limits import FORBIDDING, INFORMING, NATIONAL_MOST_DAYS
from .registry import NEVER_LOADED, THE_REGISTRY, Standing

WARN_DAYS = 5
"""So many days before its age closes the gate a list is named."""


def problems(organisation_id: int, now: datetime, sells: bool = True) -> list[str]:
    """Each a sentence for a person: what is missing, damaged, too old or about to be. ``now`` is the gate's.

    ``sells``: some campaign calls for sales, which need a national registry.
    """
    standings = THE_REGISTRY.standings(organisation_id)
    found = _missing(organisation_id, standings) if sells else []
    for standing in standings:
        words = trouble_words(standing, now) or _warning(standing, now)
        if words:
            found.append(words)
    return found


def closes_gate(organisation_id: int, now: datetime) -> bool:
    """Whether calls of some purpose are refused because of a list."""
    standings = THE_REGISTRY.standings(organisation_id)
    closing = (
        trouble_words(standing, now) for standing in standings if standing.listed.kind not in INFORMING
    )
    return any(closing) or bool(_missing(organisation_id, standings))


def trouble_words(standing: Standing, now: datetime) -> str:
    """What a list that cannot be relied on stops, in a sentence; empty where it can be."""
    listed, why = standing.listed, standing.trouble(now)
    if not why or (why == NEVER_LOADED and listed.kind in FORBIDDING | INFORMING):
        return ""
    return f"{listed.name}: {why}. {_stopped(standing)}"


def days_left(standing: Standing, now: datetime) -> int | None:
    """Whole days until its age closes the gate; None: it does not grow old, or was never loaded."""
    listed = standing.listed
    if listed.max_age_days is None or listed.as_of is None:
        return None
    return listed.max_age_days - listed.age_days(now)


def _stopped(standing: Standing) -> str:
    listed = standing.listed
    if listed.kind in INFORMING:
        return "Whether a number is wireless is not known until a newer file is loaded."
    if listed.kind in FORBIDDING:
        return "No call is made until it is loaded anew."
    place = place_name(listed.place) if listed.kind is ListKind.STATE else listed.country
    return f"No sales call to {place} is made until a newer file is loaded."


def _warning(standing: Standing, now: datetime) -> str:
    left = days_left(standing, now)
    if left is None or not 0 <= left < WARN_DAYS:
        return ""
    when = "tomorrow" if left == 0 else f"in {left + 1} days"
    return f"{standing.listed.name} is too old {when}. Load a newer file under Lists."


def _missing(organisation_id: int, standings: tuple[Standing, ...]) -> list[str]:
    """The registry of the organisation's own country, where nobody has set one up."""
    country = Organisation.objects.values_list("country", flat=True).get(pk=organisation_id)
    present = {each.listed.country for each in standings if each.listed.kind is ListKind.NATIONAL}
    if country not in NATIONAL_MOST_DAYS or country in present:
        return []
    return [
        f"The national do-not-call registry of {country} is missing: no sales call there is made. Load it."
    ]
