"""Old events are deleted, those that are still waited for are not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import OutboxEvent
from campaigns.models import Campaign
from integrations.models import Delivery, Hook
from integrations.services.fan_out import fan_out
from integrations.services.forget_events import KEPT, forget_events

from .conftest import NOW, Clock, Receiver, dispose
from .test_deliveries import run

pytestmark = pytest.mark.integration


def test_an_event_goes_after_its_time_with_its_deliveries(
    hook: Hook, campaign: Campaign, receiver: Receiver, clock: Clock
):
    dispose(campaign)
    run(clock)
    assert forget_events(NOW + KEPT) == 0
    assert forget_events(NOW + KEPT + timedelta(seconds=1)) == 1
    assert (OutboxEvent.objects.count(), Delivery.objects.count()) == (0, 0)


def test_an_event_that_is_still_waited_for_stays(hook: Hook, campaign: Campaign):
    dispose(campaign)
    fan_out(NOW)
    assert forget_events(NOW + 2 * KEPT) == 0


def test_what_waits_for_a_webhook_that_is_off_goes(hook: Hook, campaign: Campaign):
    dispose(campaign)
    fan_out(NOW)
    Hook.objects.update(disabled_at=NOW)
    assert forget_events(NOW + 2 * KEPT) == 1
