"""Taking a number off the do-not-call list leaves a trace."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry, Organisation
from compliance.models import DncEntry
from compliance.services.add_to_dnc import add_to_dnc
from compliance.services.remove_from_dnc import remove_from_dnc

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_taking_a_number_off_is_audited_with_what_stood_there():
    organisation = Organisation.objects.create(name="Acme")
    add_to_dnc(organisation.id, ["+12025550123"], "manual", note="by letter", actor="ann")
    assert remove_from_dnc(organisation, "+12025550123", "bob", "typed wrongly")
    assert not DncEntry.objects.exists()
    audit = AuditEntry.objects.get()
    assert (audit.actor, audit.action, audit.target) == ("bob", "dnc.removed", "+12025550123")
    assert audit.before["note"] == "by letter"
    assert audit.after == {"reason": "typed wrongly"}
    assert not remove_from_dnc(organisation, "+12025550123", "bob", "again")
