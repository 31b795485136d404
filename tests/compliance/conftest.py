"""Requests and gates as the tests of the gate need them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from accounts.models import Organisation
from compliance.choices import DialKind, Purpose
from compliance.gate import CallerIdOffer, CampaignHours, DialRequest, Gate
from compliance.models import CallerId
from compliance.stir.signers import forget_signers

KEY = b"k" * 32
NOON_IN_NEW_YORK = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""A Friday."""
ALWAYS = CampaignHours(time(0), time(0), "1234567", "America/New_York")

TEMPLATE = DialRequest(
    call="",
    organisation=1,
    campaign=7,
    epoch=3,
    node="line-1",
    trunk=2,
    trunk_is_loopback=False,
    subject="lead:1",
    number="+12125550123",
    kind=DialKind.AUTO,
    attempts=0,
    max_attempts=3,
    caller_ids=(CallerIdOffer("+13125550100", "Acme"),),
    trunk_presents_caller_id=False,
    state="",
    postal_code="",
    time_zone="",
    hours=ALWAYS,
    dialing_stopped=False,
    campaign_dialing=True,
    purpose=Purpose.INFORMATION,
)


class SetClock:
    """A clock that shows what it is set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def give_caller_ids(organisation, *offers):
    """Put what a campaign offers into the organisation's pool, switched on."""
    CallerId.objects.bulk_create(
        CallerId(organisation=organisation, number=offer.number, display_name=offer.display_name)
        for offer in offers
    )


@pytest.fixture(autouse=True)
def _no_signer_of_another_test():
    """Signers are kept by their number, and each test begins to count anew."""
    forget_signers()


@pytest.fixture
def organisation(db):
    made = Organisation.objects.create(name="Acme")
    give_caller_ids(made, *TEMPLATE.caller_ids)
    return made


@pytest.fixture
def ask(organisation):
    """A request like the template, for a call of its own, with some fields changed."""

    def build(**changes):
        return replace(TEMPLATE, **{"call": uuid.uuid4().hex, "organisation": organisation.id, **changes})

    return build


@pytest.fixture
def clock():
    return SetClock(NOON_IN_NEW_YORK)


@pytest.fixture
def gate(clock):
    return Gate(KEY, clock=clock, wall=lambda: clock().timestamp())
