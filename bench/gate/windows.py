"""The law's hours: pages of leads answered by class, the table built anew each simulated minute; and one by one."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

LEADS, SMALL_LEADS = 1_000_000, 200_000
MINUTES = 30
SINGLES = 200_000
SEED = 1
MORNING = datetime(2026, 11, 20, 14, 45, tzinfo=UTC)
"""A Friday, a quarter to ten in New York: windows open state by state in the minutes that follow."""
MOVED = 3
"""People of each area code who took their number to another state."""


def measure(small: bool) -> dict[str, Any]:
    """``windows_per_s`` in pages with every rebuild counted, and ``windows_single_per_s`` by number, ZIP and state."""
    return _pages(SMALL_LEADS if small else LEADS) | _singles()


def _pages(leads: int) -> dict[str, Any]:
    import numpy as np

    from compliance.law.classes import compiled, may_call
    from compliance.law.places import place_of

    places = {place_of(*lead) for lead in _real_leads()}
    keys = sorted((" ".join(place.states), " ".join(zone.key for zone in place.zones)) for place in places)
    table = compiled(tuple((pk, *key) for pk, key in enumerate(keys, start=1)))
    page = np.random.default_rng(SEED).integers(1, len(keys) + 1, leads, dtype=np.int32)
    allowed, rebuilt_s = 0, 0.0
    started = time.perf_counter()
    for minute in range(MINUTES):
        rebuilding = time.perf_counter()
        allow = table.allowed(MORNING + timedelta(minutes=minute))
        rebuilt_s += time.perf_counter() - rebuilding
        allowed += int(may_call(allow, page).sum())
    wall_s = time.perf_counter() - started
    return {
        "windows_per_s": round(leads * MINUTES / wall_s),
        "windows_classes": len(keys),
        "windows_rebuild_ms": round(rebuilt_s / MINUTES * 1000, 2),
        "windows_allowed_share": round(allowed / (leads * MINUTES), 3),
    }


def _singles() -> dict[str, Any]:
    """What the gate itself does for a lead of a batch: where it may be, and the answer for there."""
    from compliance.law.places import place_of
    from compliance.law.windows import SALES, closed_by

    chance = random.Random(SEED)
    leads = _real_leads()
    asked = [chance.choice(leads) for _ in range(SINGLES)]
    answers: dict[Any, Any] = {}
    started = time.perf_counter()
    for lead in asked:
        place = place_of(*lead)
        if place not in answers:
            answers[place] = closed_by(place, SALES, MORNING)
    return {"windows_single_per_s": round(SINGLES / (time.perf_counter() - started))}


def _real_leads() -> list[tuple[str, str, str]]:
    """Numbers of every area code of the US: at home, with a ZIP code of its own, and of people who moved away."""
    import zipcodes

    from compliance.law.places import table

    chance = random.Random(SEED)
    homes = {
        f"+1{code}5550123": row.id[3:] for row in table().rows for code in row.area_codes if "US-" in row.id
    }
    entries = [entry for entry in zipcodes.list_all() if entry["state"] in set(homes.values())]
    at_home: dict[str, str] = {
        f"+1{area}5550123": entry["zip_code"] for entry in entries for area in entry["area_codes"]
    }
    leads = [(number, at_home.get(number, ""), state) for number, state in homes.items()]
    for number in homes:
        leads += [(number, chance.choice(entries)["zip_code"], "") for _ in range(MOVED)]
    return leads
