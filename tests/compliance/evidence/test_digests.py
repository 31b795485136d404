"""A decision's digest is the same from the database as it was when written, whatever the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from compliance.evidence import chain
from compliance.evidence.chain import Entry, digest_of, entry_of
from compliance.evidence.verifying import verify
from compliance.models import Decision

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
AT = datetime(2026, 11, 20, 17, 0, 0, 123457, tzinfo=UTC)
PLAIN = {
    "call": "a" * 32,
    "campaign": 7,
    "subject": "lead:1",
    "topic": "",
    "number": 12125550123,
    "kind": "auto",
    "at": AT,
    "evidence": '{"asked":{},"rules":{}}',
}
PINNED = "b5cc306bf2ab7a98c1baf44995f64e4e8184e603d41d457451f7eb1eff63247c"
ODD = [
    {},
    {"at": AT.replace(microsecond=1)},
    {"at": AT.replace(microsecond=999_999), "retry_at": AT.replace(microsecond=0)},
    {"at": AT.astimezone(timezone(timedelta(hours=5, minutes=45)))},
    {"at": datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "reason": "window", "retry_at": AT},
    {"number": None, "detail": "Not a number: “+1 (é) 春” \t\n\\ '\" %s"},
    {"number": 999_999_999_999_999, "campaign": 2**62, "trunk": 2**62},
    {"detail": " spaces at both ends ", "topic": "x" * 80, "signer": "ключ"},
]


@pytest.mark.parametrize("changes", ODD)
def test_what_was_written_hashes_alike_when_it_is_read(organisation, changes):
    entry = Entry(organisation=organisation.id, **(PLAIN | changes))
    chain.append(chain.lock({organisation.id}), [entry])
    row = Decision.objects.get()
    assert bytes(row.digest) == digest_of(b"", 1, entry) == digest_of(b"", 1, entry_of(row))
    assert verify(organisation.id).intact


def test_the_digest_of_a_known_decision_never_changes():
    """On every database and in every later version: an old export must still prove itself."""
    assert digest_of(b"", 1, Entry(organisation=1, **PLAIN)).hex() == PINNED
