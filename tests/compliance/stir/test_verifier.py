"""Calls that come in are verified strictly: what passes is proven, what does not says why in SIP's terms."""

from __future__ import annotations

import pytest
from cryptography import x509

from compliance.stir import tn_auth_list
from compliance.stir.fetching import ChainStore, FetchFailed
from compliance.stir.tn_auth_list import TnAuthList, TnRange
from compliance.stir.verdicts import Verstat
from compliance.stir.verifier import FRESH_S, SKEW_S, Incoming, Verified, Verifier

from .authority import SPC, X5U, authorised_for, new_authority, new_key
from .tokens import CLAIMS, HEADER, IAT, ORIGID, canonical, div, identity, rcd, shaken, token

pytestmark = pytest.mark.unit
AUTHORITY = new_authority()
LEAF = AUTHORITY.leaf()
GOOD = identity(shaken(LEAF.key))
FROM, TO = "+12025550123", "+13125550199"


class Shelf(ChainStore):
    """Chains that lie ready; keeps which were asked for."""

    def __init__(self, chains: dict[str, bytes]) -> None:
        self.chains, self.asked = chains, []

    def get(self, x5u: str) -> bytes:
        self.asked.append(x5u)
        if x5u not in self.chains:
            raise FetchFailed("It answered with HTTP 404.")
        return self.chains[x5u]


def call(*identities: str, **changes: str) -> Incoming:
    return Incoming(**{"identities": identities, "from_number": FROM, "to_number": TO, **changes})


def verify(
    incoming: Incoming,
    now: float = IAT,
    chain: bytes | None = None,
    roots: list[x509.Certificate] | None = None,
    **options: object,
) -> Verified:
    shelf = Shelf({X5U: AUTHORITY.chain(LEAF) if chain is None else chain})
    return Verifier(AUTHORITY.roots if roots is None else roots, shelf, **options).verify(incoming, now)


def test_a_good_call_passes_with_what_was_proven() -> None:
    found = verify(call(GOOD))
    assert (found.verstat, found.code, found.reason, found.why) == (Verstat.PASSED, 0, "", "")
    assert (found.attestation, found.origid, found.signer) == ("A", ORIGID, f"SHAKEN {SPC}")
    assert found.verstat_with_level == "TN-Validation-Passed-A"


def test_a_call_without_identity_is_asked_for_one() -> None:
    found = verify(call())
    assert (found.verstat, found.code) == (Verstat.NONE, 428)
    assert found.reason == 'STIR;cause=428;text="Use Identity Header"'
    assert found.verstat_with_level == "No-TN-Validation"


def test_kinds_that_are_not_known_are_passed_over() -> None:
    unknown = identity(shaken(LEAF.key, {"ppt": "rsp"}), ppt="rsp")
    assert verify(call(unknown)).code == 428
    assert verify(call(unknown, GOOD)).verstat == Verstat.PASSED


@pytest.mark.parametrize("age", [0, 1, FRESH_S - 1, FRESH_S, -SKEW_S])
def test_a_fresh_token_passes(age: int) -> None:
    assert verify(call(GOOD), now=IAT + age).verstat == Verstat.PASSED


@pytest.mark.parametrize("age", [FRESH_S + 1, 3600, -SKEW_S - 1, -3600])
def test_a_stale_token_and_one_from_the_future_do_not(age: int) -> None:
    found = verify(call(GOOD), now=IAT + age)
    assert (found.verstat, found.code) == (Verstat.FAILED, 403)
    assert found.reason == 'STIR;cause=403;text="Stale Date"'


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("Fri, 20 Nov 2026 17:00:00 GMT", 0),
        ("Fri, 20 Nov 2026 17:00:59 GMT", 0),
        ("Fri, 20 Nov 2026 16:58:59 GMT", 403),
        ("Fri, 20 Nov 2026 17:02:00 GMT", 403),
        ("yesterday", 403),
        ("Fri, 99 Nov 2026 17:00:00 GMT", 403),
        ("9" * 10_000, 403),
    ],
)
def test_the_date_header_and_the_token_tell_one_time(date: str, code: int) -> None:
    assert verify(call(GOOD, date=date)).code == code


