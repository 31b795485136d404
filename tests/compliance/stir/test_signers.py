"""Each call is signed by the signer of its trunk, or does not go out."""

from __future__ import annotations

import uuid
from datetime import timedelta

import msgspec
import pytest

from accounts.models import Organisation
from compliance.choices import Refused as Reason
from compliance.choices import SignerKind
from compliance.gate import Granted, Refused
from compliance.models import Certificate, Decision, Signer
from compliance.services.use_certificate import use_certificate
from compliance.stir import signers
from compliance.stir.identity_header import parse_identity
from compliance.stir.passport import Div, Rcd
from compliance.stir.signers import Asked, Signed, SignerBook, Unsigned, sign_all
from compliance.stir.values import SignerRecord
from compliance.stir.verdicts import Verstat
from compliance.stir.verifier import Incoming, Verifier

from .authority import NOW, X5U, new_authority
from .makers import WHO, certify, local_signer, trust
from .test_verifier import Shelf

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
AT = NOW.timestamp()
CALL = Asked(0, 1, "A", "+12025550123", "+13125550199", AT)


@pytest.fixture
def authority():
    return new_authority()


@pytest.fixture
def signer(organisation, authority) -> Signer:
    trust(organisation, authority)
    made = local_signer(organisation)
    certify(made, authority)
    return made


@pytest.fixture
def call(organisation, signer) -> Asked:
    return msgspec.structs.replace(CALL, signer=signer.pk, organisation=organisation.pk)


def change(call: Asked, **changes: object) -> Asked:
    return msgspec.structs.replace(call, **changes)


def sign(call: Asked) -> Signed | Unsigned:
    (answer,) = sign_all([call])
    return answer


def test_a_trunk_without_signer_leaves_it_to_its_carrier_and_records_what_was_asked(organisation) -> None:
    answer = sign(change(CALL, organisation=organisation.pk))
    assert (answer.identity, answer.attestation, answer.signer) == ("", "A", "carrier")
    assert uuid.UUID(answer.origid).version == 5
    assert sign(change(CALL, organisation=organisation.pk, dest="+13125550100")).origid == answer.origid
    assert sign(change(CALL, organisation=organisation.pk + 1)).origid != answer.origid
    assert sign(change(CALL, organisation=organisation.pk, attestation="")).attestation == ""


def test_an_agreement_with_a_carrier_has_a_name_an_origid_and_a_highest_level(organisation) -> None:
    carrier = Signer.objects.create(
        organisation=organisation,
        name="Big Carrier",
        kind=SignerKind.CARRIER,
        origid=str(uuid.uuid4()),
        highest="B",
    )
    answer = sign(change(CALL, signer=carrier.pk, organisation=organisation.pk))
    assert answer == Signed("", "B", carrier.origid, "carrier Big Carrier")


def test_a_key_of_our_own_signs_and_a_strict_verifier_takes_it(call, signer, authority) -> None:
    answer = sign(call)
    kept = Certificate.objects.get()
    verifier = Verifier(authority.roots, Shelf({X5U: kept.chain.encode()}))
    incoming = Incoming(identities=(answer.identity,), from_number=call.orig, to_number=call.dest)
    found = verifier.verify(incoming, AT + 5)
    assert (found.verstat, found.attestation, found.origid) == (Verstat.PASSED, "A", signer.origid)
    assert answer.signer == f"local {signer.name} {kept.fingerprint[:16]}"


def test_the_signer_s_words_fit_into_the_record_whatever_its_name() -> None:
    record = SignerRecord(1, 1, "n" * 60, "carrier", "", "", "", True, "A", False)
    assert len(record.words("f" * 64)) <= Decision._meta.get_field("signer").max_length
    assert record.words("f" * 64).endswith(" " + "f" * 16)


@pytest.mark.parametrize(
    ("claimed", "highest", "signed"),
    [
        ("A", "A", "A"),
        ("B", "A", "B"),
        ("C", "A", "C"),
        ("A", "B", "B"),
        ("A", "C", "C"),
        ("", "A", "C"),
        ("", "B", "C"),
    ],
)
def test_the_lower_of_caller_id_and_signer_is_claimed_and_the_lowest_where_nothing_is_known(
    call, signer, claimed, highest, signed
) -> None:
    Signer.objects.filter(pk=signer.pk).update(highest=highest)
    answer = sign(change(call, attestation=claimed))
    assert answer.attestation == parse_identity(answer.identity).passport.claims.attest == signed


def test_a_retry_is_signed_anew(call) -> None:
    first, second = sign(call), sign(change(call, at=AT + 20.7))
    tokens = [parse_identity(answer.identity).passport.claims.iat for answer in (first, second)]
    assert tokens == [int(AT), int(AT) + 20]
    assert first.identity != second.identity


def test_a_call_that_is_sent_on_carries_the_first_number_and_the_step(call, authority) -> None:
    moved = change(call, diverted_from="+13125550177")
    answer = sign(moved)
    (step,) = (parse_identity(value).passport.claims for value in answer.beside)
    assert isinstance(step, Div)
    assert (step.div.tn, step.dest.tn) == ("13125550177", ("13125550199",))
    verifier = Verifier(authority.roots, Shelf({X5U: Certificate.objects.get().chain.encode()}))
    incoming = Incoming(
        identities=(answer.identity, *answer.beside), from_number=call.orig, to_number=call.dest
    )
    assert verifier.verify(incoming, AT).diverted_from == ("13125550177",)


