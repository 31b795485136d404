"""Set up a list of numbers; its first load puts it in force."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from accounts.services.record_audit import record_audit

from ..choices import ListKind
from ..law import places
from ..lists.limits import NATIONAL_MOST_DAYS, usual_age_days
from ..lists.registry import THE_REGISTRY
from ..models import DncList

NEEDS_COUNTRY = frozenset(set(ListKind) - {ListKind.CAMPAIGN, ListKind.INTERNAL, ListKind.LITIGATOR})
"""The others may hold numbers of any country."""


@transaction.atomic
def create_list(
    organisation: Organisation,
    actor: User | str,
    *,
    name: str,
    kind: str,
    country: str = "",
    state: str = "",
    campaign: int | None = None,
    max_age_days: int | None = None,
) -> DncList:
    """A new list. Where no age limit is given the usual one holds. Raises ``ValidationError``.

    A list of a kind that needs a country and names none is the organisation's country's.
    """
    kind = ListKind(kind)
    country = country.strip().upper() or (organisation.country if kind in NEEDS_COUNTRY else "")
    made = DncList(
        organisation=organisation,
        name=name.strip(),
        kind=kind,
        country=country,
        state=_state(kind, country, state),
        campaign=_campaign(kind, campaign),
        max_age_days=_age(kind, country, max_age_days),
    )
    made.full_clean()
    made.save()
    after = {"kind": kind.value, "country": country, "state": made.state, "max_age_days": made.max_age_days}
    record_audit(organisation, actor, "list.created", made.name, after=after)
    THE_REGISTRY.forget()
    return made


def _state(kind: ListKind, country: str, given: str) -> str:
    if kind is not ListKind.STATE:
        if given.strip():
            raise ValidationError({"state": "Only a state's registry has a state."})
        return ""
    place = places.read_state(given) if given.strip() else None
    if place is None or not place.startswith(f"{country}-"):
        raise ValidationError({"state": f"Give the state or province of {country}, such as FL."})
    return place.partition("-")[2]


def _campaign(kind: ListKind, given: int | None) -> int | None:
    if kind is ListKind.CAMPAIGN and given is None:
        raise ValidationError({"campaign": "Say which campaign the list is for."})
    if kind is not ListKind.CAMPAIGN and given is not None:
        raise ValidationError({"campaign": "Only a list of one campaign has a campaign."})
    return given


def _age(kind: ListKind, country: str, given: int | None) -> int | None:
    most = NATIONAL_MOST_DAYS.get(country) if kind is ListKind.NATIONAL else None
    if given is None:
        return usual_age_days(kind, country)
    if most is not None and given > most:
        raise ValidationError({"max_age_days": f"The law allows at most {most} days."})
    return given
