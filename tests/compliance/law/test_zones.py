"""A called party is looked for in every zone that anything points to."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers.timezone import time_zones_for_geographical_number

from compliance.law import zones
from compliance.law.zones import UnknownZone, zones_of

pytestmark = pytest.mark.unit

# fmt: off
CROSSED = [
    "208", "219", "250", "270", "308", "364", "418", "423", "458", "541", "574", "605", "606", "620", "701",
    "775", "785", "807", "812", "850", "867", "906", "907", "915", "928", "931", "986",
]
# fmt: on


def names(*args):
    return {zone.key for zone in zones_of(*args)}


@pytest.mark.parametrize("area_code", CROSSED)
def test_an_area_code_that_a_boundary_crosses_lies_in_more_than_one_zone(area_code):
    assert len(names(f"+1{area_code}5550123")) > 1


def test_no_area_code_stands_twice_in_a_row_and_every_zone_exists():
    for row in zones.table().rows:
        assert len(row.area_codes) == len(set(row.area_codes))
        assert row.id in zones.known_names()


def test_the_table_leaves_out_no_zone_that_the_library_knows():
    for code, known in zones._by_area_code().items():
        for exchange in range(200, 1000, 50):
            number = phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{code}{exchange}0123"))
            told = set(time_zones_for_geographical_number(number)) - {"Etc/Unknown"}
            if len(told) < 10:  # more: the library falls back to the whole of North America
                assert told - {"America/North_Dakota/Center"} <= set(known), code


def test_number_zip_and_the_leads_own_entry_are_joined():
    assert names("+12125550123") == {"America/New_York"}
    assert names("+12125550123", "90210-1234") == {"America/New_York", "America/Los_Angeles"}
    assert names("+12125550123", " 90210", "America/Denver") == {
        "America/New_York",
        "America/Los_Angeles",
        "America/Denver",
    }


@pytest.mark.parametrize("postal_code", ["", "00000", "SW1A 1AA", "١٢٣٤٥", "1"])
def test_what_is_no_zip_code_takes_nothing_away(postal_code):
    assert names("+12125550123", postal_code) == {"America/New_York"}


def test_numbers_abroad_are_looked_up_by_country_and_place():
    assert names("+442079460123") == {"Europe/London"}
    assert names("+61491570156") > {"Australia/Sydney", "Australia/Perth"}


@pytest.mark.parametrize("number", ["+18005550123", "+15005550006", "+881612345678"])
def test_a_number_without_a_place_is_unknown(number):
    with pytest.raises(UnknownZone):
        zones_of(number)


def test_a_time_zone_that_does_not_exist_is_unknown_even_where_the_number_is_known():
    with pytest.raises(UnknownZone, match="America/Chicago"):
        zones_of("+12125550123", "", "Eastern")
