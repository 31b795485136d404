"""From rows to leads: each row that was read ends in exactly one place."""

from __future__ import annotations

import pytest
from django.db import connection

from campaigns.choices import Duplicates, ImportStatus, LeadStatus, Scope
from campaigns.importing import statements
from campaigns.importing.record import TEXT_LENGTHS
from campaigns.importing.report import rejected_csv, summary_lines
from campaigns.models import Lead, LeadPhone, RejectedRow
from campaigns.services.run_import import WrongStep, start_commit, start_validation
from compliance.models import DncEntry

from .files import GOOD, brought_in, checked, counts, staged
from .makers import make_lead, make_list

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_a_good_file_becomes_leads_with_their_phones(leads):
    job = brought_in(leads)
    assert counts(job) == (2, 0, 0, 0)
    ada, bo = Lead.objects.order_by("id")
    assert (ada.first_name, ada.last_name, ada.postal_code, ada.country, ada.status) == (
        "Ada",
        "King",
        "10001",
        "US",
        LeadStatus.NEW,
    )
    assert [phone.number for phone in bo.phones.all()] == ["+13055550102"]
    assert (ada.import_job, ada.custom, ada.outcome_counts, ada.next_call_at) == (job, {}, {}, None)
    assert ada.created_at == bo.created_at


def test_a_check_writes_no_lead_and_says_what_a_commit_would_do(leads):
    make_lead(leads, "+12125550101")
    job = checked(leads)
    assert job.status == ImportStatus.READY
    assert counts(job) == (1, 0, 1, 0)
    assert Lead.objects.count() == 1


def test_several_phones_custom_fields_and_odd_values_come_along(leads):
    header = "Full name;Mobile;Home Phone;ZIP;Plan;State;TZ\n"
    job = staged(leads, header + '"King, Ada";="2125550101";305 555 0102;2134;Gold;new york;Pacific\n')
    job.mapping["4"] = "custom:Plan"
    start_validation(job, job.mapping, "US", Duplicates.SKIP, Scope.LIST)
    from campaigns.importing.commit import commit
    from campaigns.importing.validate import validate

    validate(job.pk)
    start_commit(job, "test")
    commit(job.pk)
    lead = Lead.objects.get()
    assert (lead.first_name, lead.last_name, lead.postal_code) == ("Ada", "King", "02134")
    assert (lead.state, lead.time_zone, lead.custom) == ("NY", "America/Los_Angeles", {"Plan": "Gold"})
    assert [(phone.number, phone.kind, phone.position) for phone in lead.phones.all()] == [
        ("+12125550101", "mobile", 0),
        ("+13055550102", "home", 1),
    ]


ROWS = """Name,Phone,Phone 2,Time Zone
Ada,2125550101,,
Bad,12345,,
Short,2.12555E+09,,
None,,,
,,,

Twin,212-555-0101,,
Zone,2125550103,,Moon/Base
Two,2125550104,999,
Wide,2125550105,,,surplus
Nul,2125550106\0,,
Long,2125550107,,America/New_York
""".replace("Long,", "L" * 200 + ",")


def test_every_row_ends_in_exactly_one_place_and_the_report_says_why(leads):
    job = brought_in(leads, ROWS)
    assert counts(job) == (2, 0, 3, 7)
    assert job.errors == {
        "not_a_number": 1,
        "shortened": 1,
        "no_phone": 1,
        "blank": 2,
        "duplicate": 1,
        "time_zone": 1,
        "phone_left_out": 1,
        "too_many_cells": 1,
        "nul": 1,
        "too_long": 1,
    }
    assert (
        "12 rows read from leads.csv: 2 created, 0 updated, 3 skipped, 7 rejected." in summary_lines(job)[0]
    )


def test_rejected_rows_come_back_in_their_columns_with_error_and_fix(leads):
    job = brought_in(leads, "Name;Phone;Plan\nAda;2.12555E+09;gold\nBo;2125550101;tin\n")
    lines = "".join(rejected_csv(job)).removeprefix("\ufeff").splitlines()
    assert lines[0] == "Name;Phone;Plan;error;fix"
    assert lines[1].startswith("Ada;2.12555E+09;gold;“2.12555E+09” was shortened by a spreadsheet")
    assert lines[1].endswith("Format the column as text in the spreadsheet, then export it again.")
    assert len(lines) == 2


def test_a_quote_that_joins_a_few_lines_rejects_that_row_and_names_the_lines(leads):
    text = 'Name,Phone,City\nAda,2125550101,NY\n"Bo,2125550102,NY\nCy,2125550103,"NY"\nDi,2125550104,NY\n'
    job = brought_in(leads, text)
    assert counts(job) == (2, 0, 0, 1)
    assert "lines 3 to 4" in RejectedRow.objects.get(job=job).message


