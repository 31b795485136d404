"""What happened before with the numbers and subjects of a batch: dials that were permitted, and contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..values import DialRequest


@dataclass(frozen=True, slots=True)
class History:
    """Earlier dials and contacts, as far back as a cap or a lock-out looks."""


def gather(requests: Sequence[DialRequest], now: datetime) -> History:
    """One query for dials, one for contacts."""
    return History()
