"""What the ledger costs a batch, and what it lets a registered number be called for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.choices import ConsentNeed, Purpose
from compliance.consent.facts import gather
from tests.compliance.conftest import NOON_IN_NEW_YORK

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)


def many(ask, **changes):
    return [ask(number=f"+1212555{number:04}", **changes) for number in range(1000, 1500)]


@pytest.mark.parametrize(
    ("changes", "queries"),
    [
        ({"purpose": Purpose.INFORMATION}, 0),
        ({"purpose": Purpose.SALES}, 1),
        ({"purpose": Purpose.INFORMATION, "consent_need": ConsentNeed.EXPRESS}, 1),
        ({"purpose": Purpose.SALES, "check_reassigned": True}, 2),
    ],
)
def test_a_batch_costs_as_many_queries_as_one_dial(ask, django_assert_num_queries, changes, queries):
    with django_assert_num_queries(queries):
        gather(many(ask, **changes), NOON_IN_NEW_YORK)
    with django_assert_num_queries(queries):
        gather(many(ask, **changes)[:1], NOON_IN_NEW_YORK)


@pytest.fixture
def exemption(ask):
    """What lets the template's number be called though a registry names it."""

    def words(now=NOON_IN_NEW_YORK, **changes):
        request = ask(purpose=Purpose.SALES, **changes)
        return gather([request], now).exempts_registry(request, now)

    return words


@pytest.mark.parametrize(
    ("kind", "exempts"), [("written", True), ("express", False), ("purchase", True), ("inquiry", True)]
)
def test_written_consent_and_relationships_lift_a_registry(enter, exemption, kind, exempts):
    entry = enter(kind)
    assert (str(entry.pk) in exemption()) is exempts


def test_an_exemption_ends_to_the_second(enter, exemption):
    entry = enter("inquiry")
    assert exemption(entry.expires_at - timedelta(seconds=1)) != ""
    assert exemption(entry.expires_at) == ""


def test_a_revocation_takes_the_exemption_and_only_consent_brings_it_back(enter, exemption):
    enter("purchase", NOON_IN_NEW_YORK - 4 * HOUR)
    enter("revoked", NOON_IN_NEW_YORK - 3 * HOUR)
    enter("purchase", NOON_IN_NEW_YORK - 2 * HOUR)
    assert exemption() == ""
    enter("written", NOON_IN_NEW_YORK - HOUR)
    assert "written consent" in exemption()


def test_an_exemption_is_its_organisations_and_its_subjects_own(enter, exemption, other_organisation):
    enter("written", organisation=other_organisation)
    enter("purchase", scope="Cards")
    assert exemption() == ""
    assert "purchase" in exemption(topic="cards")


def test_an_entry_is_never_edited(enter):
    entry = enter("express")
    entry.kind = "written"
    with pytest.raises(TypeError, match="never edited"):
        entry.save()
