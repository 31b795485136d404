"""Fixed statements give what the ORM would."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.models import DncEntry
from compliance.statements import Statement, among, moment

from .conftest import NOON_IN_NEW_YORK

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ENTRIES = Statement(
    """SELECT number, created_at, note FROM compliance_dncentry
    WHERE organisation_id = %s AND number AMONG(%s) AND created_at >= %s ORDER BY number"""
)


@pytest.fixture
def entries(organisation) -> None:
    DncEntry.objects.bulk_create(
        DncEntry(organisation=organisation, number=n, created_at=NOON_IN_NEW_YORK + timedelta(microseconds=n))
        for n in range(5)
    )


@pytest.mark.parametrize("numbers", [[], [3], [1, 1, 4], range(1000)])
def test_the_rows_are_those_that_the_orm_finds(organisation, entries, numbers) -> None:
    found = ENTRIES.rows(organisation.pk, among(numbers), NOON_IN_NEW_YORK)
    expected = DncEntry.objects.filter(number__in=list(numbers)).order_by("number")
    assert [(number, moment(at), note) for number, at, note in found] == list(
        expected.values_list("number", "created_at", "note")
    )


def test_moments_compare_to_the_microsecond(organisation, entries) -> None:
    found = ENTRIES.rows(organisation.pk, among(range(5)), NOON_IN_NEW_YORK + timedelta(microseconds=3))
    assert [row[0] for row in found] == [3, 4]


def test_a_value_is_never_read_as_sql(organisation, entries) -> None:
    notes = Statement("SELECT number FROM compliance_dncentry WHERE note AMONG(%s)")
    assert notes.rows(among(["') OR 1=1 --", '"]', "%s"])) == []