@pytest.mark.parametrize(
    "numbers",
    [
        {"from_number": "+12025550124"},
        {"to_number": "+13125550198"},
        {"asserted_number": "+12025550124"},
        {"from_number": "anonymous"},
        {"from_number": ""},
        {"to_number": "+1312555019\u0669"},
        {"from_number": "+" + "1" * 40},
    ],
)
def test_a_token_for_other_numbers_is_refused_before_anything_is_fetched(numbers: dict[str, str]) -> None:
    shelf = Shelf({})
    found = Verifier(AUTHORITY.roots, shelf).verify(call(GOOD, **numbers), IAT)
    assert (found.verstat, found.code) == (Verstat.FAILED, 438)
    assert not shelf.asked


@pytest.mark.parametrize("number", ["12025550123", "2025550123", "+1 (202) 555-0123", "+1.202.555.0123"])
def test_a_number_may_be_written_in_several_ways(number: str) -> None:
    assert verify(call(GOOD, from_number=number)).verstat == Verstat.PASSED


def test_the_asserted_number_counts_before_that_of_from() -> None:
    assert verify(call(GOOD, from_number="+19995550000", asserted_number=FROM)).verstat == Verstat.PASSED


def tampered() -> str:
    head, _, signature = shaken(LEAF.key).split(".")
    return ".".join((head, shaken(LEAF.key, attest="B").split(".")[1], signature))


@pytest.mark.parametrize(
    "value",
    [
        identity(tampered()),
        identity(shaken(new_key())),
        GOOD.replace(X5U, "https://evil.example.com/a.pem"),
        identity(token(LEAF.key, canonical(HEADER), canonical(CLAIMS).replace(b",", b", "))),
        identity(shaken(LEAF.key, iat=str(IAT))),
        identity(shaken(LEAF.key, {"alg": "none"})),
        "garbage",
        "x" * 100_000,
    ],
    ids=["tampered", "wrong key", "info", "not canonical", "iat", "alg", "garbage", "huge"],
)
def test_a_token_that_proves_nothing_fails(value: str) -> None:
    found = verify(call(value))
    assert (found.verstat, found.code) == (Verstat.FAILED, 438)
    assert found.attestation == found.origid == ""


def test_one_broken_header_beside_a_good_one_is_enough() -> None:
    assert verify(call(GOOD, "garbage;info=<x>;ppt=shaken")).code == 438


def test_two_shaken_tokens_or_a_crowd_of_headers_are_refused() -> None:
    assert verify(call(GOOD, GOOD)).code == 438
    assert verify(call(*[GOOD] * 9)).code == 438


def test_a_lenient_reader_takes_white_space_of_peers_that_write_it() -> None:
    spaced = identity(token(LEAF.key, canonical(HEADER), canonical(CLAIMS).replace(b",", b", ")))
    assert verify(call(spaced), canonical=False).verstat == Verstat.PASSED


def test_a_certificate_that_cannot_be_had_is_said_to_be_bad_info() -> None:
    found = Verifier(AUTHORITY.roots, Shelf({})).verify(call(GOOD), IAT)
    assert (found.verstat, found.code) == (Verstat.NONE, 436)
    assert found.reason == 'STIR;cause=436;text="Bad Identity Info"'


@pytest.mark.parametrize(
    ("chain", "roots"),
    [
        (b"no certificate", None),
        (LEAF.pem, None),
        (new_authority().chain(LEAF), None),
        (None, new_authority().roots),
        (None, []),
    ],
    ids=["no PEM", "no intermediate", "another authority", "another root", "no root"],
)
def test_a_chain_that_leads_nowhere_is_an_unsupported_credential(chain, roots) -> None:
    found = verify(call(GOOD), chain=chain, roots=roots)
    assert (found.verstat, found.code) == (Verstat.FAILED, 437)


