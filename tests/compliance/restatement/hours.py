"""The hours of the law, state by state, from docs/windows.md and the texts that it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .holidays import holiday

SELLS = frozenset({"sales", "charity"})
EVERY_PURPOSE = frozenset({"sales", "collection", "information", "charity", "survey"})
BRITISH = ("GB", "GG", "IM", "JE")


@dataclass(frozen=True)
class Hours:
    """From ``opens`` to ``closes`` on the days ``on`` (1 is Monday), not on ``never``, not on a calendar's holidays."""

    rule: str
    where: tuple[str, ...]
    opens: str
    closes: str
    purposes: frozenset[str] = SELLS
    on: str = "1234567"
    never: str = ""
    holidays: str = ""
    recorded_only: bool = False
    since: date = date(2025, 1, 1)


def _state(letters: str, opens: str, closes: str, **more) -> Hours:
    return Hours(more.pop("rule", f"us-{letters.lower()}"), (f"US-{letters}",), opens, closes, **more)


LAW = [
    Hours("us-solicitation", ("US",), "08:00", "21:00"),
    Hours("us-caution", ("US",), "08:00", "21:00", frozenset({"information", "survey"})),
    Hours("us-collection", ("US",), "08:00", "21:00", frozenset({"collection"})),
    _state("AL", "08:00", "20:00", never="7", holidays="AL"),
    _state("CA", "09:00", "21:00", rule="us-ca-recorded", recorded_only=True),
    _state("CT", "09:00", "20:00"),
    _state("FL", "08:00", "20:00"),
    _state("IL", "09:00", "21:00", rule="us-il-recorded", recorded_only=True),
    _state("IN", "09:00", "20:00"),
    _state("KY", "10:00", "21:00"),
    _state("LA", "08:00", "20:00", never="7", holidays="LA"),
    _state("MA", "08:00", "20:00"),
    _state("MD", "08:00", "20:00"),
    _state("ME", "09:00", "17:00", never="67"),
    _state("MI", "09:00", "21:00"),
    _state("MN", "09:00", "21:00"),
    _state("MS", "08:00", "20:00", never="7", holidays="MS"),
    _state("NE", "09:00", "20:00"),
    _state("NE", "13:00", "21:00", rule="us-ne-sunday-recorded", on="7", recorded_only=True),
    _state("NM", "09:00", "21:00"),
    _state("NV", "09:00", "20:00"),
    _state("OK", "08:00", "20:00"),
    _state("OR", "08:00", "20:00", since=date(2026, 1, 1)),
    _state("PA", "08:00", "21:00", holidays="PA"),
    _state("PA", "13:30", "21:00", rule="us-pa-sunday", on="7"),
    _state("RI", "09:00", "18:00", never="7", holidays="RI"),
    _state("RI", "10:00", "17:00", rule="us-ri-saturday", on="6"),
    _state("SD", "09:00", "21:00", never="67"),
    _state("TX", "09:00", "21:00"),
    _state("TX", "12:00", "21:00", rule="us-tx-sunday", on="7"),
    _state("UT", "09:00", "20:00", never="7", holidays="UT"),
    _state("WA", "08:00", "20:00"),
    _state("WY", "08:00", "20:00"),
    Hours("ca-weekdays", ("CA",), "09:00", "21:30", EVERY_PURPOSE, on="12345"),
    Hours("ca-weekends", ("CA",), "10:00", "18:00", EVERY_PURPOSE, on="67"),
    Hours("gb-weekdays", BRITISH, "08:00", "21:00", EVERY_PURPOSE, on="12345"),
    Hours("gb-weekends", BRITISH, "09:00", "20:00", EVERY_PURPOSE, on="67"),
]


def state_allows(state: str, purpose: str, message: str, local: datetime, changed: dict) -> bool:
    """Whether every rule that speaks of the state on that day allows it; where none does, nothing is allowed.

    ``changed``: (rule, field) → the value that the organisation has in place of the law's.
    """
    rules = [rule for rule in LAW if _speaks(rule, state, purpose, message, local)]
    clock = local.strftime("%H:%M")
    for rule in rules:
        opens = changed.get((rule.rule, "opens"), rule.opens)
        closes = changed.get((rule.rule, "closes"), rule.closes)
        if not opens <= clock < closes or str(local.isoweekday()) in rule.never:
            return False
        if rule.holidays and holiday(rule.holidays, local.date()):
            return False
    return bool(rules)


def _speaks(rule: Hours, state: str, purpose: str, message: str, local: datetime) -> bool:
    return (
        (state in rule.where or state.split("-")[0] in rule.where)
        and purpose in rule.purposes
        and (message == "recorded" or not rule.recorded_only)
        and str(local.isoweekday()) in rule.on
        and rule.since <= local.date()
    )


def allowed(
    states: set[str], zones: set[str], purpose: str, message: str, now: datetime, changed: dict
) -> bool:
    """In every state, on every clock."""
    return all(
        state_allows(state, purpose, message, now.astimezone(ZoneInfo(zone)), changed)
        for zone in zones
        for state in states
    )
