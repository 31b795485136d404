"""The contract that Zapier, Make and n8n rely on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.models import Campaign
from integrations.models import Hook
from integrations.services.change_hook import disable_hook

from .conftest import NOW, client_with, dispose, make_call

pytestmark = pytest.mark.integration

URL = "http://127.0.0.1:9/hook"
WISH = {"target_url": URL, "event_types": ["call.disposed"]}


def post(api: APIClient, **changes: object):
    return api.post("/api/v1/hooks", {**WISH, **changes}, format="json")


def test_subscribing_answers_201_with_an_id_and_the_secret_this_once(api: APIClient):
    answer = post(api)
    told = answer.json()
    assert answer.status_code == 201
    assert told["id"].startswith("hook_")
    assert told["secret"].startswith("whsec_")
    assert "secret" not in api.get(f"/api/v1/hooks/{told['id']}").json()
    assert told["secret"] not in str(Hook.objects.values().get())


def test_subscribing_twice_finds_the_first_subscription(api: APIClient):
    first, second = post(api), post(api)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert "secret" not in second.json()


def test_subscribing_again_turns_a_disabled_webhook_on(api: APIClient):
    hook = Hook.objects.get(pk=post(api).json()["id"])
    disable_hook(hook, "a test", "gone", NOW)
    assert post(api).json()["disabled_at"] is None


def test_another_campaign_or_address_is_another_subscription(api: APIClient, campaign: Campaign):
    ids = {
        post(api).json()["id"],
        post(api, campaign=campaign.pk).json()["id"],
        post(api, target_url=URL + "2").json()["id"],
    }
    assert len(ids) == 3


def test_the_receivers_own_secret_is_taken_and_not_told_back(api: APIClient):
    secret = "whsec_" + "QUJD" * 8
    answer = post(api, secret=secret)
    assert answer.status_code == 201
    assert "secret" not in answer.json()
    assert post(api, secret="whsec_" + "REVG" * 8).status_code == 400


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"target_url": "https://10.0.0.1/hook"}, "target_url"),
        ({"target_url": "not an address"}, "target_url"),
        ({"target_url": ""}, "target_url"),
        ({"event_types": []}, "event_types"),
        ({"event_types": ["call.invented"]}, "event_types"),
        ({"event_types": "call.disposed"}, "event_types"),
        ({"campaign": 999_999}, "campaign"),
        ({"campaign": "spring"}, "campaign"),
        ({"secret": "short"}, "secret"),
        ({"secret": "whsec_not base64!"}, "secret"),
        ({"campaign_id": 1}, "campaign_id"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_in_words(api: APIClient, changes, field):
    answer = post(api, **changes)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "invalid"
    assert list(error["fields"]) == [field]
    assert error["message"].startswith(field)
    assert Hook.objects.count() == 0


@pytest.mark.parametrize("body", ["[]", "{", '"text"', "null", ""])
def test_a_body_that_is_no_object_is_refused(api: APIClient, body):
    answer = api.post("/api/v1/hooks", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_a_form_instead_of_json_is_told_what_to_send(api: APIClient):
    answer = api.post("/api/v1/hooks", "target_url=x", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
    assert "application/json" in answer.json()["error"]["message"]


def test_another_organisations_campaign_is_as_unknown_as_none(api: APIClient, stranger: User):
    theirs = Campaign.objects.create(organisation=stranger.organisation, name="Theirs")
    assert post(api, campaign=theirs.pk).json()["error"]["fields"].keys() == {"campaign"}


def test_unsubscribing_answers_204_also_twice(api: APIClient):
    address = f"/api/v1/hooks/{post(api).json()['id']}"
    assert [api.delete(address).status_code for _ in range(2)] == [204, 204]
    assert Hook.objects.count() == 0


def test_another_organisations_webhook_is_neither_seen_nor_removed(api: APIClient, stranger: User):
    address = f"/api/v1/hooks/{post(api).json()['id']}"
    other = client_with(stranger)
    assert other.get(address).status_code == 404
    assert other.get("/api/v1/hooks").json() == []
    assert other.delete(address).status_code == 204
    assert Hook.objects.count() == 1


def test_webhooks_are_found_by_their_address(api: APIClient):
    wanted = post(api).json()["id"]
    post(api, target_url=URL + "2")
    found = api.get("/api/v1/hooks", {"target_url": URL}).json()
    assert [hook["id"] for hook in found] == [wanted]


def test_samples_are_real_events_newest_first_each_with_its_id(api: APIClient, campaign: Campaign):
    events = [dispose(campaign, NOW + timedelta(minutes=n)) for n in range(3)]
    samples = api.get("/api/v1/hooks/samples/call.disposed").json()
    assert [sample["id"] for sample in samples] == [event.pk for event in reversed(events)]
    assert samples[0]["type"] == "call.disposed"
    assert samples[0]["data"]["lead"]["custom"] == {"plan": "gold"}


def test_samples_of_another_organisation_are_not_told(campaign: Campaign, stranger: User, redis_url: str):
    dispose(campaign)
    assert client_with(stranger).get("/api/v1/hooks/samples/call.disposed").json() == []


def test_samples_of_an_event_that_does_not_exist_are_404(api: APIClient):
    assert api.get("/api/v1/hooks/samples/call.invented").status_code == 404


def test_campaigns_are_listed_for_drop_downs(api: APIClient, campaign: Campaign, stranger: User):
    Campaign.objects.create(organisation=stranger.organisation, name="Theirs")
    found = api.get("/api/v1/campaigns", {"fields": "id,name"}).json()
    assert found == [{"id": campaign.pk, "name": "Spring"}]


def test_a_campaign_field_that_does_not_exist_is_named(api: APIClient):
    answer = api.get("/api/v1/campaigns", {"fields": "id,password"})
    assert answer.status_code == 400
    assert "password" in answer.json()["error"]["message"]


def test_a_call_is_told_to_its_own_organisation_only(api: APIClient, campaign: Campaign, stranger: User):
    call = make_call(campaign)
    told = api.get(f"/api/v1/calls/{call.pk}").json()
    assert told["call"]["talk_s"] == 120.0
    assert client_with(stranger).get(f"/api/v1/calls/{call.pk}").status_code == 404
