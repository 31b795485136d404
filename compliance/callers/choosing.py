"""Which of the campaign's caller IDs a call shows."""

from __future__ import annotations

from ..numbers import E164, NANP
from ..values import CallerIdOffer, DialRequest
from .facts import CallerFacts

AREA_DIGITS = slice(2, 5)


def usable_offers(request: DialRequest) -> list[CallerIdOffer]:
    """The offers that are whole numbers: a called party must be able to call them (47 CFR 64.1601(e))."""
    return [offer for offer in request.caller_ids if E164.fullmatch(offer.number)]


def choose(request: DialRequest, callers: CallerFacts, turn: int) -> CallerIdOffer | None:
    """One from the called party's own area code where there is one, else any; in turn among equals.

    None where the campaign offers nothing and the trunk shows a number of its own.
    """
    offers = usable_offers(request)
    if not offers:
        return None
    near = [offer for offer in offers if _same_area(offer.number, request.number)]
    pool = near or offers
    return pool[turn % len(pool)]


def _same_area(one: str, other: str) -> bool:
    both_nanp = NANP.fullmatch(one) and NANP.fullmatch(other)
    return bool(both_nanp) and one[AREA_DIGITS] == other[AREA_DIGITS]
