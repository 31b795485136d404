"""Leads are classed by where they may be; one small table then answers for whole pages."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from accounts.models import Organisation, User
from compliance.choices import Purpose
from compliance.law import classes
from compliance.law.classes import UNKNOWN, class_ids, class_of, closed_now, may_call, stored_table
from compliance.law.places import place_of
from compliance.law.windows import SALES, Kind
from compliance.models import Override, WindowClass

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SUNDAY_NOON = datetime(2026, 11, 22, 18, tzinfo=UTC)
"""In Chicago; one o'clock in New York."""


@pytest.fixture
def on_sunday(monkeypatch):
    monkeypatch.setattr(classes, "gate_now", lambda: SUNDAY_NOON)


def test_a_class_is_written_once_and_found_again(django_assert_num_queries):
    first = class_of(["+12055550123"], "", "", "")
    assert first > UNKNOWN
    with django_assert_num_queries(1):
        assert class_of(["+12515550199"], "", "AL", "") == first
    row = WindowClass.objects.get()
    assert (row.states, row.zones) == ("US-AL", "America/Chicago")


def test_a_class_joins_all_numbers_of_a_lead():
    class_of(["+12055550123", "+12125550123"], "90210", "", "")
    row = WindowClass.objects.get()
    assert row.states == "US-AL US-CA US-NY"
    assert row.zones == "America/Chicago America/Los_Angeles America/New_York"


@pytest.mark.parametrize(
    "lead",
    [
        ([], "", "", ""),
        (["+18005550123"], "", "", ""),
        (["+12125550123", "+18005550123"], "", "", ""),
        (["+12125550123"], "", "Eastland", ""),
        (["+12125550123"], "", "", "Eastern"),
        (["not a number"], "", "", ""),
        (["+12075550123", "+16715550123"], "", "", ""),
    ],
)
def test_what_is_not_known_or_never_open_at_once_has_no_class_and_is_left_to_the_gate(lead):
    assert class_of(*lead) == UNKNOWN
    assert not WindowClass.objects.exists()


def test_many_places_cost_three_queries_and_known_ones_one(django_assert_num_queries):
    places = [place_of(f"+1{area}5550123") for area in ("205", "212", "213", "312", "415", "602")]
    with django_assert_num_queries(3):
        found = class_ids(places)
    assert len(set(found.values())) == 5, "Los Angeles and San Francisco are one class"
    with django_assert_num_queries(1):
        assert class_ids([*places, None]) == found
    assert found[None] == UNKNOWN


@pytest.mark.usefixtures("on_sunday")
def test_closed_classes_follow_purpose_and_the_organisations_own_changes():
    organisation = Organisation.objects.create(name="Acme")
    alabama, new_york = class_of(["+12055550123"], "", "", ""), class_of(["+12125550123"], "", "", "")
    where = (organisation.pk, "America/New_York")
    assert closed_now(*where, Purpose.SALES) == [alabama]
    assert closed_now(*where, Purpose.COLLECTION) == []
    Override.objects.create(
        organisation=organisation,
        rule="us-solicitation",
        value={"weekdays": "12345"},
        reason="No weekends",
        loosens=False,
        effective=SUNDAY_NOON.date(),
        proposed_by=User.objects.create(username="sue", organisation=organisation),
    )
    assert closed_now(*where, Purpose.SALES) == [alabama, new_york]


@pytest.mark.usefixtures("on_sunday")
def test_without_any_class_nothing_is_closed():
    organisation = Organisation.objects.create(name="Acme")
    assert closed_now(organisation.pk, "America/New_York", Purpose.SALES) == []


def test_a_page_is_answered_by_class_and_what_the_table_does_not_know_is_let_through():
    alabama, new_york = class_of(["+12055550123"], "", "", ""), class_of(["+12125550123"], "", "", "")
    allowed = stored_table().allowed(SUNDAY_NOON, SALES)
    page = np.array([new_york, alabama, UNKNOWN, new_york + 1000])
    assert may_call(allowed, page).tolist() == [True, False, True, True]
    assert stored_table().allowed(SUNDAY_NOON, Kind(Purpose.SURVEY))[[alabama, new_york]].all()


def test_classes_of_earlier_data_are_let_through_until_they_are_worked_out_anew(monkeypatch):
    alabama = class_of(["+12055550123"], "", "", "")
    monkeypatch.setattr(classes, "version", lambda: "2027-01-01/3.0.0")
    assert classes.current_ids() == []
    assert may_call(stored_table().allowed(SUNDAY_NOON, SALES), np.array([alabama])).all()
    assert class_of(["+12055550123"], "", "", "") > alabama
