"""Who may call the REST API, and how a refusal reads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import ApiKey, User
from accounts.scopes import Scope
from accounts.services.api_keys import revoke_api_key
from integrations import throttles

from .conftest import client_with

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("redis_url")]


def test_without_a_key_the_answer_says_how_to_send_one(db):
    answer = APIClient().get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in answer.json()["error"]["message"]


@pytest.mark.parametrize("header", ["Bearer pk_0_nonsense", "Bearer ", "Bearer pk_", "Bearer \u00fc"])
def test_a_wrong_key_is_refused(db, header):
    answer = APIClient().get("/api/v1/me", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "authentication_failed"


def test_a_key_in_the_address_is_not_taken(administrator: User):
    assert APIClient().get("/api/v1/me?key=pk_1_2").status_code == 401


def test_a_session_of_a_person_is_not_taken(administrator: User):
    client = APIClient()
    client.force_login(administrator)
    assert client.get("/api/v1/me").status_code == 401


def test_me_tells_whose_key_it_is(api: APIClient, administrator: User):
    told = api.get("/api/v1/me").json()
    assert told["organisation"]["name"] == administrator.organisation.name
    assert told["key"]["scopes"] == sorted(Scope)


def test_the_key_remembers_that_it_was_used(api: APIClient):
    api.get("/api/v1/me")
    assert ApiKey.objects.get().last_used_at is not None


def test_a_revoked_key_is_refused_from_the_next_call_on(api: APIClient, administrator: User):
    revoke_api_key(administrator, ApiKey.objects.get(), datetime.now(UTC))
    assert api.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "/api/v1/campaigns", "campaigns:read"),
        ("get", "/api/v1/calls/abc", "calls:read"),
        ("get", "/api/v1/hooks", "hooks:read"),
        ("get", "/api/v1/hooks/hook_1", "hooks:read"),
        ("get", "/api/v1/hooks/samples/call.disposed", "hooks:read"),
        ("post", "/api/v1/hooks", "hooks:write"),
        ("delete", "/api/v1/hooks/hook_1", "hooks:write"),
    ],
)
def test_each_endpoint_asks_for_its_own_scope(administrator: User, method, path, scope):
    others = sorted({"hooks:read", "hooks:write", "calls:read", "campaigns:read"} - {scope})
    refused = getattr(client_with(administrator, others), method)(path, data={}, format="json")
    assert refused.status_code == 403
    assert scope in refused.json()["error"]["message"]
    assert (
        getattr(client_with(administrator, [scope]), method)(path, data={}, format="json").status_code != 403
    )


@pytest.mark.parametrize("path", ["/api/v1/campaigns", "/api/v1/hooks", "/api/v1/me"])
def test_methods_that_no_endpoint_has_are_refused(api: APIClient, path):
    assert api.put(path, {}, format="json").status_code in (403, 405)


def test_an_unknown_endpoint_is_answered_in_json(api: APIClient):
    answer = api.get("/api/v1/nothing/here")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_a_key_that_calls_too_often_is_told_how_long_to_wait(api: APIClient, monkeypatch):
    monkeypatch.setattr(throttles, "CALLS_A_WINDOW", 2)
    with time_machine.travel(datetime.fromtimestamp(2_000_000_020, UTC), tick=False):
        answers = [api.get("/api/v1/me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) == 20
    assert "Retry-After" in answers[2].json()["error"]["message"]


def test_without_redis_nobody_is_throttled(api: APIClient, settings):
    settings.REDIS_URL = "unix:///tmp/there-is-no-redis-here.sock"
    assert api.get("/api/v1/me").status_code == 200
