"""Caller IDs are saved with their proof, one or many, and bad lines are named."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from compliance.models import CallerId
from compliance.services.add_caller_ids import LINES_MAX, Defaults, LinesInvalid, add_caller_ids
from compliance.services.save_caller_id import save_caller_id

from .conftest import NUMBER

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DEFAULTS = Defaults("Acme", "B", 100, "Letter of 3 March")


def add(organisation, *lines, defaults=DEFAULTS):
    return add_caller_ids(organisation, "ada", lines, defaults)


def problems(organisation, *lines):
    with pytest.raises(LinesInvalid) as raised:
        add(organisation, *lines)
    return [(each.line, each.problem) for each in raised.value.errors]


def test_lines_take_what_they_do_not_say_from_the_form(organisation):
    assert add(organisation, "(212) 555-0100", "", "+12125550101,Other,a,7,Contract 9") == (2, 0)
    rows = CallerId.objects.exclude(number=NUMBER).order_by("number")
    assert list(rows.values_list("number", "display_name", "attestation", "daily_limit", "proof")) == [
        ("+12125550100", "Acme", "B", 100, "Letter of 3 March"),
        ("+12125550101", "Other", "A", 7, "Contract 9"),
    ]
    entry = AuditEntry.objects.get(action="caller_id.added")
    assert entry.after["numbers"] == ["+12125550100", "+12125550101"]


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_a_spreadsheets_heading_is_passed_over_and_its_marks_are_read(organisation, mark):
    lines = [mark.join(("Number", "Name")), mark.join(("+12125550100", '"Acme, Inc."'))]
    assert add(organisation, *lines) == (1, 0)
    assert CallerId.objects.get(number="+12125550100").display_name == "Acme, Inc."


def test_numbers_that_are_there_already_stay_as_they_are(organisation):
    assert add(organisation, NUMBER, "+12125550100") == (1, 1)
    assert CallerId.objects.get(number=NUMBER).daily_limit == 0


def test_every_bad_line_is_named_and_nothing_is_added(organisation):
    found = problems(
        organisation,
        "+12125550100",
        "911",
        "+12125550101,x,Q",
        "+12125550102,,,many",
        "+12125550100",
        '+12125550103,"open',
        "+12125550104,a,b,c,d,e",
        "+12125550105," + "x" * 41,
        "+12125550106,,,٣",
    )
    assert [line for line, _ in found] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert "A, B or C" in found[1][1]
    assert "earlier line" in found[3][1]
    assert CallerId.objects.count() == 1


def test_more_lines_than_a_page_can_take_are_refused_whole(organisation):
    with pytest.raises(ValueError, match="Cut the list into parts"):
        add(organisation, *["+12125550100"] * (LINES_MAX + 1))


def test_proof_is_needed_line_by_line(organisation):
    bare = Defaults("", "C", 0, "")
    with pytest.raises(LinesInvalid) as raised:
        add(organisation, "+12125550100", "+12125550101,,,,Contract", defaults=bare)
    assert [each.line for each in raised.value.errors] == [1]


def save(caller_id, **changes):
    values = {"number": caller_id.number, "display_name": "", "proof": "Letter", "active": True} | changes
    return save_caller_id(caller_id, "ada", **values)


def test_attestation_a_needs_proof_even_while_the_number_is_switched_off(caller_id):
    with pytest.raises(ValidationError, match="Attestation A"):
        save(caller_id, proof="", active=False, attestation="A")
    assert save(caller_id, attestation="A").attestation == "A"
    assert save(caller_id, proof="", active=False).active is False


def test_a_change_does_not_end_a_rest_that_began_meanwhile(caller_id, clock):
    CallerId.objects.update(rests_until=clock(), rests_because="blocked")
    save(caller_id, daily_limit=50)
    caller_id.refresh_from_db()
    assert (caller_id.rests_until, caller_id.daily_limit) == (clock(), 50)


@pytest.mark.parametrize("wrong", [{"attestation": "Z"}, {"daily_limit": -1}, {"number": "+1911"}])
def test_what_cannot_be_is_refused(caller_id, wrong):
    with pytest.raises(ValidationError):
        save(caller_id, **wrong)
