"""Pages of trunks, caller IDs and the own do-not-call list."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Organisation
from accounts.sealing import unseal
from compliance.models import CallerId, DncEntry
from dialer.calls.models import Trunk

from .makers import make_user

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SECRET = "s3cret-of-the-carrier"
TRUNK = {
    "name": "Carrier",
    "host": "sip.example.com",
    "port": 5061,
    "transport": "tls",
    "srtp": "required",
} | {
    "channel_limit": 20,
    "cps_limit": 5,
    "priority": 1,
    "enabled": "on",
    "plus": "on",
    "username": "acme",
}


@pytest.fixture
def page(client, organisation):
    """A browser in which an administrator is signed in."""
    client.force_login(make_user(organisation, "ada", "administrator"))
    return client


@pytest.fixture
def trunk(page):
    page.post(reverse("calls:new_trunk"), TRUNK | {"password": SECRET})
    return Trunk.objects.get()


def change(page, trunk, **values):
    answer = page.post(reverse("calls:trunk", args=[trunk.pk]), TRUNK | values)
    trunk.refresh_from_db()
    return answer


def test_a_trunks_password_goes_in_sealed_and_never_comes_out(page, trunk):
    assert SECRET not in trunk.password_sealed
    assert unseal(trunk.password_sealed, "trunk-password") == SECRET
    shown = page.get(reverse("calls:trunk", args=[trunk.pk])).content.decode()
    assert SECRET not in shown
    assert trunk.password_sealed not in shown
    assert SECRET not in str(list(AuditEntry.objects.values()))


def test_each_change_raises_the_version_and_no_change_does_not(page, trunk):
    first = trunk.version
    change(page, trunk)
    assert trunk.version == first
    change(page, trunk, channel_limit=30)
    assert (trunk.version, trunk.channel_limit) == (first + 1, 30)
    change(page, trunk, channel_limit=30, password="another one")
    assert trunk.version == first + 2
    assert unseal(trunk.password_sealed, "trunk-password") == "another one"
    change(page, trunk, channel_limit=30, forget_password="on")
    assert (trunk.version, trunk.password_sealed) == (first + 3, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "sip.example.com;evil"},
        {"host": "a b"},
        {"port": 70000},
        {"username": "x>y"},
        {"number_prefix": "sip:"},
        {"from_domain": "a@b"},
        {"transport": "udp"},
        {"cps_limit": -1},
        {"name": ""},
    ],
)
def test_settings_that_cannot_work_are_refused(page, trunk, wrong):
    before = Trunk.objects.values().get()
    assert "field-errors" in change(page, trunk, **wrong).content.decode()
    assert Trunk.objects.values().get() == before


def test_trunks_are_for_those_who_manage_them_and_for_their_organisation_only(
    client, page, trunk, organisation
):
    assert "Quiet" in page.get(reverse("calls:trunks")).content.decode()
    theirs = Trunk.objects.create(organisation=Organisation.objects.create(name="T"), name="x", host="h")
    assert page.get(reverse("calls:trunk", args=[theirs.pk])).status_code == 404
    client.force_login(make_user(organisation))
    assert client.get(reverse("calls:trunks")).status_code == 403


def caller_id(page, **values):
    data = {
        "number": "(212) 555-0100",
        "display_name": "Acme",
        "proof": "Contract 7",
        "active": "on",
    } | values
    return page.post(reverse("compliance:new_caller_id"), data)


def test_a_caller_id_is_kept_with_its_proof(page):
    caller_id(page)
    assert CallerId.objects.values_list("number", "proof", "active").get() == (
        "+12125550100",
        "Contract 7",
        True,
    )
    pk = CallerId.objects.get().pk
    page.post(
        reverse("compliance:change_caller_id", args=[pk]),
        {"number": "+12125550100", "proof": "", "display_name": ""},
    )
    assert not CallerId.objects.get().active
    assert "Switched off" in page.get(reverse("compliance:caller_ids")).content.decode()


@pytest.mark.parametrize("wrong", [{"proof": ""}, {"number": "911"}, {"number": "900 555 0100"}])
def test_a_number_without_proof_or_that_nobody_can_call_is_refused(page, wrong):
    assert "field-errors" in caller_id(page, **wrong).content.decode()
    assert not CallerId.objects.exists()


def test_numbers_go_on_the_do_not_call_list_and_come_off_with_a_reason(page):
    page.post(
        reverse("compliance:add_to_dnc"), {"numbers": "212 555 0101\n+13055550102\n", "note": "By letter"}
    )
    assert set(DncEntry.objects.values_list("number", flat=True)) == {12125550101, 13055550102}
    found = page.get(reverse("compliance:dnc"), {"number": "(212) 555-0101"}).content.decode()
    assert "+12125550101" in found
    assert "+13055550102" not in found
    page.post(reverse("compliance:remove_from_dnc"), {"number": "+12125550101", "reason": ""})
    assert DncEntry.objects.count() == 2
    page.post(
        reverse("compliance:remove_from_dnc"), {"number": "+12125550101", "reason": "Asked to be called"}
    )
    assert AuditEntry.objects.get(action="dnc.removed").after == {"reason": "Asked to be called"}
    assert DncEntry.objects.count() == 1


def test_a_line_that_is_no_number_adds_none_of_them(page):
    answer = page.post(reverse("compliance:add_to_dnc"), {"numbers": "212 555 0101\nnobody", "note": ""})
    assert "nobody" in answer.content.decode()
    assert not DncEntry.objects.exists()
