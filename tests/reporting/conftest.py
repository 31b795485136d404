"""What tests of reporting share: two organisations' calls, and people of each role."""

from __future__ import annotations

import pytest

from accounts.choices import Role
from accounts.models import Organisation, User
from campaigns.models import Campaign
from tests.accounts.conftest import quick_passwords
from tests.accounts.makers import make_organisation, make_person
from tests.live.conftest import live

__all__ = ["live", "quick_passwords"]


@pytest.fixture
def organisation(db) -> Organisation:
    """The organisation of everybody here."""
    return make_organisation()


@pytest.fixture
def supervisor(organisation) -> User:
    """Sees numbers, runs the floor, exports."""
    return make_person(organisation, "sam", Role.SUPERVISOR)


@pytest.fixture
def reader(organisation) -> User:
    """Sees calls without whole numbers."""
    return make_person(organisation, "rita", Role.READER)


@pytest.fixture
def campaign(organisation) -> Campaign:
    """A campaign that runs."""
    return Campaign.objects.create(organisation=organisation, name="Spring", status="running")
