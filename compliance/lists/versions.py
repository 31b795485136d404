"""Numbers and dates of versions."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from ..models import DncList
from .problems import BadFile

AHEAD = timedelta(days=1)
"""A registry in a zone ahead of ours may already write tomorrow's date."""


def next_number(dnc_list: DncList) -> int:
    """The number of the list's next version."""
    return (dnc_list.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def check_date(as_of: date) -> None:
    """Raises ``BadFile`` for data from the future: their age would say nothing."""
    if as_of > timezone.now().date() + AHEAD:
        raise BadFile(f"The data cannot be of {as_of}: that day is yet to come.")
