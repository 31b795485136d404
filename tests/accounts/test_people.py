"""Taking people in, changing them, closing their accounts; somebody always remains who can."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEntry, User
from accounts.services.administrators import LastAdministrator
from accounts.services.change_role import change_role
from accounts.services.create_organisation import create_organisation
from accounts.services.create_person import create_person
from accounts.services.deactivate_person import deactivate_person, reactivate_person

from .makers import PASSWORD, client_of, make_organisation, make_person

pytestmark = pytest.mark.integration


def actions(organisation) -> list[str]:
    return list(
        AuditEntry.objects.filter(organisation=organisation).order_by("id").values_list("action", flat=True)
    )


def test_a_person_is_taken_in_and_can_sign_in(admin):
    form = {"first_name": "Nora", "username": "Nora.W", "role": "agent", "password": PASSWORD}
    answer = client_of(admin).post("/people/new/", form)
    nora = User.objects.get(username="nora.w")
    assert answer.url == f"/people/{nora.pk}/"
    assert nora.organisation == admin.organisation
    signed_in = Client().post("/sign-in/", {"username": "Nora.W", "password": PASSWORD})
    assert signed_in.status_code == 302
    assert actions(admin.organisation) == ["person.created"]


def test_an_invited_person_sets_a_password_once_by_link(admin):
    nora = create_person(admin.organisation, admin, username="nora", role=Role.AGENT)
    assert not nora.has_usable_password()
    page = client_of(admin).post(f"/people/{nora.pk}/invite/").content.decode()
    link = re.search(r'value="http://testserver(/welcome/[^"]+)"', page)[1]
    guest = Client()
    form_address = guest.get(link).url
    new = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert guest.post(form_address, new).url == "/sign-in/"
    nora.refresh_from_db()
    assert nora.check_password(PASSWORD)
    assert b"does not work any more" in Client().get(link).content
    assert actions(admin.organisation) == ["person.created", "person.invited", "person.password_set"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "THE-AGENT"}, "username"),
        ({"username": "no spaces"}, "username"),
        ({"username": "x", "password": "short"}, "password"),
        ({"username": "x", "password": "password123"}, "password"),
        ({"username": "x", "role": "owner"}, "role"),
        ({"username": "x", "email": "nowhere"}, "email"),
    ],
)
def test_a_person_who_does_not_fit_is_refused_with_the_field(values, field, admin, people):
    answer = client_of(admin).post("/people/new/", {"role": "agent", **values})
    assert field in answer.context["form"].errors
    assert User.objects.count() == len(people)


def test_the_last_administrator_keeps_the_role_and_the_account(admin):
    with pytest.raises(LastAdministrator):
        change_role(admin, Role.AGENT, admin)
    with pytest.raises(LastAdministrator):
        deactivate_person(admin, admin)
    stored = User.objects.get(pk=admin.pk)
    assert (stored.role, stored.is_active) == (Role.ADMINISTRATOR, True)


def test_an_administrator_with_a_closed_account_does_not_count(admin):
    other = make_person(admin.organisation, "other", Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(LastAdministrator):
        deactivate_person(admin, admin)
    reactivate_person(other, admin)
    assert deactivate_person(admin, other)


def test_an_administrator_elsewhere_does_not_count(admin):
    make_person(make_organisation("Elsewhere"), "other", Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        change_role(admin, Role.READER, admin)


def test_the_page_says_why_the_last_administrator_stays(admin):
    answer = client_of(admin).post(f"/people/{admin.pk}/active/", {"active": "no"}, follow=True)
    assert b"only administrator" in answer.content


def test_a_role_changes_and_stands_in_the_log(admin, people):
    reader = people[Role.READER]
    client_of(admin).post(f"/people/{reader.pk}/role/", {"role": "supervisor"})
    entry = AuditEntry.objects.get(action="person.role_changed")
    assert (entry.actor, entry.target) == (admin.username, reader.username)
    assert (entry.before, entry.after) == ({"role": "reader"}, {"role": "supervisor"})
    assert change_role(User.objects.get(pk=reader.pk), Role.SUPERVISOR, admin) is False
    assert AuditEntry.objects.count() == 1


def test_a_role_that_does_not_exist_is_refused(admin, people):
    with pytest.raises(ValidationError):
        change_role(people[Role.READER], "owner", admin)


def test_a_password_given_by_an_administrator_ends_the_persons_sessions(admin, people):
    agent = client_of(people[Role.AGENT])
    client_of(admin).post(f"/people/{people[Role.AGENT].pk}/password/", {"password": "green-harbour-42"})
    assert agent.get("/profile/").status_code == 302
    entry = AuditEntry.objects.get(action="person.password_set")
    assert "green" not in str(entry.before) + str(entry.after) + entry.target


def test_people_of_other_organisations_are_not_found(admin):
    stranger = make_person(make_organisation("Elsewhere"), "stranger")
    client = client_of(admin)
    assert client.get(f"/people/{stranger.pk}/").status_code == 404
    for verb in ("role", "password", "invite", "active"):
        assert client.post(f"/people/{stranger.pk}/{verb}/", {"role": "agent"}).status_code == 404
    assert b"stranger" not in client.get("/people/").content


def test_an_organisation_is_founded_with_its_administrator_or_not_at_all(db):
    with pytest.raises(ValidationError):
        create_organisation("New", time_zone="America/Nowhere", administrator="eve", password=PASSWORD)
    with pytest.raises(ValidationError):
        create_organisation("New", time_zone="America/Denver", administrator="eve", password="weak")
    assert User.objects.count() == 0
    organisation, eve = create_organisation(
        "New", time_zone="America/Denver", administrator="Eve", password=PASSWORD
    )
    assert (eve.username, eve.role, eve.organisation) == ("eve", Role.ADMINISTRATOR, organisation)
