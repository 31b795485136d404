"""The state that people take an area code for: what makes a caller ID look near."""

from __future__ import annotations

from collections import Counter
from functools import cache

import zipcodes


def states_of_area(area: str) -> tuple[str, ...]:
    """Where most ZIP codes of the area code lie, two letters; empty where it is not known."""
    return _states().get(area, ())


@cache
def _states() -> dict[str, tuple[str, ...]]:
    counts: dict[str, Counter[str]] = {}
    for entry in zipcodes.list_all():
        for area in entry["area_codes"]:
            counts.setdefault(area, Counter())[entry["state"]] += 1
    return {area: (count.most_common(1)[0][0],) for area, count in counts.items()}
