"""People who may change rules of law."""

from __future__ import annotations

import pytest

from accounts.choices import Role
from accounts.models import User
from compliance.rules import attempts, cap, locked_out


def make(organisation, name, role):
    return User.objects.create(username=name, organisation=organisation, role=role)


@pytest.fixture
def person(organisation):
    """An administrator."""
    return make(organisation, "ada", Role.ADMINISTRATOR)


@pytest.fixture
def second(organisation):
    """Another administrator."""
    return make(organisation, "alan", Role.ADMINISTRATOR)


@pytest.fixture
def supervisor(organisation):
    """A supervisor."""
    return make(organisation, "sam", Role.SUPERVISOR)


@pytest.fixture
def rules_that_count(monkeypatch):
    """The rules that look at earlier dials and contacts, alone: lists and consents are others' matter."""
    monkeypatch.setattr("compliance.gate.RULES", (attempts.RULE, cap.RULE, locked_out.RULE))