def test_a_certificate_that_has_ended_since_it_was_seen_is_not_taken() -> None:
    ends = LEAF.certificate.not_valid_after_utc
    late = int(ends.timestamp())
    verifier = Verifier(AUTHORITY.roots, Shelf({X5U: AUTHORITY.chain(LEAF)}))
    before = identity(shaken(LEAF.key, iat=late - 1))
    assert verifier.verify(call(before), late - 1).verstat == Verstat.PASSED
    assert verifier.verify(call(before), late + 1).code == 437


@pytest.mark.parametrize(("number", "code"), [("13035550100", 437), ("12025550123", 0)])
def test_a_certificate_for_some_numbers_signs_for_those_alone(number: str, code: int) -> None:
    listed = tn_auth_list.encode(TnAuthList((), (TnRange(number),)))
    limited = AUTHORITY.leaf(extra=[authorised_for(der=listed)])
    found = verify(call(identity(shaken(limited.key))), chain=AUTHORITY.chain(limited))
    assert found.code == code
    assert ("not for the caller's number" in found.why) == bool(code)


SECOND, THIRD = "13125550177", "13125550166"
BY_SECOND = div(LEAF.key, "13125550199", SECOND)
BY_THIRD = div(LEAF.key, SECOND, THIRD)


def test_a_call_that_was_sent_on_is_proven_step_by_step() -> None:
    found = verify(call(GOOD, BY_SECOND, to_number=SECOND))
    assert (found.verstat, found.diverted_from) == (Verstat.PASSED, ("13125550199",))
    found = verify(call(BY_THIRD, GOOD, BY_SECOND, to_number=THIRD))
    assert (found.verstat, found.diverted_from) == (Verstat.PASSED, (SECOND, "13125550199"))


@pytest.mark.parametrize(
    "headers",
    [
        (GOOD,),
        (GOOD, BY_THIRD),
        (BY_SECOND,),
        (GOOD, div(LEAF.key, "13125550188", SECOND)),
        (GOOD, div(LEAF.key, "13125550199", SECOND, orig={"tn": "12025550124"})),
        (GOOD, div(new_key(), "13125550199", SECOND)),
        (GOOD, div(LEAF.key, SECOND, SECOND)),
    ],
    ids=["no step", "a gap", "no beginning", "another number", "another caller", "another key", "a circle"],
)
def test_a_step_that_is_missing_or_not_proven_fails(headers: tuple[str, ...]) -> None:
    assert verify(call(*headers, to_number=SECOND)).code == 438


def test_a_step_that_is_stale_fails() -> None:
    old = div(LEAF.key, "13125550199", SECOND, iat=IAT - FRESH_S - 1)
    assert verify(call(GOOD, old, to_number=SECOND)).code == 403


def test_the_name_is_shown_only_where_it_is_proven() -> None:
    assert verify(call(GOOD, rcd(LEAF.key, "Acme Ltd"))).display_name == "Acme Ltd"
    for unproven in (
        rcd(new_key(), "Acme Ltd"),
        rcd(LEAF.key, "Acme Ltd", orig={"tn": "12025550124"}),
        rcd(LEAF.key, "Acme Ltd", iat=IAT - 3600),
    ):
        found = verify(call(GOOD, unproven))
        assert (found.verstat, found.display_name) == (Verstat.PASSED, "")


def test_a_chain_is_checked_once_and_then_known() -> None:
    shelf = Shelf({X5U: AUTHORITY.chain(LEAF)})
    verifier = Verifier(AUTHORITY.roots, shelf)
    first = verifier.verify(call(GOOD), IAT)
    assert verifier.verify(call(GOOD), IAT) == first
    shelf.chains[X5U] = new_authority().chain(LEAF)
    assert verifier.verify(call(GOOD), IAT).code == 437
