"""What a person may change of their own account."""

from __future__ import annotations

import pytest

from accounts.choices import Role
from accounts.models import AuditEntry, User

from .makers import PASSWORD, client_of

pytestmark = pytest.mark.integration
NEW = "green-harbour-42"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post(
        "/profile/password/", {"old_password": old, "new_password1": new, "new_password2": again}
    )


def test_another_password_keeps_this_session_and_ends_the_others(people):
    here, elsewhere = client_of(people[Role.AGENT]), client_of(people[Role.AGENT])
    assert change(here).url == "/profile/"
    assert here.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert User.objects.get(pk=people[Role.AGENT].pk).check_password(NEW)


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "old_password"),
        (PASSWORD, NEW, "different-one-9", "new_password2"),
        (PASSWORD, "short", "short", "new_password2"),
        (PASSWORD, "the-agent1", "the-agent1", "new_password2"),
    ],
)
def test_a_password_that_does_not_fit_is_refused(old, new, again, field, people):
    answer = change(client_of(people[Role.AGENT]), old, new, again)
    assert field in answer.context["password_form"].errors
    assert User.objects.get(pk=people[Role.AGENT].pk).check_password(PASSWORD)


def test_shortcuts_are_turned_off_and_it_is_logged(people):
    client_of(people[Role.AGENT]).post("/profile/", {"first_name": "Amy", "last_name": "", "email": ""})
    agent = User.objects.get(pk=people[Role.AGENT].pk)
    assert (agent.first_name, agent.shortcuts_enabled) == ("Amy", False)
    entry = AuditEntry.objects.get(action="person.profile_changed")
    assert entry.before == {"first_name": "", "shortcuts_enabled": True}
    assert entry.after == {"first_name": "Amy", "shortcuts_enabled": False}


def test_nobody_gives_themselves_a_role(people):
    form = {"first_name": "Amy", "role": "administrator", "is_superuser": "on", "shortcuts_enabled": "on"}
    client_of(people[Role.AGENT]).post("/profile/", form)
    assert User.objects.get(pk=people[Role.AGENT].pk).role == Role.AGENT
