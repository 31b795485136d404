"""The administrator's pages: what they show, what they do, and who may not."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import ApiKey, AuditEntry, User
from accounts.services.api_keys import find_api_key
from campaigns.models import Campaign
from integrations.models import Delivery, Hook
from integrations.services.change_hook import disable_hook
from integrations.services.fan_out import fan_out

from .conftest import NOW, Receiver, dispose, subscribe

pytestmark = pytest.mark.integration

PAGES = (
    "/integrations/",
    "/integrations/keys/",
    "/integrations/deliveries/",
    "/integrations/webhooks/new/",
    "/integrations/keys/new/",
)


@pytest.fixture
def browser(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_while_there_is_nothing_yet(browser: Client, page):
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.READER])
@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_enter(administrator: User, role, page):
    person = User.objects.create_user(username=role, organisation=administrator.organisation, role=role)
    client = Client()
    client.force_login(person)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_nobody_enters_without_signing_in(db, page):
    assert Client().get(page).status_code == 302


def test_a_new_key_is_shown_once_and_works(browser: Client, redis_url: str):
    answer = browser.post(
        "/integrations/keys/new/", {"name": "Zapier", "scopes": ["hooks:read"], "life": "90"}
    )
    key = ApiKey.objects.get()
    shown = re.search(rf"pk_{key.prefix}_[\w-]+", text_of(answer))[0]
    assert find_api_key(shown, key.created_at) == key
    assert "no-store" in answer.headers["Cache-Control"]
    assert shown not in text_of(browser.get("/integrations/keys/"))


def test_a_key_without_a_scope_is_not_made(browser: Client):
    answer = browser.post("/integrations/keys/new/", {"name": "Zapier", "life": ""})
    assert "This field is required" in text_of(answer)
    assert ApiKey.objects.count() == 0


def test_revoking_ends_a_key(browser: Client):
    browser.post("/integrations/keys/new/", {"name": "Zapier", "scopes": ["hooks:read"], "life": ""})
    key = ApiKey.objects.get()
    browser.post(f"/integrations/keys/{key.pk}/revoke/")
    assert "Revoked" in text_of(browser.get("/integrations/keys/"))
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_new_webhook_shows_its_secret_once(browser: Client, receiver: Receiver):
    answer = browser.post(
        "/integrations/webhooks/new/", {"target_url": receiver.url, "event_types": ["call.disposed"]}
    )
    secret = re.search(r"whsec_[\w+/=]+", text_of(answer))[0]
    hook = Hook.objects.get()
    assert secret not in text_of(browser.get(f"/integrations/webhooks/{hook.pk}/"))


def test_a_private_address_is_refused_on_the_form(browser: Client):
    answer = browser.post(
        "/integrations/webhooks/new/",
        {"target_url": "https://192.168.0.1/", "event_types": ["call.disposed"]},
    )
    assert "192.168.0.1 is not a public address" in text_of(answer)
    assert Hook.objects.count() == 0


def test_another_organisations_campaign_cannot_be_chosen(browser: Client, stranger: User, receiver: Receiver):
    theirs = Campaign.objects.create(organisation=stranger.organisation, name="Theirs")
    wish = {"target_url": receiver.url, "event_types": ["call.disposed"], "campaign": theirs.pk}
    assert "Select a valid choice" in text_of(browser.post("/integrations/webhooks/new/", wish))


def test_a_webhook_that_is_off_says_why_and_can_be_turned_on(browser: Client, hook: Hook):
    disable_hook(hook, "a test", "The receiver answered 410 Gone.", NOW)
    assert "The receiver answered 410 Gone." in text_of(browser.get("/integrations/"))
    browser.post(f"/integrations/webhooks/{hook.pk}/switch/", {"on": "yes"})
    hook.refresh_from_db()
    assert hook.disabled_at is None


def test_turning_off_names_the_person(browser: Client, hook: Hook, administrator: User):
    browser.post(f"/integrations/webhooks/{hook.pk}/switch/", {"on": "no"})
    hook.refresh_from_db()
    assert hook.disabled_reason == f"Turned off by {administrator.display_name}."


def test_a_rotated_secret_is_shown_once(browser: Client, hook: Hook):
    assert "whsec_" in text_of(browser.post(f"/integrations/webhooks/{hook.pk}/rotate/"))
    page = text_of(browser.get(f"/integrations/webhooks/{hook.pk}/"))
    assert "whsec_" not in page
    assert "the old secret signs too until" in page


def test_a_removed_webhook_is_gone_but_in_the_audit_log(browser: Client, hook: Hook):
    browser.post(f"/integrations/webhooks/{hook.pk}/remove/")
    assert Hook.objects.count() == 0
    assert AuditEntry.objects.get(action="hook.removed").target == hook.pk


def test_the_log_shows_what_the_receiver_answered_and_replays(
    browser: Client, hook: Hook, campaign: Campaign
):
    dispose(campaign)
    fan_out(NOW)
    Delivery.objects.update(attempts=2, last_status=500, last_error="HTTP 500: full", last_duration_ms=31)
    page = text_of(browser.get("/integrations/deliveries/", {"state": "retrying", "hook": hook.pk}))
    assert "HTTP 500: full" in page
    assert "31 ms" in page
    delivery = Delivery.objects.get()
    answer = browser.post(
        f"/integrations/deliveries/{delivery.pk}/replay/", {"back": f"/integrations/webhooks/{hook.pk}/"}
    )
    delivery.refresh_from_db()
    assert (answer.url, delivery.attempts) == (f"/integrations/webhooks/{hook.pk}/", 0)


def test_after_a_replay_no_other_site_can_be_gone_to(browser: Client, hook: Hook, campaign: Campaign):
    dispose(campaign)
    fan_out(NOW)
    address = f"/integrations/deliveries/{Delivery.objects.get().pk}/replay/"
    for elsewhere in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        assert browser.post(address, {"back": elsewhere}).url == "/integrations/deliveries/"


def test_the_log_has_no_row_of_another_organisation(browser: Client, stranger: User, receiver: Receiver):
    theirs = Campaign.objects.create(organisation=stranger.organisation, name="Theirs")
    subscribe(stranger, receiver.url)
    dispose(theirs)
    fan_out(NOW)
    assert "No deliveries" in text_of(browser.get("/integrations/deliveries/"))


@pytest.mark.parametrize("verb", ["switch", "rotate", "remove", ""])
def test_another_organisations_webhook_is_not_found(stranger: User, hook: Hook, verb):
    client = Client()
    client.force_login(stranger)
    address = f"/integrations/webhooks/{hook.pk}/"
    answer = client.post(f"{address}{verb}/") if verb else client.get(address)
    assert answer.status_code == 404


def test_another_organisations_key_and_delivery_are_not_found(
    browser: Client, stranger: User, hook: Hook, campaign: Campaign
):
    dispose(campaign)
    fan_out(NOW)
    browser.post("/integrations/keys/new/", {"name": "Zapier", "scopes": ["hooks:read"], "life": ""})
    client = Client()
    client.force_login(stranger)
    assert client.post(f"/integrations/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 404
    assert client.post(f"/integrations/deliveries/{Delivery.objects.get().pk}/replay/").status_code == 404


def test_the_log_asks_as_many_queries_for_many_rows_as_for_one(
    browser: Client, hook: Hook, campaign: Campaign, django_assert_max_num_queries
):
    for _ in range(5):
        dispose(campaign)
    fan_out(NOW)
    with django_assert_max_num_queries(8):
        browser.get("/integrations/deliveries/")
