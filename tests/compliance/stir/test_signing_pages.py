"""The pages of signers: from nothing to a signed sample, and what they refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Organisation
from compliance.models import Certificate, Signer, TrustedRoot
from dialer.calls.models import Trunk
from tests.accounts.makers import client_of, make_person

from .authority import X5U, new_authority
from .makers import certify, local_signer, trust

pytestmark = pytest.mark.integration
PAGE = "/compliance/signing/"
SAMPLE = {"orig": "+12025550100", "dest": "+12025550199", "attestation": "B"}


@pytest.fixture(scope="module")
def authority():
    return new_authority()


@pytest.fixture
def web(organisation):
    return client_of(make_person(organisation, "ada", Role.ADMINISTRATOR))


def made(web, **changes) -> Signer:
    values = {"kind": "local", "name": "Own key", "highest": "A", "active": "on", **changes}
    assert web.post(f"{PAGE}new/", values).status_code == 302
    return Signer.objects.get(name=values["name"])


def test_the_empty_page_says_that_the_carrier_signs(web):
    page = web.get(PAGE).content.decode()
    assert "Your carrier signs your calls" in page
    assert "signature is believed" in page


def test_from_nothing_to_a_signed_sample(web, authority):
    web.post(f"{PAGE}authorities/", {"pem": authority.root.pem.decode()})
    signer = made(web)
    asked = web.post(f"{PAGE}{signer.pk}/request/", {"spc": "1234"})
    certificate = Certificate.objects.get()
    assert asked.url == f"{PAGE}certificates/{certificate.pk}/"
    csr = web.get(f"{asked.url}request/")
    assert csr["Content-Disposition"] == 'attachment; filename="request.csr"'
    now = timezone.now()
    chain = authority.answer(csr.content, starts=now - timedelta(days=1), ends=now + timedelta(days=20))
    upload = SimpleUploadedFile("chain.pem", chain)
    assert web.post(asked.url, {"file": upload, "x5u": X5U}).url == f"{PAGE}{signer.pk}/"
    assert web.get(f"{asked.url}chain/").content == chain
    assert "Signs, ends soon" in web.get(PAGE).content.decode()
    signed = web.post(f"{PAGE}{signer.pk}/try/", SAMPLE)
    sample = signed.context["sample"]
    assert sample.identity.endswith(f";info=<{X5U}>;alg=ES256;ppt=shaken")
    assert '"attest": "B"' in sample.payload
    assert signer.origid in sample.payload


def test_a_sample_without_a_certificate_says_what_to_do(web):
    signer = made(web)
    page = web.post(f"{PAGE}{signer.pk}/try/", SAMPLE).content.decode()
    assert "Not signed." in page
    assert "Install one" in page


def test_a_sample_of_the_carrier_says_what_is_asked(web):
    signer = made(web, kind="carrier", name="North", highest="B")
    page = web.post(f"{PAGE}{signer.pk}/try/", SAMPLE | {"attestation": "A"}).content.decode()
    assert "the carrier is asked to sign with B" in page


def test_the_token_of_a_service_goes_in_and_never_comes_out(web):
    signer = made(web, kind="remote", name="Service", url="https://sign.example.com/", token="s3cret-token")
    page = web.get(f"{PAGE}{signer.pk}/").content.decode()
    assert "One is stored" in page
    assert "s3cret" not in page
    kept = Signer.objects.get().token_sealed
    values = {"name": "Service", "highest": "B", "url": "https://sign.example.com/", "active": "on"}
    web.post(f"{PAGE}{signer.pk}/", values)
    assert Signer.objects.get().token_sealed == kept
    web.post(f"{PAGE}{signer.pk}/", values | {"forget_token": "on"})
    assert Signer.objects.get().token_sealed == ""


def test_a_refused_answer_keeps_what_was_typed_and_says_why(web, organisation, authority):
    trust(organisation, authority, timezone.now())
    signer = local_signer(organisation)
    web.post(f"{PAGE}{signer.pk}/request/", {"spc": "1234"})
    page = f"{PAGE}certificates/{Certificate.objects.get().pk}/"
    stranger = new_authority()
    answer = web.post(page, {"pem": stranger.chain(stranger.leaf()).decode(), "x5u": X5U})
    text = answer.content.decode()
    assert "does not lead to a trusted authority" in text
    assert X5U in text
    assert Certificate.objects.get().chain == ""


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Paste the certificates"),
        ({"file": SimpleUploadedFile("c.der", b"\x30\x82\xff\xfe")}, "as PEM, not as DER"),
        ({"file": SimpleUploadedFile("big.pem", b"a" * 60_000)}, "larger than"),
        ({"pem": "hello"}, "no PEM certificates"),
    ],
    ids=["nothing", "binary", "too large", "no certificate"],
)
def test_hostile_uploads_are_refused_in_words(web, fields, said):
    answer = web.post(f"{PAGE}authorities/", fields)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not TrustedRoot.objects.exists()


def test_the_next_certificate_is_put_to_use_and_the_old_one_retired(web, organisation, authority):
    now = timezone.now()
    trust(organisation, authority, now)
    signer = local_signer(organisation)
    times = {"now": now, "starts": now - timedelta(days=1), "ends": now + timedelta(days=90)}
    first, second = (certify(signer, authority, **times) for _ in range(2))
    web.post(f"{PAGE}certificates/{second.pk}/use/")
    assert Certificate.objects.get(in_use=True) == second
    early = web.post(f"{PAGE}certificates/{first.pk}/retire/", follow=True)
    assert "Retire it in a minute" in early.content.decode()
    Certificate.objects.filter(pk=first.pk).update(replaced_at=now - timedelta(minutes=5))
    web.post(f"{PAGE}certificates/{first.pk}/retire/")
    first.refresh_from_db()
    assert first.key_sealed == ""


def test_a_chain_that_is_not_at_its_address_is_told(web, organisation, authority):
    now = timezone.now()
    trust(organisation, authority, now)
    times = {"starts": now - timedelta(days=1), "ends": now + timedelta(days=90)}
    certificate = certify(local_signer(organisation), authority, now, "https://127.0.0.1:8443/a.pem", **times)
    page = web.post(f"{PAGE}certificates/{certificate.pk}/look-up/", follow=True).content.decode()
    assert "leads to an address that is not public" in page


def test_another_organisations_objects_are_not_found(web, authority):
    other = Organisation.objects.create(name="Other")
    trust(other, authority)
    signer = local_signer(other)
    certificate = certify(signer, authority)
    root = TrustedRoot.objects.get()
    reads = [f"{signer.pk}/", *(f"certificates/{certificate.pk}/{x}" for x in ("", "request/", "chain/"))]
    acts = [f"{signer.pk}/request/", f"{signer.pk}/try/", f"authorities/{root.pk}/remove/"]
    acts += [f"certificates/{certificate.pk}/{x}/" for x in ("use", "retire", "look-up")]
    assert {web.get(PAGE + address).status_code for address in reads} == {404}
    assert {web.post(PAGE + address).status_code for address in acts} == {404}


@pytest.mark.parametrize("role", [Role.AGENT, Role.READER, Role.SUPERVISOR])
def test_only_administrators_come_here(organisation, role):
    assert client_of(make_person(organisation, "eve", role)).get(PAGE).status_code == 403


def test_a_trunk_chooses_among_its_own_organisations_signers(web, organisation):
    own, other = local_signer(organisation), local_signer(Organisation.objects.create(name="Other"))
    values = {"name": "North", "host": "sip.example.com", "port": "5060", "transport": "udp", "srtp": "off"}
    values |= {"channel_limit": "0", "cps_limit": "0", "priority": "0", "enabled": "on"}
    refused = web.post("/trunks/new/", values | {"signer": other.pk})
    assert "signer" in refused.context["form"].errors
    assert web.post("/trunks/new/", values | {"signer": own.pk}).status_code == 302
    assert Trunk.objects.get().signer == own
    assert "North" in web.get(PAGE).content.decode()
