"""The top navigation has one entry for compliance; its pages are told below it, each where the person may go."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.choices import Role
from accounts.navigation import compliance_tabs, links

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ALL = ["Do not call", "Lists", "Consent", "Rules", "Caller IDs", "Signing", "Decisions", "Why", "Report"]
WITHOUT_SIGNING = [label for label in ALL if label != "Signing"]
READER = ["Rules", "Caller IDs", "Decisions", "Why", "Report"]


@pytest.mark.parametrize(
    ("role", "labels"),
    [(Role.ADMINISTRATOR, ALL), (Role.SUPERVISOR, WITHOUT_SIGNING), (Role.READER, READER), (Role.AGENT, [])],
)
def test_each_role_sees_the_pages_it_may_open(people, role, labels):
    assert [tab.label for tab in compliance_tabs(people[role], reverse("reporting:decisions"))] == labels


@pytest.mark.parametrize(
    ("role", "view"),
    [
        (Role.ADMINISTRATOR, "compliance:dnc"),
        (Role.SUPERVISOR, "compliance:dnc"),
        (Role.READER, "compliance:rules"),
    ],
)
def test_the_entry_opens_the_first_page_that_the_person_may_open(people, role, view):
    (entry,) = [link for link in links(people[role], "/floor/", setup=False) if link.label == "Compliance"]
    assert (entry.url, entry.current) == (reverse(view), False)


@pytest.mark.parametrize("label", ALL)
def test_on_each_page_the_entry_and_one_tab_are_current(admin, label):
    address = next(tab.url for tab in compliance_tabs(admin, "/compliance/") if tab.label == label)
    for path in (address, f"{address}7/"):
        assert [tab.label for tab in compliance_tabs(admin, path) if tab.current] == [label]
        current = [
            link.label for setup in (False, True) for link in links(admin, path, setup=setup) if link.current
        ]
        assert current == ["Compliance"]


def test_the_tabs_stand_on_pages_of_compliance_only(client, admin):
    client.force_login(admin)
    assert b'aria-label="Compliance"' in client.get(reverse("compliance:new_signer")).content
    assert b'aria-label="Compliance"' not in client.get(reverse("campaigns:campaigns")).content
