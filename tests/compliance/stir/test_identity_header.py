"""The Identity header: its full form, with parameters as the grammar allows them."""

from __future__ import annotations

import pytest

from compliance.stir.identity_header import (
    IdentityInvalid,
    IdentityWriter,
    KindUnknown,
    parse_identity,
)
from compliance.stir.passport import Called, Caller, Div, PassportInvalid, Shaken

from .authority import X5U, new_key
from .tokens import IAT, ORIGID, identity, shaken

pytestmark = pytest.mark.unit
KEY = new_key()
TOKEN = shaken(KEY)
OURS = Shaken("B", Called(("13125550199",)), IAT, Caller("12025550123"), ORIGID)


def test_the_header_is_the_full_form_with_its_three_parameters() -> None:
    value = IdentityWriter(KEY, X5U).write(OURS)
    token, _, tail = value.partition(";")
    assert token.count(".") == 2
    assert tail == f"info=<{X5U}>;alg=ES256;ppt=shaken"
    assert parse_identity(value).passport.claims == OURS


def test_its_length_leaves_an_invite_room() -> None:
    assert 420 <= len(IdentityWriter(KEY, X5U).write(OURS)) <= 560


def test_each_kind_of_claims_has_its_kind_of_header() -> None:
    claims = Div(Called(("13125550177",)), Caller("13125550199"), IAT, Caller("12025550123"))
    value = IdentityWriter(KEY, X5U).write(claims)
    assert value.endswith(";ppt=div")
    assert parse_identity(value).passport.header.ppt == "div"


@pytest.mark.parametrize(
    "tail",
    [
        f";info=<{X5U}>;alg=ES256;ppt=shaken",
        f';info=<{X5U}>;alg=ES256;ppt="shaken"',
        f';info=<{X5U}>;alg="ES256";ppt=shaken',
        f";info=<{X5U}>;ppt=shaken",
        f";info=<{X5U}>;ppt=shaken;alg=ES256",
        f" ; info = <{X5U}>\t; alg=ES256 ; ppt=shaken",
        f";INFO=<{X5U}>;Alg=ES256;PPT=shaken",
        f";info=<{X5U}>;alg=ES256;ppt=shaken;canon=xyz",
    ],
)
def test_what_the_grammar_allows_is_taken(tail: str) -> None:
    assert parse_identity(TOKEN + tail).x5u == X5U


@pytest.mark.parametrize(
    "tail",
    [
        "",
        ";",
        ";alg=ES256;ppt=shaken",
        ";info=<>;alg=ES256;ppt=shaken",
        f";info={X5U};alg=ES256;ppt=shaken",
        f';info="{X5U}";alg=ES256;ppt=shaken',
        f";info=<{X5U};alg=ES256;ppt=shaken",
        ";info=<https://evil.example.com/a.pem>;alg=ES256;ppt=shaken",
        f";info=<{X5U}>;info=<{X5U}>;ppt=shaken",
        f";info=<{X5U}>;ppt=shaken;ppt=shaken",
        f";info=<{X5U}>;alg=none;ppt=shaken",
        f";info=<{X5U}>;alg=HS256;ppt=shaken",
        f";info=<{X5U}>;alg=;ppt=shaken",
        f";info=<{X5U}>;alg=ES256;ppt=div",
        f";info=<{X5U}>;alg=ES256;ppt=shaken;",
        f";info=<{X5U}>;alg=ES256;ppt=shaken, {TOKEN};info=<{X5U}>;ppt=shaken",
        f";info=<{X5U}>;alg=ES256;ppt=shaken;a=<b>",
        f";info=<{X5U}>;alg=ES256;ppt=shaken\r\nX-Evil: 1",
        f";info=<{X5U}>;alg=ES256;ppt=shaken\x00",
        f";info=<{X5U}>;alg=ES256;ppt=shaken" + "".join(f";x{n}=1" for n in range(9)),
        f";info=<{X5U}>;alg=ES256;ppt=shaken;x=" + "y" * 6000,
        f";info=<{X5U}>;alg=ES256;ppt=shakén",
    ],
)
def test_what_the_grammar_or_the_token_does_not_bear_out_is_refused(tail: str) -> None:
    with pytest.raises(IdentityInvalid):
        parse_identity(TOKEN + tail)


@pytest.mark.parametrize("kind", ["rsp", "msgi", "SHAKEN", ""])
def test_kinds_that_are_not_known_are_told_apart_from_what_is_broken(kind: str) -> None:
    value = identity(TOKEN, ppt=kind) if kind else f"{TOKEN};info=<{X5U}>;alg=ES256"
    with pytest.raises(KindUnknown):
        parse_identity(value)


def test_the_compact_form_is_refused() -> None:
    with pytest.raises(IdentityInvalid, match="compact"):
        parse_identity(identity(".." + TOKEN.rpartition(".")[2]))


def test_no_writer_is_made_for_an_address_that_fits_into_no_token() -> None:
    with pytest.raises(PassportInvalid):
        IdentityWriter(KEY, "")
