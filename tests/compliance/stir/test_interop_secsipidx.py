"""What we sign, secsipidx accepts after checking the chain; what it signs, we verify; what is wrong, both refuse."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from compliance.stir.signers import sign_all
from compliance.stir.values import Asked
from compliance.stir.verdicts import Complaint, Verstat
from tests.requirements import need_program

from .authority import new_key
from .conftest import CALLED, CALLER, SERVED, Provider
from .tokens import identity, shaken

pytestmark = pytest.mark.integration
LIMIT_S = 10


class Secsipidx:
    """The program, with files of one provider."""

    def __init__(self, home: Path, provider: Provider) -> None:
        self._program, self._home = need_program("secsipidx"), home
        leaf, authority = provider.leaf, provider.authority
        (home / "leaf.pem").write_bytes(leaf.pem)
        (home / "key.pem").write_bytes(leaf.key_pem)
        (home / "roots.pem").write_bytes(authority.root.pem)
        (home / "between.pem").write_bytes(authority.intermediate.pem)

    def accepts(self, value: str) -> bool:
        """Signature, age, and the chain to the root."""
        (self._home / "identity").write_text(value)
        files = {
            "-fidentity": "identity",
            "-fpubkey": "leaf.pem",
            "-ca-file": "roots.pem",
            "-ca-inter": "between.pem",
        }
        arguments = [part for name, file in files.items() for part in (name, str(self._home / file))]
        done = self._run("-check", "-expire", "60", "-cert-verify", "13", *arguments)
        assert (done.returncode == 0) is (done.stdout.strip() == "ok"), done
        return done.returncode == 0

    def sign(self, caller: str, called: str, attestation: str) -> str:
        numbers = ("-orig-tn", caller[1:], "-dest-tn", called[1:], "-attest", attestation)
        return self._run(
            "-sign-full", *numbers, "-x5u", SERVED, "-k", str(self._home / "key.pem")
        ).stdout.strip()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._program, *arguments], capture_output=True, text=True, timeout=LIMIT_S, check=False
        )


@pytest.fixture
def theirs(tmp_path, provider) -> Secsipidx:
    home = tmp_path / "secsipidx"
    home.mkdir()
    return Secsipidx(home, provider)


def signed(provider: Provider, at: float | None = None) -> str:
    (answer,) = sign_all(
        [Asked(provider.signer.pk, provider.organisation.pk, "A", CALLER, CALLED, at or time.time())]
    )
    return answer.identity


@pytest.mark.parametrize("attestation", ["A", "B", "C"])
def test_what_secsipidx_signs_is_verified_here_to_the_root(theirs, verify_here, attestation):
    found = verify_here(theirs.sign(CALLER, CALLED, attestation))
    assert found.why == ""
    assert (found.verstat, found.attestation) == (Verstat.PASSED, attestation)


def test_what_we_sign_is_accepted_there_and_here(provider, theirs, verify_here):
    value = signed(provider)
    assert theirs.accepts(value)
    assert verify_here(value).verstat == Verstat.PASSED


def test_a_changed_token_is_refused_there_and_here(provider, theirs, verify_here):
    header, payload, rest = signed(provider).split(".", 2)
    other = payload[:20] + ("A" if payload[20] != "A" else "B") + payload[21:]
    value = f"{header}.{other}.{rest}"
    assert not theirs.accepts(value)
    assert verify_here(value).complaint == Complaint.INVALID_HEADER


def test_a_stale_token_is_refused_there_and_here(provider, theirs, verify_here):
    value = signed(provider, time.time() - 90)
    assert not theirs.accepts(value)
    assert verify_here(value).complaint == Complaint.STALE_DATE


def test_a_token_of_another_key_is_refused_there_and_here(theirs, verify_here):
    claims = {"iat": int(time.time()), "orig": {"tn": CALLER[1:]}, "dest": {"tn": [CALLED[1:]]}}
    value = identity(shaken(new_key(), {"x5u": SERVED}, **claims), info=SERVED)
    assert not theirs.accepts(value)
    assert verify_here(value).complaint == Complaint.INVALID_HEADER


def test_a_token_of_theirs_for_another_call_is_refused_here(theirs, verify_here):
    found = verify_here(theirs.sign(CALLER, CALLED, "A"), called="+12125550124")
    assert found.complaint == Complaint.INVALID_HEADER


def test_a_token_of_theirs_is_refused_here_when_it_is_old(theirs, verify_here):
    assert verify_here(theirs.sign(CALLER, CALLED, "A"), later_s=90).complaint == Complaint.STALE_DATE
