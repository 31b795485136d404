"""Entries of the ledger as the tests need them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Organisation
from compliance.choices import ConsentKind, ConsentMeans
from compliance.consent.ledger import expiry_of
from compliance.facts import gather
from compliance.models import Consent
from compliance.numbers import to_digits
from compliance.rules.consent import needed_for
from tests.compliance.conftest import NOON_IN_NEW_YORK, TEMPLATE


@pytest.fixture
def enter(organisation):
    """Write an entry of the template's number, by default an hour before the clock."""

    def write(kind, given_at=NOON_IN_NEW_YORK - timedelta(hours=1), **changes):
        values = {
            "organisation": organisation,
            "number": to_digits(TEMPLATE.number),
            "kind": ConsentKind(kind),
            "given_at": given_at,
            "means": ConsentMeans.WEB,
            **changes,
        }
        values["expires_at"] = expiry_of(kind, given_at, values.get("expires_at"))
        return Consent.objects.create(**values)

    return write


@pytest.fixture
def other_organisation(db):
    return Organisation.objects.create(name="Beta")


@pytest.fixture
def needs_of_dial():
    """What such a dial needs of the ledger."""

    def needed(request):
        return needed_for(request, gather([request], NOON_IN_NEW_YORK, clock_is_offset=False))

    return needed
