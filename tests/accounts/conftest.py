"""What tests of accounts share: an organisation with one person of each role."""

from __future__ import annotations

import pytest

from accounts.choices import Role
from accounts.models import Organisation, User

from .makers import make_organisation, make_person


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """A slow hash protects people, not tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def organisation(db) -> Organisation:
    """The organisation of everybody here."""
    return make_organisation()


@pytest.fixture
def people(organisation) -> dict[str, User]:
    """One person of each role, by role."""
    return {role: make_person(organisation, f"the-{role}", role) for role in Role.values}


@pytest.fixture
def admin(people) -> User:
    """The only administrator."""
    return people[Role.ADMINISTRATOR]
