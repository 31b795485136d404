"""``manage.py stir`` from the roots to a verified signature, and its exit statuses."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from compliance.models import Certificate
from dialer.calls.models import Trunk

from .authority import X5U, new_authority
from .makers import certify, local_signer, trust

pytestmark = pytest.mark.integration
CALL = ("+12025550100", "+12025550199")


@pytest.fixture(scope="module")
def authority():
    now = timezone.now()
    return new_authority(now - timedelta(days=10), now + timedelta(days=1000))


def stir(*arguments: object) -> str:
    out = io.StringIO()
    call_command("stir", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue().strip()


def ready(organisation, authority, days: int = 90):
    now = timezone.now()
    trust(organisation, authority, now)
    signer = local_signer(organisation)
    certify(signer, authority, now, starts=now - timedelta(days=1), ends=now + timedelta(days=days))
    return signer


def test_from_the_roots_to_a_verified_signature(organisation, authority, tmp_path):
    roots, chain = tmp_path / "roots.pem", tmp_path / "chain.pem"
    roots.write_bytes(authority.root.pem)
    assert "Test STI Root" in stir("roots", "--add", roots)
    local_signer(organisation)
    csr = stir("csr", "--signer", "Own key", "--spc", "1234")
    now = timezone.now()
    chain.write_bytes(authority.answer(csr.encode(), starts=now, ends=now + timedelta(days=90)))
    assert "It signs now." in stir("install", chain, "--signer", "Own key", "--x5u", X5U)
    identity = stir("sign", *CALL, "--signer", "Own key", "--attestation", "B")
    said = stir("verify", *CALL, "--identity", identity, "--chain", chain)
    assert said.startswith("TN-Validation-Passed-B: signed by SHAKEN 1234")


def test_a_token_for_another_call_is_not_proven(organisation, authority, tmp_path):
    ready(organisation, authority)
    chain = tmp_path / "chain.pem"
    chain.write_text(Certificate.objects.get().chain)
    identity = stir("sign", *CALL, "--signer", "Own key")
    with pytest.raises(CommandError, match="TN-Validation-Failed: 438 Invalid Identity Header"):
        stir("verify", "+12025550101", CALL[1], "--identity", identity, "--chain", chain)


def test_status_ends_with_1_where_a_certificate_ends_soon(organisation, authority):
    signer = ready(organisation, authority, days=20)
    Trunk.objects.create(organisation=organisation, name="One", host="sip.example.com", signer=signer)
    with pytest.raises(SystemExit) as ended:
        stir("status")
    assert ended.value.code == 1


def test_status_is_quiet_where_all_is_well(organisation, authority):
    signer = ready(organisation, authority)
    Trunk.objects.create(organisation=organisation, name="One", host="sip.example.com", signer=signer)
    assert "Signs" in stir("status")


def test_an_answer_to_no_request_is_refused(organisation, authority, tmp_path):
    ready(organisation, authority)
    chain = tmp_path / "chain.pem"
    chain.write_bytes(authority.chain(authority.leaf()))
    with pytest.raises(CommandError, match="No open request"):
        stir("install", chain, "--signer", "Own key", "--x5u", X5U)


def test_the_next_certificate_can_sign_at_once(organisation, authority, tmp_path):
    ready(organisation, authority)
    csr = stir("csr", "--signer", "Own key", "--spc", "1234")
    chain, now = tmp_path / "chain.pem", timezone.now()
    chain.write_bytes(authority.answer(csr.encode(), starts=now, ends=now + timedelta(days=90)))
    assert "It signs now" not in stir("status")
    stir("install", chain, "--signer", "Own key", "--x5u", X5U, "--use")
    assert Certificate.objects.get(in_use=True).csr.strip() == csr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("csr", "--signer", "Nobody", "--spc", "1"), "There is no signer “Nobody”. There are: “Own key”."),
        (("csr", "--signer", "Own key", "--spc", "1 2"), "service provider code"),
        (("roots", "--add", "missing.pem"), "cannot be read"),
        (("sign", *CALL, "--signer", "Own key"), "no certificate in use"),
        (("verify", *CALL, "--identity", "nonsense"), "438"),
    ],
)
def test_what_cannot_be_done_says_why(organisation, arguments, said):
    local_signer(organisation)
    with pytest.raises(CommandError, match=said):
        stir(*arguments)
