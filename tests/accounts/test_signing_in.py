"""Signing in, being locked out, beginning at the right page, signing out."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.choices import Role
from accounts.services.deactivate_person import deactivate_person

from .makers import PASSWORD, client_of

pytestmark = pytest.mark.integration
SIGN_IN = "/sign-in/"


def try_to_sign_in(client: Client, username: str, password: str = PASSWORD):
    return client.post(SIGN_IN, {"username": username, "password": password})


@pytest.mark.parametrize("typed", ["the-agent", "The-Agent", "THE-AGENT"])
def test_case_of_the_user_name_does_not_matter(typed, people, client):
    assert try_to_sign_in(client, typed).status_code == 302


def test_a_wrong_password_says_nothing_about_the_name(people, client):
    wrong = try_to_sign_in(client, "the-agent", "wrong")
    unknown = try_to_sign_in(client, "nobody-here", "wrong")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_too_many_wrong_passwords_close_the_door_even_for_the_right_one(people, client):
    for spelling in ("the-agent", "The-Agent") * (settings.AXES_FAILURE_LIMIT // 2):
        answer = try_to_sign_in(client, spelling, "wrong")
    assert answer.status_code == 429
    assert b"15 minutes" in answer.content
    assert try_to_sign_in(client, "the-agent").status_code == 429


def test_one_name_locked_out_leaves_the_others_alone(people, client):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        try_to_sign_in(client, "the-agent", "wrong")
    assert try_to_sign_in(client, "the-supervisor").status_code == 302


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.AGENT, "/agent/"),
        (Role.SUPERVISOR, "/floor/"),
        (Role.ADMINISTRATOR, "/floor/"),
        (Role.READER, "/floor/"),
    ],
)
def test_each_role_begins_at_its_page(role, first, people):
    assert client_of(people[role]).get("/").url == first


def test_signing_out_is_asked_by_post_only(people):
    client = client_of(people[Role.AGENT])
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/profile/").url.startswith(SIGN_IN)


def test_a_closed_account_is_signed_out_at_once_and_stays_out(people, admin):
    client = client_of(people[Role.AGENT])
    assert client.get("/profile/").status_code == 200
    deactivate_person(people[Role.AGENT], admin)
    assert client.get("/profile/").url.startswith(SIGN_IN)
    assert try_to_sign_in(Client(), "the-agent").status_code == 200


def test_a_foreign_address_behind_next_is_not_followed(people, client):
    answer = client.post(
        f"{SIGN_IN}?next=https://elsewhere.example/", {"username": "the-supervisor", "password": PASSWORD}
    )
    assert answer.url == "/"
