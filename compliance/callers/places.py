"""The states that people take an area code for: what makes a caller ID look near."""

from __future__ import annotations

from functools import cache

from ..law.places import UnknownPlace, states_of
from ..law.zones import NANP_PREFIX


@cache
def states_of_area(area: str) -> tuple[str, ...]:
    """States and provinces as in ISO 3166-2 (``US-NY``); empty where they are not known, as of toll-free numbers."""
    if not area:
        return ()
    try:
        return tuple(sorted(states_of(f"{NANP_PREFIX}{area}")))
    except UnknownPlace:
        return ()
