"""Small objects for tests of accounts and of pages."""

from __future__ import annotations

from django.test import Client

from accounts.choices import Role
from accounts.models import Organisation, User

PASSWORD = "blue-harbour-41"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def make_organisation(name: str = "Harbour Energy") -> Organisation:
    """An organisation in the eastern zone."""
    return Organisation.objects.create(name=name)


def make_person(organisation: Organisation, username: str, role: str = Role.AGENT, **values: object) -> User:
    """A person with ``PASSWORD``."""
    return User.objects.create_user(
        username, password=PASSWORD, organisation=organisation, role=role, **values
    )


def client_of(person: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client
