"""Consents that come with a file of leads: entered with them, or the row is rejected with what to do."""

from __future__ import annotations

import pytest

from campaigns.importing.mapping import BadMapping, check_mapping
from campaigns.models import Lead, RejectedRow
from compliance.models import Consent

from .files import brought_in, counts

pytestmark = pytest.mark.integration

HEADER = "phone,first name,consent,consent date,consent source,consent text\n"
GOOD_ROW = "212 555 0100,Ada,written,2026-03-01,https://example.com/form,I agree to calls\n"


def test_a_consent_is_entered_with_its_lead(leads):
    job = brought_in(leads, HEADER + GOOD_ROW)
    assert counts(job) == (1, 0, 0, 0)
    entry = Consent.objects.get()
    assert (entry.number, entry.kind, entry.source) == (12125550100, "written", "https://example.com/form")
    assert entry.given_at.isoformat() == "2026-03-01T05:00:00+00:00"
    assert entry.organisation_id == leads.organisation_id


def test_without_a_source_the_entry_names_file_and_row(leads):
    brought_in(leads, "phone,consent,consent date\n2125550100,inquiry,2026-03-01\n")
    assert Consent.objects.get().source.endswith(", row 1")


@pytest.mark.parametrize(
    ("consent", "words"),
    [
        ("maybe,2026-03-01,web,yes", "“maybe” is no kind of consent"),
        ("written,,web,yes", "The date is missing"),
        ("written,yesterday,web,yes", "“yesterday” is no date"),
        ("written,2190-01-01,web,yes", "future"),
        ("written,2026-03-01,web,", "needs the wording"),
    ],
)
def test_a_row_with_a_bad_consent_is_rejected_and_neither_lead_nor_entry_is_made(leads, consent, words):
    job = brought_in(leads, HEADER + f"212 555 0101,Bob,{consent}\n" + GOOD_ROW)
    assert counts(job) == (1, 0, 0, 1)
    assert words in RejectedRow.objects.get(job=job).message
    assert Lead.objects.count() == Consent.objects.count() == 1


def test_a_lead_without_a_consent_comes_in_without_an_entry(leads):
    job = brought_in(leads, HEADER + "212 555 0102,Eve,,,,\n" + GOOD_ROW)
    assert counts(job) == (2, 0, 0, 0)
    assert Consent.objects.count() == 1


def test_the_same_file_once_more_enters_nothing_twice(leads):
    brought_in(leads, HEADER + GOOD_ROW)
    assert counts(brought_in(leads, HEADER + GOOD_ROW)) == (0, 0, 1, 0)
    assert Consent.objects.count() == 1


def test_a_revocation_of_a_lead_that_is_there_is_entered_though_the_row_is_skipped(leads):
    brought_in(leads, HEADER + GOOD_ROW)
    brought_in(leads, HEADER + "212 555 0100,Ada,revoked,2026-04-01,letter,\n")
    assert set(Consent.objects.values_list("kind", flat=True)) == {"written", "revoked"}


def test_a_consent_column_without_the_kind_is_refused():
    with pytest.raises(BadMapping, match="kind"):
        check_mapping({"0": "phone", "1": "consent:given_at"}, ["phone", "consent date"])