def test_the_name_is_signed_only_where_the_signer_is_set_so(call, signer) -> None:
    named = change(call, display_name="Acme Ltd")
    assert sign(named).beside == ()
    Signer.objects.filter(pk=signer.pk).update(signs_name=True)
    signers.forget_signers()
    (claims,) = (parse_identity(value).passport.claims for value in sign(named).beside)
    assert isinstance(claims, Rcd)
    assert claims.rcd.nam == "Acme Ltd"
    assert sign(call).beside == ()


@pytest.mark.parametrize(
    "numbers",
    [
        {"orig": ""},
        {"orig": "12025550123"},
        {"orig": "+1202555012\u0663"},
        {"dest": "+1312555019x"},
        {"diverted_from": "anonymous"},
    ],
)
def test_a_call_without_whole_numbers_does_not_go_out(call, numbers) -> None:
    assert isinstance(sign(change(call, **numbers)), Unsigned)


@pytest.mark.parametrize("days", [-3650, 3650])
def test_outside_its_certificate_s_time_nothing_is_signed(call, days) -> None:
    answer = sign(change(call, at=AT + timedelta(days=days).total_seconds()))
    assert isinstance(answer, Unsigned)
    assert "valid from" in answer.why


def test_without_a_certificate_nothing_is_signed(organisation) -> None:
    empty = local_signer(organisation, "Empty")
    answer = sign(change(CALL, signer=empty.pk, organisation=organisation.pk))
    assert isinstance(answer, Unsigned)
    assert "no certificate in use" in answer.why


def test_a_key_that_does_not_open_signs_nothing(call, settings) -> None:
    settings.SECRET_KEY = "another secret key of the installation"
    answer = sign(call)
    assert isinstance(answer, Unsigned)
    assert "cannot be opened" in answer.why


def test_a_signer_that_is_gone_off_or_foreign_signs_nothing(call, signer) -> None:
    other = Organisation.objects.create(name="Other")
    assert isinstance(sign(change(call, organisation=other.pk)), Unsigned)
    assert isinstance(sign(change(call, signer=signer.pk + 999)), Unsigned)
    Signer.objects.filter(pk=signer.pk).update(active=False)
    signers.forget_signers()
    assert isinstance(sign(call), Unsigned)


def test_answers_come_in_the_order_of_the_calls(call, organisation) -> None:
    calls = [change(call, dest=f"+1312555{n:04}", signer=0 if n % 3 else call.signer) for n in range(20)]
    for asked, answer in zip(calls, sign_all(calls), strict=True):
        if asked.signer:
            assert parse_identity(answer.identity).passport.claims.dest.tn == (asked.dest[1:],)
        else:
            assert answer.signer == "carrier"


def test_a_signer_that_is_known_costs_no_query(call, django_assert_num_queries) -> None:
    sign(call)
    with django_assert_num_queries(0):
        sign_all([call] * 50)


def test_a_carrier_costs_no_query_at_all(organisation, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        sign(change(CALL, organisation=organisation.pk))


def test_a_change_is_seen_after_a_second_and_an_unchanged_signer_keeps_its_key(signer, authority) -> None:
    now = [0.0]
    book = SignerBook(lambda: now[0])
    (_, first) = book.find({signer.pk})[signer.pk]
    now[0] = signers.CHECK_EVERY_S
    assert book.find({signer.pk})[signer.pk][1] is first
    Signer.objects.filter(pk=signer.pk).update(highest="C")
    assert book.find({signer.pk})[signer.pk][1] is first
    now[0] += signers.CHECK_EVERY_S
    record, second = book.find({signer.pk})[signer.pk]
    assert (record.highest, second is first) == ("C", False)


def test_another_certificate_is_taken_up_after_a_second(signer, authority) -> None:
    now = [0.0]
    book = SignerBook(lambda: now[0])
    (_, first) = book.find({signer.pk})[signer.pk]
    use_certificate(certify(signer, authority), WHO, NOW)
    now[0] = signers.CHECK_EVERY_S
    assert book.find({signer.pk})[signer.pk][1] is not first


def test_the_gate_puts_the_signature_into_the_permit_and_the_record(ask, gate, signer) -> None:
    (granted,) = gate.decide([ask(signer=signer.pk)])
    assert isinstance(granted, Granted)
    claims = parse_identity(granted.permit.identity).passport.claims
    assert (claims.attest, claims.iat) == (granted.permit.attestation, int(granted.permit.granted_at))
    kept = Decision.objects.get(reason="")
    assert (kept.attestation, kept.origid) == (claims.attest, signer.origid)
    assert kept.signer.startswith(f"local {signer.name} ")


def test_the_gate_refuses_what_cannot_be_signed(ask, gate, organisation) -> None:
    empty = local_signer(organisation, "Empty")
    (refused,) = gate.decide([ask(signer=empty.pk)])
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.retry_at is not None) == (Reason.UNSIGNED, True)
