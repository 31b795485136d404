"""Consents and revocations by other systems."""

from __future__ import annotations

import pytest

from compliance.models import Consent

from .conftest import client_with

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("redis_url")]

ENTRY = {
    "number": "+12125550123",
    "kind": "written",
    "given_at": "2026-03-01T14:05:00-05:00",
    "text": "I agree to calls about solar power.",
}


@pytest.fixture
def key(administrator):
    return client_with(administrator, ["consents:write"])


def test_a_consent_is_entered_once_however_often_it_is_sent(key, administrator):
    first = key.post("/api/v1/consents", ENTRY, format="json")
    again = key.post("/api/v1/consents", ENTRY, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] == Consent.objects.get().pk
    entry = Consent.objects.get()
    assert (entry.organisation_id, entry.number, entry.means) == (
        administrator.organisation_id,
        12125550123,
        "api",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "12"),
        ("kind", "revoked"),
        ("given_at", "soon"),
        ("given_at", "2190-01-01"),
        ("expires_at", "2020-01-01"),
        ("text", ""),
        ("proof", "x"),
    ],
)
def test_what_cannot_be_entered_is_refused_by_field(key, field, value):
    answer = key.post("/api/v1/consents", ENTRY | {field: value}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]
    assert not Consent.objects.exists()


def test_a_revocation_needs_a_number_and_nothing_else(key):
    answer = key.post("/api/v1/consents/revocations", {"number": "+12125550123"}, format="json")
    assert answer.status_code == 201
    assert Consent.objects.get().kind == "revoked"
    assert key.post("/api/v1/consents/revocations", {"number": "x"}, format="json").status_code == 400


@pytest.mark.parametrize("path", ["/api/v1/consents", "/api/v1/consents/revocations"])
def test_a_key_without_the_scope_is_refused(administrator, path):
    refused = client_with(administrator, ["dnc:write"]).post(path, ENTRY, format="json")
    assert refused.status_code == 403
    assert "consents:write" in refused.json()["error"]["message"]
