"""Whoever changes, drops, inserts or reorders a decision is found, at the place where it was done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from compliance.choices import Finding
from compliance.evidence import verifying
from compliance.evidence.chain import digest_of, entry_of
from compliance.evidence.verifying import COLUMNS, Head, head_of, verify
from compliance.models import Chain, Decision
from tests.accounts.makers import make_organisation

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
CONTENT = [name for name in COLUMNS if name not in ("sequence", "organisation_id", "digest")]


def row(sequence):
    return Decision.objects.filter(sequence=sequence)


def other(value):
    """A value of the same kind that is not this one."""
    if value is None or isinstance(value, int):
        return (value or 0) + 1
    return value + timedelta(microseconds=1) if hasattr(value, "year") else f"{value}x"[-1:]


def found(organisation, *anchors):
    verdict = verify(organisation, anchors)
    return verdict.finding, verdict.sequence, verdict.checked


def write_anew(sequence):
    """What a careful forger does: a digest that fits the changed row."""
    forged = row(sequence).get()
    before = row(sequence - 1).get().digest if sequence > 1 else b""
    row(sequence).update(digest=digest_of(bytes(before), sequence, entry_of(forged)))


def test_what_was_written_is_intact(chain_of_five):
    verdict = verify(chain_of_five)
    assert verdict.intact
    assert verdict.checked == 5
    assert verdict.words == "Intact: 5 decisions, each as it was written."


def test_a_chain_without_a_decision_is_intact(organisation):
    assert verify(organisation.id).checked == 0


@pytest.mark.parametrize("column", CONTENT)
def test_a_changed_column_is_found(chain_of_five, column):
    last = {"retry_at": F("at")} if column == "retry_at" else {column: other(getattr(row(3).get(), column))}
    row(3).update(**last)
    assert found(chain_of_five) == (Finding.CHANGED, 3, 2)


def test_a_decision_that_was_given_to_another_organisation_is_missing(chain_of_five):
    row(3).update(organisation=make_organisation("Elsewhere"))
    assert found(chain_of_five) == (Finding.MISSING, 3, 2)


def test_a_changed_digest_is_found(chain_of_five):
    row(3).update(digest=bytes(32))
    assert found(chain_of_five) == (Finding.CHANGED, 3, 2)


def test_a_decision_that_was_changed_with_its_digest_breaks_the_next(chain_of_five):
    row(3).update(reason="", detail="fine")
    write_anew(3)
    assert found(chain_of_five) == (Finding.CHANGED, 4, 3)


def test_a_chain_that_was_written_anew_to_its_end_differs_from_its_head(chain_of_five):
    row(3).update(caller_id="+13125550199")
    for sequence in (3, 4, 5):
        write_anew(sequence)
    assert found(chain_of_five) == (Finding.HEAD_DIFFERS, 5, 5)


def test_with_the_head_written_anew_too_a_noted_head_tells(chain_of_five):
    noted = head_of(chain_of_five)
    row(3).update(caller_id="+13125550199")
    for sequence in (3, 4, 5):
        write_anew(sequence)
    Chain.objects.update(digest=row(5).get().digest)
    assert verify(chain_of_five).intact
    assert found(chain_of_five, noted) == (Finding.REWRITTEN, 5, 4)


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_dropped_decision_is_missing(chain_of_five, sequence):
    row(sequence).delete()
    assert found(chain_of_five) == (Finding.MISSING, sequence, sequence - 1)


def test_an_end_that_was_cut_off_with_the_head_set_back_is_told_by_a_noted_head(chain_of_five):
    noted = head_of(chain_of_five)
    row(5).delete()
    Chain.objects.update(sequence=4, digest=row(4).get().digest)
    assert verify(chain_of_five).intact
    assert found(chain_of_five, noted) == (Finding.CUT_OFF, 5, 4)


def test_two_decisions_that_changed_places_are_found(chain_of_five):
    row(2).update(sequence=99)
    row(3).update(sequence=2)
    row(99).update(sequence=3)
    assert found(chain_of_five) == (Finding.CHANGED, 2, 1)


def test_a_decision_put_in_between_is_found(chain_of_five):
    Decision.objects.filter(sequence__gte=3).update(sequence=F("sequence") + 100)
    Decision.objects.filter(sequence__gte=100).update(sequence=F("sequence") - 99)
    copy(row(2).get(), 3)
    Chain.objects.update(sequence=6)
    assert found(chain_of_five) == (Finding.CHANGED, 3, 2)


def test_a_decision_put_before_the_first_is_found(chain_of_five):
    copy(row(1).get(), 0)
    assert found(chain_of_five) == (Finding.INSERTED, 0, 0)


def test_a_decision_put_behind_the_head_is_found(chain_of_five):
    copy(row(5).get(), 6)
    assert found(chain_of_five) == (Finding.BEHIND_HEAD, 6, 5)


def test_the_chains_of_two_organisations_do_not_touch(chain_of_five, gate, ask):
    elsewhere = make_organisation("Elsewhere")
    gate.decide([ask(organisation=elsewhere.id)])
    row(2).filter(organisation=chain_of_five).delete()
    assert verify(elsewhere.id).intact
    assert not verify(chain_of_five).intact


def test_a_chain_of_many_pages_is_read_a_page_at_a_time(
    chain_of_five, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(verifying, "PAGE_ROWS", 2)
    seen = []
    with django_assert_num_queries(3 + 3):
        assert verify(chain_of_five, progress=lambda *counts: seen.append(counts)).intact
    assert seen == [(2, 5), (4, 5)]


def test_a_head_reads_back_as_it_was_written(chain_of_five):
    head = head_of(chain_of_five)
    assert Head.read(f" {head}\n") == head
    for wrong in ("", "5", "5:abc", "0:" + "00" * 32, "x:" + "00" * 32):
        with pytest.raises(ValueError, match="SEQUENCE:DIGEST"):
            Head.read(wrong)


def copy(decision, sequence):
    decision.pk, decision.sequence, decision.reason = None, sequence, "stopped"
    decision.save(force_insert=True)
