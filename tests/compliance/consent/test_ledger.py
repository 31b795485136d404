"""Which entries are in force, held against a plain re-statement of the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.choices import ConsentKind
from compliance.consent.ledger import Entry, expiry_of, in_force

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
moments = st.integers(-5, 5).map(lambda seconds: NOW + seconds * SECOND)


@st.composite
def ledgers(draw):
    """Entries whose moments lie within seconds of each other and of the clock."""
    entries = []
    for number in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(ConsentKind))
        expires_at = draw(st.none() | moments)
        entries.append(Entry(number, kind, draw(moments), expires_at))
    return entries


def is_in_force(entry: Entry, others: list[Entry], now: datetime) -> bool:
    """The rules, each as a sentence: slow, and written without the code under test."""
    began = entry.given_at <= now
    ended = entry.expires_at is not None and not now < entry.expires_at
    revocations = [other.given_at for other in others if other.kind == "revoked"]
    if entry.kind in ("written", "express"):
        taken_back = any(not revoked < entry.given_at for revoked in revocations)
    else:
        taken_back = bool(revocations)
    return entry.kind != "revoked" and began and not ended and not taken_back


@settings(max_examples=400, deadline=None)
@given(ledgers(), moments)
def test_what_is_in_force_is_what_the_rules_say(entries, now):
    expected = {entry.id for entry in entries if is_in_force(entry, entries, now)}
    assert {entry.id for entry in in_force(entries, now)} == expected


@settings(max_examples=200, deadline=None)
@given(ledgers().flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))))
def test_the_order_in_which_entries_were_written_changes_nothing(both):
    written, shuffled = both
    assert in_force(written, NOW) == in_force(shuffled, NOW)


@settings(max_examples=200, deadline=None)
@given(ledgers(), moments)
def test_a_further_revocation_never_lets_more_be_called(entries, revoked_at):
    before = {entry.id for entry in in_force(entries, NOW)}
    after = {entry.id for entry in in_force([*entries, Entry(99, "revoked", revoked_at)], NOW)}
    assert after <= before


def test_the_newest_entry_comes_first():
    older, newer = Entry(1, "written", NOW - 2 * SECOND), Entry(2, "written", NOW - SECOND)
    assert [entry.id for entry in in_force([older, newer], NOW)] == [2, 1]


@pytest.mark.parametrize(
    ("kind", "given_at", "ends"),
    [
        ("purchase", datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2027, 7, 15, 12, tzinfo=UTC)),
        ("inquiry", datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 4, 15, 12, tzinfo=UTC)),
        ("inquiry", datetime(2026, 11, 30, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)),
        ("purchase", datetime(2026, 8, 31, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
        ("inquiry", datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 3, 31, tzinfo=UTC)),
    ],
)
def test_a_relationship_ends_by_calendar_months(kind, given_at, ends):
    assert expiry_of(kind, given_at, None) == ends
    assert expiry_of(kind, given_at, ends + SECOND) == ends
    assert expiry_of(kind, given_at, ends - SECOND) == ends - SECOND


def test_a_consent_holds_until_it_is_revoked_or_its_own_end():
    assert expiry_of("written", NOW, None) is None
    assert expiry_of("express", NOW, NOW + SECOND) == NOW + SECOND
