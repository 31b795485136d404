"""A called party is looked for in every state and zone that anything points to."""

from __future__ import annotations

from collections import Counter

import pytest
import zipcodes

from compliance.law import places, zones
from compliance.law.places import UnknownPlace, place_of, read_state, states_of, tidy_state
from compliance.law.zones import UnknownZone

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+12125550123", {"US-NY"}),
        ("+12025550123", {"US-DC"}),
        ("+17875550123", {"US-PR"}),
        ("+16715550123", {"US-GU"}),
        ("+14165550123", {"CA-ON"}),
        ("+19025550123", {"CA-NS", "CA-PE"}),
        ("+18675550123", {"CA-NT", "CA-NU", "CA-YT"}),
        ("+12425550123", {"BS"}),
        ("+442079460123", {"GB"}),
        ("+441534123456", {"JE"}),
        ("+33142345678", {"FR"}),
    ],
)
def test_a_number_lies_in_the_states_of_its_area_code(number, expected):
    assert states_of(number) == expected


def test_number_zip_and_given_state_are_joined():
    assert states_of("+12125550123", "90210-1234", "Tennessee") == {"US-NY", "US-CA", "US-TN"}
    assert states_of("+12125550123", " 90210", " tn ") == {"US-NY", "US-CA", "US-TN"}
    assert states_of("+14165550123", "V6B 1A1") == {"CA-ON", "CA-BC"}
    assert states_of("+14165550123", "x0a 0h0") == {"CA-ON", "CA-NT", "CA-NU"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("FL", "US-FL"),
        ("florida", "US-FL"),
        (" New   York ", "US-NY"),
        ("d.c.", None),
        ("Washington DC", "US-DC"),
        ("Québec", "CA-QC"),
        ("ON", "CA-ON"),
        ("Eastland", None),
        ("US-FL", None),
        ("", None),
    ],
)
def test_a_state_is_read_by_name_or_two_letters(written, code):
    assert read_state(written) == code


def test_a_given_state_that_is_none_is_refused_and_says_how_to_write_it():
    with pytest.raises(UnknownPlace, match="FL or Florida"):
        place_of("+12125550123", "", "Eastland")
    with pytest.raises(UnknownPlace, match="FL or Florida"):
        tidy_state("Eastland", "US")
    assert tidy_state(" florida", "US") == "FL"
    assert tidy_state("Kent", "GB") == "Kent"


def test_counties_of_other_countries_bring_no_rules_but_american_states_do():
    assert states_of("+442079460123", "", "Kent") == {"GB"}
    assert states_of("+442079460123", "", "Texas") == {"GB", "US-TX"}


@pytest.mark.parametrize("number", ["+18005550123", "+15005550006", "+881612345678"])
def test_a_number_without_a_place_is_unknown(number):
    with pytest.raises(UnknownZone):
        place_of(number)
    with pytest.raises(UnknownPlace):
        states_of(number)


def test_a_zip_code_of_the_armed_forces_may_be_anywhere():
    with pytest.raises(UnknownPlace, match="AE"):
        place_of("+12125550123", "09001")


@pytest.mark.parametrize("postal_code", ["", "00000", "SW1A 1AA", "١٢٣٤٥", "1", "A"])
def test_what_is_no_zip_code_takes_nothing_away(postal_code):
    assert states_of("+12125550123", postal_code) == {"US-NY"}


def test_a_state_that_only_the_lead_names_brings_all_its_zones():
    """Somebody with a number of New York who says Tennessee may live in Memphis."""
    assert [zone.key for zone in place_of("+12125550123", "", "TN").zones] == [
        "America/Chicago",
        "America/New_York",
    ]
    houston = place_of("+17135550123", "", "TX")
    assert [zone.key for zone in houston.zones] == ["America/Chicago"], (
        "its own area code tells where in Texas"
    )


def test_one_place_is_one_object():
    assert place_of("+12125550123") is place_of("+16465550199", "10001")


def test_every_area_code_with_a_zone_has_a_state_and_the_other_way_round():
    zoned = {code for row in zones.table().rows for code in row.area_codes}
    placed = Counter(code for row in places.table().rows for code in row.area_codes)
    assert zoned == set(placed)
    assert {code for code, count in placed.items() if count > 1} == {782, 867, 902}


def test_the_state_of_an_area_code_is_where_most_of_its_zip_codes_are():
    """ZIP codes at a border name their neighbours' area codes too, so the most frequent state counts."""
    found: dict[str, Counter[str]] = {}
    for entry in zipcodes.list_all():
        for code in entry["area_codes"]:
            found.setdefault(code, Counter())[f"US-{entry['state']}"] += 1
    compared = 0
    for row in places.table().rows:
        for code in row.area_codes:
            if row.id.startswith("US-") and str(code) in found:
                assert found[str(code)].most_common(1)[0][0] == row.id, code
                compared += 1
    assert compared > 300


def test_every_state_of_the_union_is_there():
    states = {row.id for row in places.table().rows if row.id.startswith("US-")}
    assert len(states) == 50 + len({"DC", "PR", "VI", "GU", "MP", "AS"})
    assert len([row for row in places.table().rows if row.id.startswith("CA-")]) == 13
