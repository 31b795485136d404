"""Keys are told once, kept as a digest, and end when they are revoked or have expired."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import ApiKey, AuditEntry, User
from accounts.services.api_keys import create_api_key, find_api_key, note_use, revoke_api_key

from .conftest import NOW

pytestmark = pytest.mark.integration


def test_only_the_digest_of_the_secret_is_kept(administrator: User):
    key, text = create_api_key(administrator, "Zapier", ["hooks:read"], NOW)
    mark, prefix, secret = text.split("_", 2)
    assert (mark, prefix) == ("pk", key.prefix)
    assert key.digest == hashlib.sha256(secret.encode()).hexdigest()
    kept = str(ApiKey.objects.filter(pk=key.pk).values().get())
    assert secret not in kept


def test_a_key_is_found_by_its_text(administrator: User):
    key, text = create_api_key(administrator, "Zapier", ["hooks:read"], NOW)
    assert find_api_key(text, NOW) == key


@pytest.mark.parametrize(
    "spoil", [lambda t: t + "x", lambda t: t[:-1], lambda t: "sk" + t[2:], lambda t: "", str.upper]
)
def test_a_text_that_differs_anywhere_opens_nothing(administrator: User, spoil):
    _, text = create_api_key(administrator, "Zapier", ["hooks:read"], NOW)
    assert find_api_key(spoil(text), NOW) is None


def test_a_revoked_key_opens_nothing_and_is_revoked_once(administrator: User):
    key, text = create_api_key(administrator, "Zapier", ["hooks:read"], NOW)
    assert revoke_api_key(administrator, key, NOW) is True
    assert revoke_api_key(administrator, key, NOW) is False
    assert find_api_key(text, NOW) is None
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1


def test_a_key_ends_at_the_moment_it_expires(administrator: User):
    ends = NOW + timedelta(days=1)
    _, text = create_api_key(administrator, "Zapier", ["hooks:read"], NOW, expires_at=ends)
    assert find_api_key(text, ends - timedelta(seconds=1)) is not None
    assert find_api_key(text, ends) is None


@pytest.mark.parametrize(
    ("name", "scopes", "expires_in_days", "field"),
    [
        ("", ["hooks:read"], None, "name"),
        ("n" * 81, ["hooks:read"], None, "name"),
        ("Zapier", [], None, "scopes"),
        ("Zapier", ["everything"], None, "scopes"),
        ("Zapier", ["hooks:read"], -1, "expires_at"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_by_field(
    administrator: User, name, scopes, expires_in_days, field
):
    ends = NOW + timedelta(days=expires_in_days) if expires_in_days else None
    with pytest.raises(ValidationError) as refusal:
        create_api_key(administrator, name, scopes, NOW, expires_at=ends)
    assert list(refusal.value.message_dict) == [field]


def test_use_is_noted_at_most_once_a_minute(administrator: User):
    key, _ = create_api_key(administrator, "Zapier", ["hooks:read"], NOW)
    moments = [NOW, NOW + timedelta(seconds=59), NOW + timedelta(seconds=60)]
    assert [note_use(key, at) for at in moments] == [True, False, True]


def test_making_a_key_is_in_the_audit_log_without_its_secret(administrator: User):
    _, text = create_api_key(administrator, "Zapier", ["hooks:read"], NOW)
    entry = AuditEntry.objects.get(action="api_key.created")
    assert entry.actor == administrator.username
    assert text.split("_", 2)[2] not in str(entry.after) + entry.target
