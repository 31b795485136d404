"""From an event to a receiver: told once, signed, tried again, given up, replayed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from standardwebhooks.webhooks import Webhook

from accounts.models import AuditEntry, OutboxEvent, User
from accounts.sealing import unseal
from campaigns.models import Campaign
from dialer.celery import app
from integrations.choices import DeliveryState
from integrations.models import Delivery, Hook
from integrations.services.change_hook import disable_hook, enable_hook, rotate_secret
from integrations.services.claim_deliveries import claim_deliveries, claim_delivery, claim_due_hooks
from integrations.services.fan_out import fan_out, fan_out_event
from integrations.services.replay_delivery import replay_delivery
from integrations.services.work_off_hook import work_off_hook
from integrations.signing import SECRET_USE
from integrations.tasks import deliver_due

from .conftest import LEAD_NUMBER, NOW, Clock, Receiver, dispose, subscribe

pytestmark = pytest.mark.integration


def run(clock: Clock) -> int:
    """What the workers do at one tick; how many tries were made."""
    fan_out(clock())
    return sum(work_off_hook(pk, clock) for pk in claim_due_hooks(clock()))


def verify(receiver: Receiver, secret: str, request: int = 0) -> dict:
    """Check a request as a receiver does, with the library; its content."""
    received = receiver.requests[request]
    return Webhook(secret).verify(received.body, received.headers)


def secret_of(hook: Hook) -> str:
    return unseal(Hook.objects.get(pk=hook.pk).secret_sealed, SECRET_USE)


def test_a_disposed_call_reaches_the_receiver_signed(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    event = dispose(campaign)
    assert run(clock) == 1
    with time_machine.travel(NOW, tick=False):
        told = verify(receiver, secret_of(hook))
    assert (told["id"], told["type"], told["timestamp"]) == (
        event.pk,
        "call.disposed",
        "2026-11-20T15:00:00Z",
    )
    assert told["data"]["call"]["number"] == LEAD_NUMBER
    assert told["data"]["disposition"] == {"code": "sale", "name": "Sale", "meaning": "success"}
    assert Delivery.objects.get().state is DeliveryState.DELIVERED


def test_what_is_delivered_is_told_once(hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock):
    dispose(campaign)
    assert [run(clock), run(clock)] == [1, 0]
    clock.move(days=10)
    assert run(clock) == 0
    assert len(receiver.requests) == 1


def test_a_failure_is_tried_again_under_the_same_id_with_a_new_signature(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    event = dispose(campaign)
    receiver.answers(500)
    run(clock)
    clock.move(seconds=6)
    receiver.answers(204)
    run(clock)
    first, second = (request.headers for request in receiver.requests)
    assert first["webhook-id"] == second["webhook-id"] == event.pk
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 6
    assert receiver.requests[0].body == receiver.requests[1].body
    with time_machine.travel(clock(), tick=False):
        assert verify(receiver, secret_of(hook), request=1)["id"] == event.pk


def test_ten_failures_end_it_and_turn_the_webhook_off_with_the_reason(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    dispose(campaign)
    receiver.answers(500, body=b"no disk left")
    for _ in range(12):
        run(clock)
        clock.move(hours=27)
    hook.refresh_from_db()
    assert len(receiver.requests) == 10
    assert Delivery.objects.get().state is DeliveryState.FAILED
    assert hook.disabled_reason == "Given up after 10 tries. The last one: HTTP 500: no disk left"
    assert AuditEntry.objects.filter(action="hook.disabled").count() == 1


def test_nothing_is_tried_before_its_time(hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock):
    dispose(campaign)
    receiver.answers(500)
    run(clock)
    clock.move(seconds=4.9)
    assert run(clock) == 0


def test_410_turns_the_webhook_off_at_once(hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock):
    dispose(campaign)
    receiver.answers(410)
    run(clock)
    dispose(campaign, clock.move(minutes=1))
    assert run(clock) == 0
    hook.refresh_from_db()
    assert "410 Gone" in hook.disabled_reason


def test_a_redirect_is_a_failure(hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock):
    dispose(campaign)
    receiver.answers(301, {"Location": "https://example.com/"})
    run(clock)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_status) == (DeliveryState.RETRYING, 301)


def test_retry_after_rests_every_delivery_of_the_webhook(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    dispose(campaign)
    receiver.answers(429, {"Retry-After": "120"})
    run(clock)
    dispose(campaign, clock.move(seconds=10))
    receiver.answers(204)
    assert run(clock) == 0
    clock.move(seconds=111)
    assert run(clock) == 2


def test_an_unreachable_receiver_is_written_down_in_words(
    administrator: User, campaign: Campaign, clock: Clock
):
    subscribe(administrator, "http://127.0.0.1:1/hook")
    dispose(campaign)
    run(clock)
    delivery = Delivery.objects.get()
    assert delivery.last_status is None
    assert delivery.last_error.startswith("The connection failed")


def test_one_webhooks_failure_is_not_anothers(
    administrator: User, hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    broken = subscribe(administrator, "http://127.0.0.1:1/hook")
    dispose(campaign)
    run(clock)
    states = {delivery.hook_id: delivery.state for delivery in Delivery.objects.all()}
    assert states == {hook.pk: DeliveryState.DELIVERED, broken.pk: DeliveryState.RETRYING}


def test_an_event_goes_to_its_organisation_and_campaign_only(
    administrator: User, stranger: User, campaign: Campaign, receiver: Receiver, clock: Clock
):
    other = Campaign.objects.create(organisation=administrator.organisation, name="Autumn")
    theirs = Campaign.objects.create(organisation=stranger.organisation, name="Theirs")
    wanted = subscribe(administrator, receiver.url, campaign)
    subscribe(administrator, receiver.url, other)
    subscribe(stranger, receiver.url)
    subscribe(stranger, receiver.url, theirs)
    dispose(campaign)
    fan_out(clock())
    assert list(Delivery.objects.values_list("hook", flat=True)) == [wanted.pk]


def test_a_webhook_gets_nothing_from_before_it_was_made(
    administrator: User, campaign: Campaign, receiver: Receiver, clock: Clock
):
    dispose(campaign, NOW - timedelta(days=2))
    subscribe(administrator, receiver.url)
    assert run(clock) == 0


def test_two_workers_make_the_deliveries_of_an_event_once(hook: Hook, campaign: Campaign, clock: Clock):
    event = dispose(campaign)
    seen_by_another = OutboxEvent.objects.get(pk=event.pk)
    assert [fan_out_event(event, clock()), fan_out_event(seen_by_another, clock())] == [True, False]
    assert Delivery.objects.count() == 1


def test_two_workers_cannot_claim_one_delivery(hook: Hook, campaign: Campaign, clock: Clock):
    dispose(campaign)
    fan_out(clock())
    mine, yours = Delivery.objects.get(), Delivery.objects.get()
    assert [claim_delivery(mine, clock()), claim_delivery(yours, clock())] == [True, False]
    assert Delivery.objects.get().attempts == 1


def test_two_workers_cannot_claim_one_webhook(hook: Hook, campaign: Campaign, clock: Clock):
    dispose(campaign)
    fan_out(clock())
    assert claim_due_hooks(clock()) == [hook.pk]
    assert claim_due_hooks(clock()) == []


def test_what_a_dead_worker_held_falls_due_again(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    dispose(campaign)
    fan_out(clock())
    claim_due_hooks(clock())
    assert len(claim_deliveries(hook, clock(), 8)) == 1
    clock.move(seconds=89)
    assert run(clock) == 0
    clock.move(seconds=2)
    assert run(clock) == 1
    assert Delivery.objects.get().attempts == 2


def test_replaying_sends_the_same_event_again(
    administrator: User, hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    dispose(campaign)
    run(clock)
    replay_delivery(administrator, Delivery.objects.get(), clock.move(hours=1))
    assert run(clock) == 1
    first, second = (request.headers["webhook-id"] for request in receiver.requests)
    assert first == second
    assert AuditEntry.objects.get(action="delivery.replayed").actor == administrator.username


def test_a_delivery_of_a_webhook_that_is_off_is_not_replayed(
    administrator: User, hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    dispose(campaign)
    run(clock)
    disable_hook(hook, "a test", "closed", clock())
    with pytest.raises(ValidationError, match="Turn it on"):
        replay_delivery(administrator, Delivery.objects.get(), clock())


def test_what_waited_while_a_webhook_was_off_goes_out_when_it_is_on(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    dispose(campaign)
    fan_out(clock())
    disable_hook(hook, "a test", "closed", clock())
    assert run(clock) == 0
    enable_hook(hook, "a test")
    assert run(clock) == 1


def test_during_a_rotation_both_secrets_verify_and_afterwards_the_new_one_alone(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    old = secret_of(hook)
    new = rotate_secret(hook, "a test", clock())
    dispose(campaign)
    run(clock)
    with time_machine.travel(clock(), tick=False):
        assert verify(receiver, old) == verify(receiver, new)
    dispose(campaign, clock.move(hours=25))
    run(clock)
    assert len(receiver.requests[1].headers["webhook-signature"].split(" ")) == 1
    with time_machine.travel(clock(), tick=False):
        assert verify(receiver, new, request=1)


def test_the_tick_starts_a_sender_for_each_webhook(
    hook: Hook, campaign: Campaign, receiver: Receiver, monkeypatch
):
    monkeypatch.setitem(app.conf.changes, "task_always_eager", True)
    dispose(campaign)
    with time_machine.travel(NOW):
        deliver_due.delay()
    assert len(receiver.requests) == 1


def test_logs_of_deliveries_hold_no_number_and_no_secret(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock, caplog
):
    caplog.set_level("DEBUG")
    receiver.answers(500, body=f"cannot call {LEAD_NUMBER}".encode())
    dispose(campaign)
    run(clock)
    assert "Webhook tried" in caplog.text
    assert LEAD_NUMBER not in caplog.text
    assert LEAD_NUMBER[2:] not in caplog.text
    assert secret_of(hook) not in caplog.text
    assert json.loads(receiver.requests[0].body)["data"]["call"]["number"] == LEAD_NUMBER
