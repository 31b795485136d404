"""Legal holidays of the states that forbid sales calls on them, asked of one day at a time (2025 to 2029)."""

from __future__ import annotations

from datetime import date, timedelta

MARDI_GRAS = {date(2025, 3, 4), date(2026, 2, 17), date(2027, 2, 9), date(2028, 2, 29), date(2029, 2, 13)}
GOOD_FRIDAY = {date(2025, 4, 18), date(2026, 4, 3), date(2027, 3, 26), date(2028, 4, 14), date(2029, 3, 30)}


def nth(day, weekday, n):
    """Whether it is the n-th such weekday of its month, or the last where n is 0."""
    if day.isoweekday() != weekday:
        return False
    return (day + timedelta(days=7)).month != day.month if n == 0 else (day.day - 1) // 7 + 1 == n


def kept(day, month, number):
    """That date, or the working day nearest to it where it falls on a weekend."""
    if (day.month, day.day) == (month, number):
        return True
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    if day.isoweekday() == 5 and (after.month, after.day) == (month, number):
        return True
    return day.isoweekday() == 1 and (before.month, before.day) == (month, number)


def federal_holiday(day):
    """5 U.S.C. 6103."""
    return (
        any(kept(day, *fixed) for fixed in [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)])
        or (day.month == 1 and nth(day, 1, 3))
        or (day.month == 2 and nth(day, 1, 3))
        or (day.month == 5 and nth(day, 1, 0))
        or (day.month == 9 and nth(day, 1, 1))
        or (day.month == 10 and nth(day, 1, 2))
        or (day.month == 11 and nth(day, 4, 4))
    )


def election(day):
    """The Tuesday after the first Monday of November."""
    return day.month == 11 and day.isoweekday() == 2 and 2 <= day.day <= 8


def holiday(state, day):
    """Whether a state's law on sales calls counts the day as a holiday."""
    if federal_holiday(day):
        return True
    if state == "AL":
        return day in MARDI_GRAS or (day.month == 4 and nth(day, 1, 4)) or (day.month == 6 and nth(day, 1, 1))
    if state == "LA":
        fixed = (day.month, day.day) in [(1, 8), (8, 30), (11, 1)]
        return fixed or day in MARDI_GRAS | GOOD_FRIDAY or (election(day) and day.year % 2 == 0)
    if state == "MS":
        return day.month == 4 and nth(day, 1, 0)
    if state == "PA":
        return (day.month, day.day) in [(2, 12), (6, 14)] or day in GOOD_FRIDAY or election(day)
    if state == "RI":
        victory = day.month == 8 and nth(day, 1, 2)
        return victory or (day.month, day.day) == (5, 4) or (election(day) and day.year % 2 == 0)
    return state == "UT" and kept(day, 7, 24)
