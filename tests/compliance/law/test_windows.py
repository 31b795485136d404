"""Each row of the hours is pinned to its citation and to what that text allows; the edges are exact to the minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from compliance.choices import Message, Purpose, Refused
from compliance.gate import DialRequest
from compliance.law import windows
from compliance.law.overrides import NONE, Overrides
from compliance.law.places import place_of
from compliance.law.windows import CLOSED, Kind, Span, closed_by, opens_next, span_on
from compliance.rules import window
from compliance.rules.base import Allowed, Forbidden

from ..conftest import TEMPLATE

pytestmark = pytest.mark.unit

COLLECTION = Kind(Purpose.COLLECTION)
RECORDED = Kind(message=Message.RECORDED)
MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 21), date(2026, 11, 22)
"""No holiday anywhere."""
NEVER = None

# Id → citation, then sales calls on a weekday, a Saturday and a Sunday: written from the texts, not from the data.
# fmt: off
ROWS = {
    "us-solicitation": ("47 CFR 64.1200(c)(1); 16 CFR 310.4(c)", "US-CO", "8-21", "8-21", "8-21"),
    "us-al": ("Ala. Admin. Code r. 770-X-5-.17(1)(b)", "US-AL", "8-20", "8-20", NEVER),
    "us-ct": ("Conn. Gen. Stat. 42-288a, as amended by P.A. 23-98", "US-CT", "9-20", "9-20", "9-20"),
    "us-fl": ("Fla. Stat. 501.616(6)(a)", "US-FL", "8-20", "8-20", "8-20"),
    "us-in": ("Ind. Code 24-5-14-8", "US-IN", "9-20", "9-20", "9-20"),
    "us-ky": ("KRS 367.46955", "US-KY", "10-21", "10-21", "10-21"),
    "us-la": ("La. R.S. 45:844.11 to 844.15; LPSC General Order R-29617", "US-LA", "8-20", "8-20", NEVER),
    "us-ma": ("M.G.L. c. 159C, s. 3; 201 CMR 12.02", "US-MA", "8-20", "8-20", "8-20"),
    "us-md": ("Md. Code, Com. Law 14-4502", "US-MD", "8-20", "8-20", "8-20"),
    "us-me": ("10 M.R.S. 1498(3)", "US-ME", "9-17", NEVER, NEVER),
    "us-mi": ("MCL 484.125", "US-MI", "9-21", "9-21", "9-21"),
    "us-mn": ("Minn. Stat. 325E.30", "US-MN", "9-21", "9-21", "9-21"),
    "us-ms": ("Miss. Code 77-3-603(a), 77-3-723(1)", "US-MS", "8-20", "8-20", NEVER),
    "us-ne": ("Neb. Rev. Stat. 86-236 to 86-257; 291 Neb. Admin. Code ch. 11, s. 3",
              "US-NE", "9-20", "9-20", "9-20"),
    "us-nm": ("N.M. Stat. 57-12-22", "US-NM", "9-21", "9-21", "9-21"),
    "us-nv": ("NRS 228.500 to 228.640; NRS 597.814", "US-NV", "9-20", "9-20", "9-20"),
    "us-ok": ("Okla. Stat. tit. 15, 775C.4", "US-OK", "8-20", "8-20", "8-20"),
    "us-or": ("ORS 646.608, as amended by HB 3865 (2025)", "US-OR", "8-20", "8-20", "8-20"),
    "us-pa": ("73 P.S. 2245(a)(1) and (10)", "US-PA", "8-21", "8-21", "13:30-21"),
    "us-pa-sunday": ("10 P.S. 162.13; 73 P.S. 2245", "US-PA", "8-21", "8-21", "13:30-21"),
    "us-ri": ("R.I. Gen. Laws 5-61-2(2), 5-61-3.6", "US-RI", "9-18", "10-17", NEVER),
    "us-ri-saturday": ("R.I. Gen. Laws 5-61-2(2), 5-61-3.6", "US-RI", "9-18", "10-17", NEVER),
    "us-sd": ("SDCL 37-30-28", "US-SD", "9-21", NEVER, NEVER),
    "us-tx": ("Tex. Bus. & Com. Code 301.051", "US-TX", "9-21", "9-21", "12-21"),
    "us-tx-sunday": ("Tex. Bus. & Com. Code 301.051", "US-TX", "9-21", "9-21", "12-21"),
    "us-ut": ("Utah Code 13-25a-103(3)", "US-UT", "9-20", "9-20", NEVER),
    "us-wa": ("RCW 19.158.040(2)", "US-WA", "8-20", "8-20", "8-20"),
    "us-wy": ("Wyo. Stat. 40-12-302", "US-WY", "8-20", "8-20", "8-20"),
    "ca-weekdays": ("CRTC Unsolicited Telecommunications Rules, Part III, s. 23",
                    "CA-ON", "9-21:30", "10-18", "10-18"),
    "ca-weekends": ("CRTC Unsolicited Telecommunications Rules, Part III, s. 23",
                    "CA-QC", "9-21:30", "10-18", "10-18"),
    "gb-weekdays": ("Data & Marketing Association, code for telemarketing", "GB", "8-21", "9-20", "9-20"),
    "gb-weekends": ("Data & Marketing Association, code for telemarketing", "JE", "8-21", "9-20", "9-20"),
}
OTHERS = {
    "us-caution": ("47 CFR 64.1200(c)(1)", Kind(Purpose.SURVEY), "US-AL", "8-21"),
    "us-collection": ("12 CFR 1006.6(b)(1); 15 U.S.C. 1692c(a)(1)", COLLECTION, "US-AL", "8-21"),
    "us-ca-recorded": ("Cal. Pub. Util. Code 2872", RECORDED, "US-CA", "9-21"),
    "us-il-recorded": ("815 ILCS 305/15", RECORDED, "US-IL", "9-21"),
    "us-ne-sunday-recorded": ("291 Neb. Admin. Code ch. 11, s. 3", RECORDED, "US-NE", "13-20"),
}
# fmt: on


def span(text):
    if text is NEVER:
        return CLOSED
    clocks = [[int(part) for part in clock.split(":")] for clock in text.split("-")]
    return Span(*(hour * 60 + (rest[0] if rest else 0) for hour, *rest in clocks))


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def verdict(number, now, overrides=NONE, **changes):
    request = DialRequest(
        **{name: getattr(TEMPLATE, name) for name in TEMPLATE.__slots__}
        | {"number": number, "purpose": Purpose.SALES}
        | changes
    )
    facts = SimpleNamespace(now=now, overrides={request.organisation: overrides}, window_verdicts={})
    return window.ask(request, facts)


def test_every_row_of_the_data_is_pinned_here():
    assert {row.id for row in windows.table().rows} == ROWS.keys() | OTHERS.keys()


@pytest.mark.parametrize("row", ROWS)
def test_sales_hours_are_those_of_the_text(row):
    citation, state, weekday, saturday, sunday = ROWS[row]
    assert next(each for each in windows.table().rows if each.id == row).citation == citation
    found = [span_on(state, windows.SALES, day) for day in (MONDAY, SATURDAY, SUNDAY)]
    assert found == [span(weekday), span(saturday), span(sunday)]


@pytest.mark.parametrize("row", OTHERS)
def test_other_kinds_of_calls_have_their_own_hours(row):
    citation, kind, state, hours = OTHERS[row]
    assert next(each for each in windows.table().rows if each.id == row).citation == citation
    assert span_on(state, kind, SUNDAY if kind is not RECORDED or "sunday" in row else MONDAY) == span(hours)


def test_rows_that_could_not_be_checked_say_so_and_every_row_was_looked_up():
    assert all(row.retrieved >= date(2026, 11, 1) for row in windows.table().rows)
    unsure = {row.id for row in windows.table().rows if row.disputed}
    assert {"us-ut", "us-ms", "us-sd", "us-me", "gb-weekends", "us-caution"} <= unsure


@pytest.mark.parametrize(
    ("state", "day", "open_"),
    [
        ("US-AL", date(2026, 11, 26), False),
        ("US-LA", date(2026, 2, 17), False),
        ("US-MS", date(2026, 4, 27), False),
        ("US-PA", date(2026, 4, 3), False),
        ("US-RI", date(2026, 8, 10), False),
        ("US-RI", date(2026, 7, 4), False),
        ("US-UT", date(2026, 7, 24), False),
        ("US-AL", date(2026, 7, 24), True),
        ("US-AL", date(2026, 7, 3), False),
        ("US-NY", date(2026, 12, 25), True),
        ("US-FL", date(2026, 11, 26), True),
    ],
)
def test_holidays_close_the_states_whose_law_says_so(state, day, open_):
    assert (span_on(state, windows.SALES, day) != CLOSED) == open_


def test_collection_and_surveys_are_free_of_rules_on_sales():
    assert span_on("US-AL", COLLECTION, SUNDAY) == span("8-21")
    assert span_on("US-AL", Kind(Purpose.SURVEY), date(2026, 12, 25)) == span("8-21")
    assert span_on("US-AL", Kind(Purpose.CHARITY), SUNDAY) == CLOSED


def test_a_rule_holds_from_its_first_day():
    assert span_on("US-MD", windows.SALES, date(2023, 12, 31)) == span("8-21")
    assert span_on("US-MD", windows.SALES, date(2024, 1, 1)) == span("8-20")
    assert span_on("US-OR", windows.SALES, date(2025, 12, 31)) == span("8-21")


@pytest.mark.parametrize(
    ("number", "zone", "opens", "closes"),
    [
        ("+12125550123", "America/New_York", (8, 0), (21, 0)),
        ("+15025550123", "America/New_York", (10, 0), (21, 0)),
        ("+12075550123", "America/New_York", (9, 0), (17, 0)),
        ("+18085550123", "Pacific/Honolulu", (8, 0), (21, 0)),
        ("+16715550123", "Pacific/Guam", (8, 0), (21, 0)),
        ("+14165550123", "America/Toronto", (9, 0), (21, 30)),
        ("+442079460123", "Europe/London", (8, 0), (21, 0)),
    ],
)
def test_the_first_and_the_last_minute_are_exact(number, zone, opens, closes):
    first, last = (local(zone, 2026, 11, 23, *clock) for clock in (opens, closes))
    second = timedelta(microseconds=1)
    assert isinstance(verdict(number, first - second), Forbidden)
    assert isinstance(verdict(number, first), Allowed)
    assert isinstance(verdict(number, last - second), Allowed)
    assert isinstance(verdict(number, last), Forbidden)


@pytest.mark.parametrize(
    ("where", "now", "opens"),
    [
        # Saturday 20:00 in Alabama: over Sunday to Monday morning.
        (
            ("+12055550123",),
            local("America/Chicago", 2026, 11, 21, 20),
            local("America/Chicago", 2026, 11, 23, 8),
        ),
        # Wednesday night before Thanksgiving: to Friday.
        (
            ("+15045550123",),
            local("America/Chicago", 2026, 11, 25, 21),
            local("America/Chicago", 2026, 11, 27, 8),
        ),
        # Christmas 2027 is kept on a Friday, then the weekend: from Thursday to Monday.
        (
            ("+15045550123",),
            local("America/Chicago", 2027, 12, 23, 20),
            local("America/Chicago", 2027, 12, 27, 8),
        ),
        # Rhode Island opens at ten on Saturdays.
        (
            ("+14015550123",),
            local("America/New_York", 2026, 11, 20, 18),
            local("America/New_York", 2026, 11, 21, 10),
        ),
        # Maine on a Friday evening: Monday.
        (
            ("+12075550123",),
            local("America/New_York", 2026, 11, 20, 17),
            local("America/New_York", 2026, 11, 23, 9),
        ),
        # A number of Alabama, a ZIP code of California, on Saturday: Monday, when it is eight in Los Angeles.
        (
            ("+12055550123", "90210"),
            local("America/Chicago", 2026, 11, 21, 21),
            local("America/Los_Angeles", 2026, 11, 23, 8),
        ),
        # The night in which clocks go forward, and the one in which they go back.
        (
            ("+12125550123",),
            local("America/New_York", 2026, 3, 8, 1),
            local("America/New_York", 2026, 3, 8, 8),
        ),
        (
            ("+12125550123",),
            local("America/New_York", 2026, 11, 1, 1),
            local("America/New_York", 2026, 11, 1, 8),
        ),
        # Over the leap day and over the end of the year.
        (
            ("+12125550123",),
            local("America/New_York", 2028, 2, 28, 23),
            local("America/New_York", 2028, 2, 29, 8),
        ),
        (
            ("+12055550123",),
            local("America/Chicago", 2026, 12, 31, 22),
            local("America/Chicago", 2027, 1, 2, 8),
        ),
    ],
)
def test_a_refusal_names_the_next_opening_over_sundays_holidays_and_changes_of_the_clock(where, now, opens):
    refused = verdict(where[0], now, postal_code="".join(where[1:]))
    assert (refused.reason, refused.retry_at) == (Refused.WINDOW, opens)
    assert isinstance(verdict(where[0], opens, postal_code="".join(where[1:])), Allowed)


def test_a_refusal_tells_place_clock_hours_and_law():
    refused = verdict("+12025550123", local("America/New_York", 2026, 11, 23, 20, 15), state="Florida")
    assert refused.detail == (
        "In Florida it is Monday 20:15 (America/New_York): calls are allowed from 08:00 to 20:00 "
        "(Fla. Stat. 501.616(6)(a))."
    )
    sunday = verdict("+12055550123", local("America/Chicago", 2026, 11, 22, 12))
    assert "calls are not allowed on a Sunday (Ala." in sunday.detail
    holiday = verdict("+18015550123", local("America/Denver", 2026, 7, 24, 12))
    assert "calls are not allowed on Pioneer Day (Utah" in holiday.detail


def test_every_refusal_fits_into_the_evidence():
    longest = 0
    for state in {place for row in windows.table().rows for place in row.where}:
        number, place = "+12125550123", state.removeprefix("US-")
        for hour in (0, 23):
            refused = verdict(
                number, local("America/New_York", 2026, 11, 22, hour), state=place if "-" in state else ""
            )
            longest = max(longest, len(refused.detail))
    assert longest <= 200


@pytest.mark.parametrize(("number", "name"), [("+33142345678", "FR"), ("+12425550123", "Bahamas")])
def test_a_country_whose_hours_nobody_entered_is_not_called(number, name):
    refused = verdict(number, local("America/New_York", 2026, 11, 23, 12))
    assert (refused.reason, refused.retry_at) == (Refused.UNKNOWN_PLACE, None)
    assert name in refused.detail


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": "Eastland"}, Refused.UNKNOWN_PLACE),
        ({"postal_code": "09001"}, Refused.UNKNOWN_PLACE),
        ({"time_zone": "Eastern"}, Refused.UNKNOWN_ZONE),
    ],
)
def test_what_is_not_understood_is_refused_for_good(changes, reason):
    refused = verdict("+12125550123", local("America/New_York", 2026, 11, 23, 12), **changes)
    assert (refused.reason, refused.retry_at) == (reason, None)


def test_an_organisation_may_close_earlier_and_the_refusal_follows_it():
    tighter = Overrides({"us-solicitation": {"closes": "18:00", "weekdays": "12345"}})
    assert span_on("US-NY", windows.SALES, MONDAY, tighter) == span("8-18")
    assert span_on("US-NY", windows.SALES, SATURDAY, tighter) == CLOSED
    friday = local("America/New_York", 2026, 11, 20, 19)
    refused = verdict("+12125550123", friday, tighter)
    assert refused.retry_at == local("America/New_York", 2026, 11, 23, 8)
    assert "from 08:00 to 18:00" in refused.detail
    assert isinstance(verdict("+12125550123", friday), Allowed)


def test_where_nothing_is_ever_allowed_there_is_no_next_time():
    never = Overrides({"us-solicitation": {"weekdays": ""}})
    assert (
        opens_next(place_of("+12125550123"), windows.SALES, datetime(2026, 11, 20, tzinfo=UTC), never) is None
    )


def test_midnight_belongs_to_the_new_day_in_every_zone():
    """Sunday's closed day begins and ends at midnight of the called party's own clock."""
    every = [
        ("+12055550123", "America/Chicago"),
        ("+14015550123", "America/New_York"),
        ("+18015550123", "America/Denver"),
    ]
    open_late = Overrides(
        {
            rule: {"opens": "00:00", "closes": "24:00"}
            for rule in ("us-al", "us-ri", "us-ut", "us-solicitation")
        }
    )
    for number, zone in every:
        place, moment = place_of(number), timedelta(microseconds=1)
        sunday, monday = local(zone, 2026, 11, 22), local(zone, 2026, 11, 23)
        saturday_evening = closed_by(place, windows.SALES, sunday - moment, open_late)
        assert saturday_evening is None or saturday_evening.rule.id == "us-ri-saturday"
        assert "Sunday" in str(closed_by(place, windows.SALES, sunday, open_late))
        assert "Sunday" in str(closed_by(place, windows.SALES, monday - moment, open_late))
        assert closed_by(place, windows.SALES, monday, open_late) is None


def test_one_batch_works_a_place_out_once():
    facts = SimpleNamespace(now=local("America/New_York", 2026, 11, 23, 12), overrides={}, window_verdicts={})
    first = window.ask(TEMPLATE, facts)
    assert window.ask(TEMPLATE, facts) is first
    assert first.saw == "US-NY: America/New_York 12:00"


def test_opens_at_tells_the_one_opening_of_a_day():
    hours = windows.LawfulHours("US-KY", windows.SALES)
    assert list(hours.opens_at(MONDAY)) == [time(10)]
    assert list(windows.LawfulHours("US-AL", windows.SALES).opens_at(SUNDAY)) == []
