"""Fixtures for tests of campaigns."""

from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from campaigns.models import Campaign, LeadList

from .makers import make_campaign, make_list, make_user


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Files of a test go to the test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """A slow hash for each person of each test would take most of the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(name="Acme")


@pytest.fixture
def sue(organisation: Organisation) -> User:
    return make_user(organisation)


@pytest.fixture
def campaign(organisation: Organisation) -> Campaign:
    return make_campaign(organisation)


@pytest.fixture
def leads(campaign: Campaign) -> LeadList:
    return make_list(campaign, "Leads")
