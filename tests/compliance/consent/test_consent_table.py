"""Each row of the table of needs, pinned to the text of law that it stands for."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.choices import ConsentNeed, DialKind, Message, Purpose
from compliance.consent.needs import FILE, ConsentRow, needs_of
from compliance.law.loading import load

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 20)
LIVE, RECORDED = Message.LIVE, Message.RECORDED

PINNED = {
    "us-live": ("none", "Facebook v. Duguid, 592 U.S. 395 (2021)", date(2021, 4, 1)),
    "us-recorded-sales": ("written", "47 CFR 64.1200(a)(2), (a)(3)", date(2013, 10, 16)),
    "us-recorded-wireless": ("express", "47 CFR 64.1200(a)(1)(iii)", date(1992, 12, 20)),
    "us-recorded-charity-wireless": ("express", "47 CFR 64.1200(a)(2)", date(2013, 10, 16)),
    "us-recorded-landline": ("express", "47 CFR 64.1200(a)(3)(ii)-(iv)", date(2023, 7, 20)),
    "us-fl-automated": ("written_or_relationship", "Fla. Stat. 501.059(1)(k), (8)(a)", date(2023, 5, 25)),
    "us-ok-automated": ("written", "15 O.S. 775C.2, 775C.3", date(2022, 11, 1)),
    "us-md-automated": ("written", "Md. Code, Com. Law 14-4501", date(2024, 1, 1)),
    "us-wa-recorded-sales": ("written", "RCW 80.36.400(1)(b), (2)", date(1986, 6, 11)),
    "ca-live": ("none", "CRTC Unsolicited Telecommunications Rules, Parts II and III", date(2008, 9, 30)),
    "ca-recorded-solicitation": ("express", "Part IV, s. 2", date(2008, 9, 30)),
    "ca-recorded-other": ("none", "Part IV, s. 4", date(2008, 9, 30)),
    "gb-live": ("none", "SI 2003/2426), reg. 21", date(2003, 12, 11)),
    "gb-recorded-marketing": ("express", "SI 2003/2426, reg. 19", date(2003, 12, 11)),
    "gb-recorded-other": ("none", "SI 2003/2426, reg. 19", date(2003, 12, 11)),
    "elsewhere-live-appeal": ("express", "Directive 2002/58/EC, art. 13(3)", date(2003, 10, 31)),
    "elsewhere-live-other": ("none", "Directive 2002/58/EC, art. 13", date(2003, 10, 31)),
    "elsewhere-recorded": ("written", "Directive 2002/58/EC, art. 13(1)", date(2003, 10, 31)),
}


def rows() -> dict[str, ConsentRow]:
    return {row.id: row for row in load(FILE, ConsentRow).rows}


def test_every_row_is_pinned():
    assert set(rows()) == set(PINNED)


@pytest.mark.parametrize("name", PINNED)
def test_a_row_says_what_its_citation_says(name):
    row, (need, citation, effective) = rows()[name], PINNED[name]
    assert (row.need, row.effective, row.ends) == (need, effective, None)
    assert citation in row.citation


@pytest.mark.parametrize("place", ["US-NY", "US-FL", "CA-ON", "GB", "DE"])
@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("message", Message)
@pytest.mark.parametrize("line", ["wireless", "landline"])
def test_every_call_to_every_place_has_a_row(place, purpose, message, line):
    place = place if place.partition("-")[0] in ("US", "CA", "GB") else "ZZ"
    speaking = [
        row
        for row in rows().values()
        if row.covers(place) and purpose in row.applies_to and message in row.messages and line in row.lines
    ]
    assert speaking


@pytest.mark.parametrize(
    ("place", "purpose", "message", "kind", "wireless", "needed"),
    [
        ("US-NY", "sales", LIVE, "auto", None, set()),
        ("US-NY", "sales", RECORDED, "auto", False, {"written"}),
        ("US-NY", "information", RECORDED, "auto", True, {"express"}),
        ("US-NY", "charity", RECORDED, "auto", True, {"express"}),
        ("US-FL", "sales", LIVE, "auto", None, {"written_or_relationship"}),
        ("US-FL", "sales", LIVE, "preview", None, set()),
        ("US-FL", "sales", LIVE, "manual", None, set()),
        ("US-FL", "survey", LIVE, "auto", None, set()),
        ("US-OK", "sales", LIVE, "preview", None, {"written"}),
        ("US-OK", "sales", LIVE, "callback", None, set()),
        ("US-MD", "survey", LIVE, "auto", None, {"written"}),
        ("US-WA", "sales", RECORDED, "auto", None, {"written"}),
        ("CA-ON", "sales", LIVE, "auto", None, set()),
        ("CA-ON", "sales", RECORDED, "auto", None, {"express"}),
        ("GB", "charity", RECORDED, "auto", None, {"express"}),
        ("GB", "information", RECORDED, "auto", None, set()),
        ("DE", "sales", LIVE, "manual", None, {"express"}),
        ("DE", "information", LIVE, "auto", None, set()),
    ],
)
def test_what_a_call_needs(place, purpose, message, kind, wireless, needed):
    found = needs_of(
        frozenset({place}), Purpose(purpose), message, DialKind(kind), wireless, ConsentNeed.LAW, TODAY
    )
    assert {need.name for need in found} == needed


def test_an_unknown_line_is_held_to_the_rules_of_both():
    def ask(wireless):
        return {
            need.rule
            for need in needs_of(
                frozenset({"US-NY"}),
                Purpose.INFORMATION,
                RECORDED,
                DialKind.AUTO,
                wireless,
                ConsentNeed.LAW,
                TODAY,
            )
        }

    assert ask(None) == ask(True) | ask(False) == {"us-recorded-wireless", "us-recorded-landline"}


def test_before_any_rule_was_in_force_written_consent_is_asked_for():
    found = needs_of(
        frozenset({"US-NY"}),
        Purpose.SALES,
        LIVE,
        DialKind.AUTO,
        None,
        ConsentNeed.LAW,
        date(2000, 1, 1),
    )
    assert [(need.name, need.rule) for need in found] == [("written", "unknown")]


def test_a_campaign_adds_to_the_law_and_takes_nothing_from_it():
    found = needs_of(
        frozenset({"US-OK"}), Purpose.SALES, LIVE, DialKind.AUTO, None, ConsentNeed.EXPRESS, TODAY
    )
    assert {need.name for need in found} == {"written", "express"}
