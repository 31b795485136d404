"""Checks of values that people enter."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError


def validate_time_zone(name: str) -> None:
    """An IANA name that this machine knows."""
    if name not in available_timezones():
        raise ValidationError("Choose a time zone by its IANA name, such as America/New_York.")