def test_a_file_that_turns_out_bad_brings_nothing_in(leads):
    rows = "".join(f"A,212555{line:04d}\n" for line in range(3000))
    job = checked(leads, f'Name,Phone\n{rows}"B,2125559999\nC,3055550101\n')
    assert job.status == ImportStatus.FAILED
    assert "never closed" in job.message
    assert not Lead.objects.exists()
    with pytest.raises(WrongStep):
        start_commit(job, "test")


def test_the_same_file_again_creates_nothing(leads):
    brought_in(leads)
    assert counts(brought_in(leads)) == (0, 0, 2, 0)
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    ("scope", "expected"), [(Scope.LIST, (2, 0, 0, 0)), (Scope.ORGANISATION, (1, 0, 1, 0))]
)
def test_the_scope_says_where_a_number_is_looked_for(leads, campaign, scope, expected):
    make_lead(make_list(campaign, "other"), "+12125550101")
    assert counts(brought_in(leads, scope=scope)) == expected


def test_allowed_duplicates_become_leads_of_their_own(leads):
    brought_in(leads)
    assert counts(brought_in(leads, duplicates=Duplicates.ALLOW)) == (2, 0, 0, 0)
    assert Lead.objects.count() == 4


def test_an_update_fills_in_what_the_row_has_and_keeps_the_rest(leads):
    lead = make_lead(leads, "+12125550101", first_name="A.", company="Acme", custom={"a": "1"})
    text = (
        "First Name,Phone,Mobile,Company\nAda,2125550101,2125550109,\nAda,2125550109,,Ace\nNew,2125550110,,\n"
    )
    job = brought_in(leads, text, duplicates=Duplicates.UPDATE)
    assert counts(job) == (1, 2, 0, 0)
    lead.refresh_from_db()
    assert (lead.first_name, lead.company, lead.custom) == ("Ada", "Ace", {"a": "1"})
    assert [phone.number for phone in lead.phones.all()] == ["+12125550101", "+12125550109"]


def test_rows_of_one_person_in_one_file_are_merged_when_updating(leads):
    text = "First Name,Phone,Phone 2,City\nAda,2125550101,2125550102,\n,2125550102,2125550103,Rome\n"
    forecast = checked(leads, text, duplicates=Duplicates.UPDATE)
    job = brought_in(leads, text, duplicates=Duplicates.UPDATE)
    assert counts(forecast) == counts(job) == (1, 1, 0, 0)
    lead = Lead.objects.get()
    assert (lead.first_name, lead.city, lead.phones.count()) == ("Ada", "Rome", 3)


def test_an_update_gives_a_lead_without_a_usable_number_another_chance(leads):
    lead = make_lead(leads, "+12125550101", status=LeadStatus.UNUSABLE)
    brought_in(leads, "Phone,Mobile\n2125550101,2125550102\n", duplicates=Duplicates.UPDATE)
    lead.refresh_from_db()
    assert lead.status == LeadStatus.RETRY


def test_numbers_on_the_own_do_not_call_list_do_not_come_in(leads, organisation):
    DncEntry.objects.create(organisation=organisation, number=12125550101, source="manual")
    job = brought_in(leads, "Name,Phone,Mobile\nAda,2125550101,\nBo,2125550101,2125550102\n")
    assert counts(job) == (1, 0, 1, 0)
    assert LeadPhone.objects.get().number == "+12125550102"


def test_a_mapping_without_a_phone_is_refused_in_words(leads):
    job = staged(leads, "Name,City\nAda,Rome\nBo,Bonn\n")
    assert job.mapping == {"0": "name", "1": "city"}
    from campaigns.importing.mapping import BadMapping

    with pytest.raises(BadMapping, match="No column holds the phone number"):
        start_validation(job, job.mapping, "US", Duplicates.SKIP, Scope.LIST)


def test_a_column_is_known_by_its_content_where_its_name_says_nothing(leads):
    job = staged(leads, "Who,Reach,Where\nAda,212 555 0101,Rome\nBo,305 555 0102,Bonn\n")
    assert job.mapping == {"1": "phone"}


def test_the_fixed_statements_name_every_column_of_the_models():
    def columns(statement):
        return {name.strip() for name in statement.split("(", 1)[1].split(")", 1)[0].split(",")}

    assert columns(statements.INSERT_LEAD) == {field.column for field in Lead._meta.concrete_fields}
    phone = {field.column for field in LeadPhone._meta.concrete_fields}
    assert columns(statements.INSERT_PHONE) == phone - {"id"}
    assert connection.vendor in ("sqlite", "postgresql")


def test_the_lengths_are_those_of_the_model():
    lengths = {name: Lead._meta.get_field(name).max_length for name in TEXT_LENGTHS if name != "notes"}
    assert lengths == {name: length for name, length in TEXT_LENGTHS.items() if name != "notes"}


def test_a_name_with_its_parts_and_good_content_is_kept_as_staged(leads):
    job = staged(leads, GOOD)
    assert job.mapping == {"0": "first_name", "1": "last_name", "2": "phone", "3": "postal_code"}
    assert (job.encoding, job.delimiter, job.has_header, job.rows_total) == ("utf-8", ",", True, 3)
