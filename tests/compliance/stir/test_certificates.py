"""The life of a local signer's certificate: requested, installed, in use, replaced, retired."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Organisation
from accounts.sealing import SealBroken
from compliance.choices import SignerKind
from compliance.models import Certificate, Signer, TrustedRoot
from compliance.services.install_certificate import install_certificate
from compliance.services.request_certificate import request_certificate
from compliance.services.retire_certificate import FRESHNESS, retire_certificate
from compliance.services.save_signer import save_signer
from compliance.services.trust_root import distrust_root, trust_roots
from compliance.services.use_certificate import use_certificate
from compliance.stir import tn_auth_list
from compliance.stir.certificates import current_key, problems
from compliance.stir.signers import sign_all
from compliance.stir.values import Asked, Unsigned
from dialer.calls.models import Trunk

from .authority import NOW, SPC, X5U, authorised_for, issue, new_authority, new_key
from .makers import WHO, certify, local_signer, trust

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def authority():
    return new_authority()


@pytest.fixture
def signer(organisation, authority):
    trust(organisation, authority)
    return local_signer(organisation)


def why(raised) -> str:
    return " ".join(raised.value.messages)


def test_a_request_names_the_provider_and_proves_the_key(signer):
    requested = request_certificate(signer, WHO, " 616h ")
    csr = x509.load_pem_x509_csr(requested.csr.encode())
    assert csr.is_signature_valid
    assert csr.subject.rfc4514_string() == "CN=SHAKEN 616H,O=Acme,C=US"
    extension = csr.extensions.get_extension_for_oid(tn_auth_list.OID)
    assert extension.value.value == b"\x30\x08\xa0\x06\x16\x04616H"
    assert not extension.critical


def test_the_key_rests_encrypted_and_opens_with_the_secret_key_alone(signer, authority, settings):
    installed = certify(signer, authority)
    assert "PRIVATE KEY" not in installed.key_sealed
    assert (
        current_key(signer.pk).key.public_key()
        == x509.load_pem_x509_certificate(installed.chain.encode()).public_key()
    )
    settings.SECRET_KEY = "another secret key that is long enough"
    with pytest.raises(SealBroken):
        current_key(signer.pk)


def test_an_answer_to_a_request_whose_key_no_longer_opens_is_refused_in_words(signer, authority, settings):
    requested = request_certificate(signer, WHO, SPC)
    chain = authority.answer(requested.csr.encode()).decode()
    settings.SECRET_KEY = "another secret key that is long enough"
    with pytest.raises(ValidationError, match="make a new request"):
        install_certificate(requested, WHO, chain=chain, x5u=X5U, now=NOW)


def test_no_key_and_no_token_stands_in_the_audit_log(signer, authority, organisation):
    certify(signer, authority)
    remote = Signer(organisation=organisation, kind=SignerKind.REMOTE)
    save_signer(remote, WHO, name="Service", url="https://sign.example.com/v1", token="s3cret-token")
    text = " ".join(str((entry.before, entry.after)) for entry in AuditEntry.objects.all())
    assert "s3cret" not in text
    assert "PRIVATE" not in text
    assert "s3cret" not in remote.token_sealed


@pytest.mark.parametrize("spc", ["", "12 34", "12345678901", "é123", "12;4"])
def test_a_code_that_cannot_be_one_is_refused(signer, spc):
    with pytest.raises(ValidationError, match="service provider code"):
        request_certificate(signer, WHO, spc)


def test_the_first_certificate_signs_as_soon_as_it_is_installed(signer, authority):
    assert current_key(signer.pk) is None
    installed = certify(signer, authority)
    key = current_key(signer.pk)
    assert (key.x5u, key.spc, key.fingerprint) == (X5U, SPC, installed.fingerprint)


WRONG_ANSWERS = {
    "another key": ({"public_key": new_key().public_key()}, "another key"),
    "another provider": ({"extra": [authorised_for("9999")]}, "for 9999, not for 1234"),
    "expired": ({"starts": NOW - 9 * DAY, "ends": NOW - DAY}, "valid from"),
    "not yet valid": ({"starts": NOW + DAY, "ends": NOW + 9 * DAY}, "valid from"),
    "an authority": ({"ca": True}, "one of an authority"),
}


@pytest.mark.parametrize(("changes", "said"), WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_a_wrong_answer_is_refused_and_changes_nothing(signer, authority, changes, said):
    with pytest.raises(ValidationError) as raised:
        certify(signer, authority, **changes)
    assert said in why(raised)
    assert not Certificate.objects.exclude(chain="").exists()
    assert current_key(signer.pk) is None


def test_an_answer_of_an_authority_that_is_not_trusted_is_refused(signer):
    with pytest.raises(ValidationError, match="trusted authority"):
        certify(signer, new_authority())


@pytest.mark.parametrize(
    "x5u",
    [
        "http://certs.example.com/a.pem",
        "https://certs.example.com:8080/a.pem",
        "https://user@certs.example.com/a.pem",
        "https://certs.example.com/a.pem?x=1",
        "https://certs.example.com/a.pem#x",
        "https://certs.example.com/",
        "https://localhost/a.pem",
        "https://certs.example.com/a b.pem",
        "https://certs.example.com:99999/a.pem",
        "https://[::1/a.pem",
        "certs.example.com/a.pem",
        "",
    ],
)
def test_an_address_that_verifiers_do_not_fetch_is_refused(signer, authority, x5u):
    with pytest.raises(ValidationError) as raised:
        certify(signer, authority, x5u=x5u)
    assert "x5u" in raised.value.message_dict


def test_an_answer_is_taken_once(signer, authority):
    installed = certify(signer, authority)
    with pytest.raises(ValidationError, match="answered already"):
        install_certificate(installed, WHO, chain=installed.chain, x5u=X5U, now=NOW)


def test_the_next_certificate_waits_until_it_is_put_to_use(signer, authority):
    first, second = certify(signer, authority), certify(signer, authority)
    assert current_key(signer.pk).fingerprint == first.fingerprint
    use_certificate(second, WHO, NOW)
    assert current_key(signer.pk).fingerprint == second.fingerprint
    first.refresh_from_db()
    assert (first.in_use, first.replaced_at) == (False, NOW)


def signed(signer, at):
    (answer,) = sign_all(
        [Asked(signer.pk, signer.organisation_id, "A", "+12025550100", "+12025550199", at.timestamp())]
    )
    return answer


def test_calls_are_signed_with_the_other_certificate_from_the_switch_on(
    signer, authority, django_capture_on_commit_callbacks
):
    first = certify(signer, authority)
    second = certify(signer, authority, x5u="https://certs.example.com/shaken/second.pem")
    assert first.fingerprint[:16] in signed(signer, NOW).signer
    with django_capture_on_commit_callbacks(execute=True):
        use_certificate(second, WHO, NOW)
    after = signed(signer, NOW)
    assert second.fingerprint[:16] in after.signer
    assert ";info=<https://certs.example.com/shaken/second.pem>" in after.identity


@pytest.mark.parametrize("days", [-2, 90, 91])
def test_a_certificate_signs_nothing_outside_of_its_time(signer, authority, days):
    certify(signer, authority)
    answer = signed(signer, NOW + days * DAY)
    assert isinstance(answer, Unsigned)
    assert "is valid from 2026-11-19 to 2027-02-18 only" in answer.why


def test_two_certificates_of_a_signer_cannot_be_in_use(signer, authority):
    certify(signer, authority)
    second = certify(signer, authority)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=second.pk).update(in_use=True)


def test_the_one_in_use_and_one_just_replaced_cannot_be_retired(signer, authority):
    first, second = certify(signer, authority), certify(signer, authority)
    with pytest.raises(ValidationError, match="signs now"):
        retire_certificate(first, WHO, NOW)
    use_certificate(second, WHO, NOW)
    with pytest.raises(ValidationError, match="in a minute"):
        retire_certificate(first, WHO, NOW + FRESHNESS / 2)
    retire_certificate(first, WHO, NOW + FRESHNESS)
    first.refresh_from_db()
    assert (first.key_sealed, bool(first.chain)) == ("", True)
    with pytest.raises(ValidationError, match="retired already"):
        retire_certificate(first, WHO, NOW + DAY)


def test_a_retired_or_ended_or_unanswered_certificate_is_not_put_to_use(signer, authority):
    first, second = certify(signer, authority), certify(signer, authority)
    with pytest.raises(ValidationError, match="not valid now"):
        use_certificate(second, WHO, NOW + 91 * DAY)
    with pytest.raises(ValidationError, match="answer first"):
        use_certificate(request_certificate(signer, WHO, SPC), WHO, NOW)
    retire_certificate(second, WHO, NOW)
    with pytest.raises(ValidationError, match="retired meanwhile"):
        use_certificate(second, WHO, NOW)
    assert current_key(signer.pk).fingerprint == first.fingerprint


def test_a_signer_that_is_switched_off_has_no_key(signer, authority):
    certify(signer, authority)
    save_signer(signer, WHO, name=signer.name, active=False)
    assert current_key(signer.pk) is None


def test_a_signer_that_trunks_use_is_not_switched_off(signer, organisation):
    Trunk.objects.create(organisation=organisation, name="One", host="sip.example.com", signer=signer)
    with pytest.raises(ValidationError, match="Trunks use it"):
        save_signer(signer, WHO, name=signer.name, active=False)


@pytest.mark.parametrize(
    "url", ["", "http://sign.example.com/", "https:///x", "https://u@x.example/", "nonsense"]
)
def test_a_remote_signer_needs_an_https_address(organisation, url):
    with pytest.raises(ValidationError) as raised:
        save_signer(Signer(organisation=organisation, kind=SignerKind.REMOTE), WHO, name="S", url=url)
    assert "url" in raised.value.message_dict


@pytest.mark.parametrize(
    ("before_end", "said"),
    [
        (31 * DAY, None),
        (30 * DAY, None),
        (30 * DAY - timedelta(seconds=1), "ends in 29 days. Request"),
        (7 * DAY, "ends in 7 days. Request"),
        (6 * DAY, "ends in 6 days. Install the next one now"),
        (1 * DAY, "ends in 1 day."),
        (DAY / 2, "ends today"),
        (0 * DAY, "has ended"),
        (-5 * DAY, "has ended"),
    ],
)
def test_an_end_is_told_in_time(signer, authority, organisation, before_end, said):
    installed = certify(signer, authority)
    Trunk.objects.create(organisation=organisation, name="One", host="sip.example.com", signer=signer)
    told = problems(organisation.pk, installed.not_after - before_end)
    assert [said in text for text in told] == ([True] if said else [])


def test_a_signer_without_a_certificate_is_told_where_a_trunk_uses_it(
    signer, organisation, django_assert_num_queries
):
    assert problems(organisation.pk, NOW) == []
    for name in ("One", "Two"):
        Trunk.objects.create(organisation=organisation, name=name, host="sip.example.com", signer=signer)
    with django_assert_num_queries(2):
        (told,) = problems(organisation.pk, NOW)
    assert "no certificate in use" in told


def test_roots_are_trusted_once_and_by_their_organisation_alone(organisation, authority):
    pem = (authority.root.pem + new_authority().root.pem).decode()
    assert len(trust_roots(organisation, WHO, pem, NOW)) == 2
    assert trust_roots(organisation, WHO, pem, NOW) == []
    other = local_signer(Organisation.objects.create(name="Other"))
    with pytest.raises(ValidationError, match="No authority is trusted"):
        certify(other, authority)


def test_a_root_that_is_trusted_no_longer_proves_nothing(signer, authority):
    distrust_root(TrustedRoot.objects.get(), WHO)
    with pytest.raises(ValidationError, match="No authority is trusted"):
        certify(signer, authority)


NO_ROOTS = {
    "a leaf": issue("L", ca=False),
    "an intermediate": new_authority().intermediate,
    "ended": issue("Old", ca=True, ends=NOW - DAY / 2),
    "without key usage": issue("R", ca=True, usage=False),
    "on another curve": issue("R", ca=True, key=new_key(ec.SECP384R1())),
    "without the bit of an authority": issue("R", ca=True, constraints=False),
}


@pytest.mark.parametrize("wrong", NO_ROOTS.values(), ids=NO_ROOTS)
def test_what_is_no_root_is_not_trusted(organisation, authority, wrong):
    with pytest.raises(ValidationError) as raised:
        trust_roots(organisation, WHO, (authority.root.pem + wrong.pem).decode(), NOW)
    assert "pem" in raised.value.message_dict
    assert not TrustedRoot.objects.exists()
