"""Practice agents come in by the front door."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Organisation, User
from dialer.practice.sign_in import SignInRefused, sign_in

pytestmark = pytest.mark.integration
PASSWORD = "a practice password"


@pytest.fixture
def person(transactional_db: None) -> User:
    organisation = Organisation.objects.create(name="Practice")
    return User.objects.create_user(
        username="practice1", password=PASSWORD, organisation=organisation, role=Role.AGENT
    )


def enter(url: str, password: str) -> str:
    return asyncio.run(sign_in(url, reverse("accounts:sign_in"), "practice1", password))


def test_the_cookie_of_the_sign_in_form_opens_pages(person: User, live_server: object) -> None:
    cookie = enter(live_server.url, PASSWORD)
    answer = httpx.get(f"{live_server.url}{reverse('accounts:profile')}", headers={"Cookie": cookie})
    assert answer.status_code == 200


def test_a_wrong_password_is_refused_by_name(person: User, live_server: object) -> None:
    with pytest.raises(SignInRefused, match="practice1 was not let in"):
        enter(live_server.url, "something else")


def test_a_page_without_the_form_is_no_sign_in_page(live_server: object, transactional_db: None) -> None:
    with pytest.raises(SignInRefused, match="no sign-in page"):
        asyncio.run(sign_in(live_server.url, "/nowhere/", "practice1", PASSWORD))
