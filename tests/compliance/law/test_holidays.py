"""Holidays fall on the days that calendars print."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from compliance.law import holidays

pytestmark = pytest.mark.unit

EASTER = {
    2024: (3, 31),
    2025: (4, 20),
    2026: (4, 5),
    2027: (3, 28),
    2028: (4, 16),
    2029: (4, 1),
    2030: (4, 21),
    1961: (4, 2),
    2038: (4, 25),
    2285: (3, 22),
}
"""From printed tables; 25 April and 22 March are the latest and the earliest that there can be."""
# fmt: off
FEDERAL = {
    2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31",
    2028: "01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25",
    2029: "01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-11 11-12 11-22 12-25",
    2030: "01-01 01-21 02-18 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
}
"""As the Office of Personnel Management lists them, with the day itself where another is kept for it; 31 December 2027
is kept for New Year's Day 2028."""
# fmt: on
STATES = [
    ("US-LA", "2024-02-13", "Mardi Gras"),
    ("US-LA", "2025-03-04", "Mardi Gras"),
    ("US-LA", "2026-02-17", "Mardi Gras"),
    ("US-AL", "2030-03-05", "Mardi Gras"),
    ("US-LA", "2027-03-26", "Good Friday"),
    ("US-PA", "2028-04-14", "Good Friday"),
    ("US-LA", "2024-11-05", "Election Day"),
    ("US-LA", "2025-11-04", None),
    ("US-PA", "2025-11-04", "Election Day"),
    ("US-RI", "2026-11-03", "Election Day"),
    ("US-AL", "2026-04-27", "Confederate Memorial Day"),
    ("US-MS", "2024-04-29", "Confederate Memorial Day"),
    ("US-MS", "2024-04-22", None),
    ("US-AL", "2024-04-22", "Confederate Memorial Day"),
    ("US-AL", "2026-06-01", "Jefferson Davis' Birthday"),
    ("US-RI", "2026-08-10", "Victory Day"),
    ("US-RI", "2026-05-04", "Rhode Island Independence Day"),
    ("US-UT", "2026-07-24", "Pioneer Day"),
    ("US-UT", "2027-07-23", "Pioneer Day"),
    ("US-AL", "2026-07-24", None),
    ("US-UT", "2026-11-26", "Thanksgiving Day"),
    ("US-LA", "2026-11-27", None),
]


@pytest.mark.parametrize(("year", "day"), EASTER.items())
def test_easter_is_where_the_tables_have_it(year, day):
    assert holidays.easter(year) == date(year, *day)


@pytest.mark.parametrize("year", FEDERAL)
def test_federal_holidays_are_those_that_are_published_and_no_other(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    found = [f"{day:%m-%d}" for day in days if day.year == year and holidays.on(day, ("US",))]
    assert " ".join(found) == FEDERAL[year]


@pytest.mark.parametrize(("calendar", "day", "name"), STATES)
def test_states_keep_their_own_besides(calendar, day, name):
    found = holidays.on(date.fromisoformat(day), (calendar,))
    assert (found.name if found else None) == name


def test_a_holiday_begins_with_the_law_that_made_it():
    assert holidays.on(date(2020, 6, 19), ("US",)) is None
    assert holidays.on(date(2023, 6, 19), ("US",)).id == "juneteenth"


def test_without_a_calendar_no_day_is_a_holiday():
    assert holidays.on(date(2026, 12, 25), ()) is None
