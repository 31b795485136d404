"""Every address of the project, as nobody and as each role: nothing is reachable without a mark, and marks hold."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.choices import ROLE_CAPABILITIES, Capability, Role
from accounts.middleware import API_KEY, PUBLIC, SIGNED_IN, access_of

from .addresses import PAGES_OF_THE_PROJECT
from .makers import client_of

pytestmark = pytest.mark.integration
SIGN_IN = "/sign-in/"
MARKED = [(address, access_of(view)) for address, view in PAGES_OF_THE_PROJECT.items()]
FOR_PEOPLE = [(address, access) for address, access in MARKED if access not in (PUBLIC, API_KEY)]


@pytest.mark.parametrize(("address", "access"), MARKED)
def test_every_page_states_who_may_enter(address, access):
    assert access in {PUBLIC, SIGNED_IN, API_KEY, *Capability}, f"{address} has no mark of accounts.access"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("address", "access"), FOR_PEOPLE)
def test_nobody_is_sent_to_the_sign_in(address, access, method, db):
    answer = getattr(Client(), method)(address)
    assert answer.status_code == 302
    assert answer.url.startswith(SIGN_IN)


@pytest.mark.parametrize(("address", "access"), [page for page in MARKED if page[1] == API_KEY])
def test_an_api_address_refuses_who_brings_no_key(address, access, people):
    assert Client().get(address).status_code in (401, 403, 405)
    assert client_of(people[Role.ADMINISTRATOR]).get(address).status_code in (401, 403, 405)


@pytest.mark.parametrize("role", Role.values)
def test_a_role_opens_exactly_what_its_capabilities_allow(role, people):
    client = client_of(people[role])
    wrong = {}
    for address, access in FOR_PEOPLE:
        allowed = access == SIGNED_IN or access in ROLE_CAPABILITIES[role]
        status = client.get(address).status_code
        if (status == 403) is allowed:
            wrong[address] = status
    assert wrong == {}
