"""Every row of caps, lock-outs and abandonment limits is what its citation says."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.choices import Purpose
from compliance.law.abandonment import all_rows
from compliance.law.caps import all_caps, caps_for
from compliance.law.lockouts import all_lockouts, lockouts_for
from compliance.law.overrides import NONE

pytestmark = pytest.mark.unit

BOTH = ("number", "subject")
EVERYBODY = ("sales", "collection", "information", "charity", "survey")
CAPS = {
    "us-fl-calls": ("US-FL", ("sales",), 3, "24 h", BOTH, True, date(2021, 7, 1), "Fla. Stat. 501.616(6)(b)"),
    "us-ok-calls": ("US-OK", ("sales",), 3, "24 h", BOTH, True, date(2022, 11, 1), "15 O.S. 775C.4"),
    "us-md-calls": (
        *("US-MD", ("sales", "survey"), 3, "24 h", BOTH, True, date(2024, 1, 1)),
        "Md. Code, Com. Law 14-4502",
    ),
    "us-me-calls": (
        *("US-ME", ("sales",), 1, "8 h", ("number",), False, date(1991, 10, 9)),
        "10 M.R.S. 1498(3)",
    ),
    "us-debt-calls": (
        *("US", ("collection",), 7, "7 days", ("subject",), False, date(2021, 11, 30)),
        "12 CFR 1006.14(b)(2)(i)(A)",
    ),
    "us-ma-debt-calls": (
        *("US-MA", ("collection",), 2, "7 days", ("subject",), False, date(2012, 3, 2)),
        "940 CMR 7.04(1)(f)",
    ),
}
LOCKOUTS = {
    "gb-abandoned": (
        *("GB GG IM JE", EVERYBODY, "abandoned", 72, BOTH, True, date(2017, 3, 1)),
        "Ofcom, Persistent misuse, statement of 20 December 2016",
    ),
    "us-abandoned": (
        *("US", EVERYBODY, "abandoned", 0, BOTH, True, date(2003, 10, 1)),
        "16 CFR 310.4(b)(4) and 47 CFR 64.1200(a)(7) set no time",
    ),
    "ca-abandoned": (
        *("CA", EVERYBODY, "abandoned", 0, BOTH, True, date(2008, 9, 30)),
        "CRTC Unsolicited Telecommunications Rules, Part III, set no time",
    ),
    "us-debt-conversation": (
        *("US", ("collection",), "conversation", 168, ("subject",), False, date(2021, 11, 30)),
        "12 CFR 1006.14(b)(2)(i)(B)",
    ),
}
ABANDONMENT = {
    "us-ftc-abandonment": (
        *("US", ("sales", "charity"), 0.03, "30 days", "greeting_end", 2.0, 15, date(2008, 10, 1)),
        "16 CFR 310.4(b)(4)",
    ),
    "us-fcc-abandonment": (
        *("US", ("sales",), 0.03, "30 days", "greeting_end", 2.0, 15, date(2012, 11, 15)),
        "47 CFR 64.1200(a)(7)",
    ),
    "ca-abandonment": (
        *("CA", ("sales", "charity", "survey"), 0.05, "calendar month", "answer", 2.0, 15, date(2008, 9, 30)),
        "CRTC Unsolicited Telecommunications Rules, Part III (Telecom Decision 2007-48)",
    ),
    "gb-abandonment": (
        *("GB GG IM JE", EVERYBODY, None, "24 h", "greeting_start", 2.0, 15, date(2017, 3, 1)),
        "Ofcom, Persistent misuse, statement of 20 December 2016",
    ),
}
DISPUTED = {"us-me-calls", "us-ma-debt-calls", "ca-abandonment", "gb-abandonment"}
ALL = [*all_caps(), *all_lockouts(), *all_rows()]


def test_caps_are_those_of_their_citations():
    names = ("limit", "within", "per", "same_topic", "effective", "citation")
    assert {row.id: told(row, names) for row in all_caps()} == CAPS


def test_lock_outs_are_those_of_their_citations():
    names = ("after", "hours", "per", "live_agent_exempt", "effective", "citation")
    assert {row.id: told(row, names) for row in all_lockouts()} == LOCKOUTS


def test_abandonment_limits_are_those_of_their_citations():
    names = ("limit", "measured_over", "clock_start", "answer_wait_s", "ring_s", "effective", "citation")
    assert {row.id: told(row, names) for row in all_rows()} == ABANDONMENT


def told(row, names):
    return (
        " ".join(row.where),
        tuple(purpose.value for purpose in row.applies_to),
        *(getattr(row, name) for name in names),
    )


def test_what_sources_disagree_about_says_so_and_nothing_else_does():
    assert {row.id for row in ALL if row.disputed} == DISPUTED


def test_every_row_was_looked_up_and_none_has_ended():
    assert all(row.retrieved == date(2026, 11, 22) and row.ends is None for row in ALL)


@pytest.mark.parametrize(("rule", "first"), [(row.id, row.effective) for row in ALL])
def test_no_row_holds_before_its_first_day(rule, first):
    (row,) = [row for row in ALL if row.id == rule]
    assert row.holds_on(first)
    assert not row.holds_on(date.fromordinal(first.toordinal() - 1))


@pytest.mark.parametrize(
    ("states", "purpose", "expected"),
    [
        ({"US-FL"}, Purpose.SALES, ["us-fl-calls"]),
        ({"US-FL"}, Purpose.INFORMATION, []),
        ({"US-FL", "US-ME"}, Purpose.SALES, ["us-fl-calls", "us-me-calls"]),
        ({"US-MD"}, Purpose.SURVEY, ["us-md-calls"]),
        ({"US-TX"}, Purpose.COLLECTION, ["us-debt-calls"]),
        ({"US-MA", "US-FL"}, Purpose.COLLECTION, ["us-debt-calls", "us-ma-debt-calls"]),
        ({"CA-ON", "GB"}, Purpose.SALES, []),
    ],
)
def test_caps_hold_where_the_called_party_may_be_for_what_the_call_is_for(states, purpose, expected):
    caps = caps_for(frozenset(states), purpose, date(2026, 11, 20), NONE)
    assert [cap.id for cap in caps] == expected


def test_a_lock_out_without_a_time_locks_nobody_out():
    today = date(2026, 11, 20)
    assert lockouts_for(frozenset({"US-TX"}), Purpose.SALES, today, NONE) == ()
    assert [row.id for row in lockouts_for(frozenset({"GB"}), Purpose.SALES, today, NONE)] == ["gb-abandoned"]
