"""Founding an organisation from the command line."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organisation, User

from .makers import PASSWORD

pytestmark = pytest.mark.integration


def found(*more: str) -> None:
    call_command("create_organisation", "Harbour", "--administrator", "Eve", *more)


def test_an_organisation_and_its_administrator_are_made(db, monkeypatch, capsys):
    monkeypatch.setenv("PACELINE_ADMIN_PASSWORD", PASSWORD)
    found("--time-zone", "America/Denver")
    assert Organisation.objects.get().time_zone == "America/Denver"
    assert User.objects.get(username="eve").check_password(PASSWORD)
    assert "Sign in as eve" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("password", "zone", "words"),
    [
        ("short", "America/Denver", "at least 10 characters"),
        (PASSWORD, "Denver", "time zone by its IANA name"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_made(password, zone, words, db, monkeypatch):
    monkeypatch.setenv("PACELINE_ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match=words):
        found("--time-zone", zone)
    assert not Organisation.objects.exists()


def test_a_name_that_is_taken_is_said(db, monkeypatch):
    monkeypatch.setenv("PACELINE_ADMIN_PASSWORD", PASSWORD)
    found()
    with pytest.raises(CommandError, match="already exists"):
        found()
