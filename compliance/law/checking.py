"""Reads every file of law when a process starts, so that a wrong one stops the start and not a call."""

from __future__ import annotations

from . import catalogue, holidays, places, zones

FACTS = (zones.table, places.table, holidays.table)


def check_law() -> None:
    """Raises ``BadLawData``, which names the file, the entry and the field."""
    for table in FACTS:
        table()
    for family in catalogue.FAMILIES:
        family.rows()
