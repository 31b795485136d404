"""Everything that keeps the gate from permitting what it should, or soon will, in sentences for a supervisor."""

from __future__ import annotations

from datetime import datetime

from .callers import health as callers
from .evidence import health as evidence
from .lists import health as lists
from .stir import certificates


def problems(organisation_id: int, now: datetime, sells: bool = True) -> list[str]:
    """Each says what is wrong and the next step; empty where all is well. ``now`` is on the gate's clock.

    ``sells``: some campaign calls for sales, so that a missing national registry matters. A fixed number of queries.
    """
    return [
        *lists.problems(organisation_id, now, sells),
        *certificates.problems(organisation_id, now),
        *callers.problems(organisation_id, now),
        *evidence.problems(organisation_id, now),
    ]
