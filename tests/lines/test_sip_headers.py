"""Nothing that comes from outside may end a header or leave its place in one."""

from __future__ import annotations

import msgspec
import pytest

from dialer.bus.permit import Permit
from dialer.bus.trunks import TrunkConfig
from dialer.lines import sip_headers
from dialer.lines.sip_headers import HeaderInvalid

pytestmark = pytest.mark.unit
PERMIT = Permit(
    id="p",
    call="c0ffee",
    organisation=1,
    campaign=1,
    epoch=1,
    node="n",
    number="+12025550100",
    caller_id="+12025550199",
    trunk=1,
    granted_at=0,
    expires_at=1,
)
TRUNK = TrunkConfig(id=1, version=1, host="sip.example.com")
HOSTILE = ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\x00b", "a\x7fb", "a\u2028b", "a\x1b[0m"]


def permit(**fields: object) -> Permit:
    return msgspec.structs.replace(PERMIT, **fields)


def trunk(**fields: object) -> TrunkConfig:
    return msgspec.structs.replace(TRUNK, **fields)


def test_the_target_carries_prefix_and_plus_as_the_trunk_wants() -> None:
    assert sip_headers.target_uri(PERMIT, TRUNK) == "sip:+12025550100@sip.example.com:5060;transport=udp"
    plain = trunk(plus=False, number_prefix="99#", port=5080, transport="tcp")
    assert sip_headers.target_uri(PERMIT, plain) == "sip:99%2312025550100@sip.example.com:5080;transport=tcp"


@pytest.mark.parametrize(
    "number",
    [
        "12025550100",
        "+",
        "+0123",
        "+1202555@evil",
        "+1 202",
        "",
        "+1202555\u0660\u0661\u0662",
        "+" + "1" * 20,
    ],
)
def test_only_e164_numbers_are_dialed(number: str) -> None:
    with pytest.raises(HeaderInvalid, match="number"):
        sip_headers.target_uri(permit(number=number), TRUNK)


@pytest.mark.parametrize(
    "host", ["", "a b", "evil>;x", "a..b", "-a.com", "a;transport=tcp", "x" * 254, *HOSTILE]
)
def test_only_hosts_are_hosts(host: str) -> None:
    with pytest.raises(HeaderInvalid, match="host"):
        sip_headers.target_uri(PERMIT, trunk(host=host))
    if host:
        with pytest.raises(HeaderInvalid, match="host"):
            sip_headers.own_domain(trunk(from_domain=host))


def test_an_ipv6_host_stands_in_brackets() -> None:
    assert sip_headers.host_in_uri("2001:db8::1") == "[2001:db8::1]"


def test_from_carries_display_name_and_caller_id() -> None:
    given = permit(display_name='Bo "the" \\ Co')
    assert (
        sip_headers.from_header(given, TRUNK) == '"Bo \\"the\\" \\\\ Co" <sip:+12025550199@sip.example.com>'
    )
    own = trunk(from_domain="us.example", plus=False)
    assert sip_headers.from_header(PERMIT, own) == "<sip:12025550199@us.example>"


def test_without_caller_id_the_trunk_presents_its_own() -> None:
    assert sip_headers.from_header(permit(caller_id=""), TRUNK) == ""
    assert [name for name, _ in sip_headers.own_headers(permit(caller_id=""), TRUNK)] == ["X-Paceline-Call"]


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 81])
def test_a_hostile_display_name_is_refused(text: str) -> None:
    with pytest.raises(HeaderInvalid, match="display_name"):
        sip_headers.from_header(permit(display_name=text), TRUNK)


@pytest.mark.parametrize("text", [*HOSTILE, "é", "x" * 4001])
def test_a_hostile_identity_is_refused(text: str) -> None:
    with pytest.raises(HeaderInvalid, match="identity"):
        sip_headers.own_headers(permit(identity=text), TRUNK)


@pytest.mark.parametrize("text", [*HOSTILE, "+1202>;x=1", "anonymous"])
def test_a_hostile_caller_id_is_refused(text: str) -> None:
    with pytest.raises(HeaderInvalid, match="caller_id"):
        sip_headers.own_headers(permit(caller_id=text), TRUNK)


def test_the_identity_header_goes_out_as_it_was_signed() -> None:
    signed = "eyJhbGciOiJFUzI1NiJ9..sig;info=<https://cert.example/a.pem>;alg=ES256;ppt=shaken"
    assert ("Identity", signed) in sip_headers.own_headers(permit(identity=signed), TRUNK)


def test_signatures_beside_the_first_stand_in_headers_of_their_own() -> None:
    given = permit(identity="a.b.c;info=<https://x.example/a>", beside=("d.e.f;info=<https://x.example/a>",))
    values = [value for name, value in sip_headers.own_headers(given, TRUNK) if name == "Identity"]
    assert values == [given.identity, *given.beside]


@pytest.mark.parametrize("text", [*HOSTILE, "é", "x" * 4001])
def test_a_hostile_value_beside_the_identity_is_refused(text: str) -> None:
    with pytest.raises(HeaderInvalid, match="identity"):
        sip_headers.own_headers(permit(identity="a", beside=(text,)), TRUNK)


def test_the_date_is_when_the_invite_leaves_but_never_before_it_was_signed() -> None:
    assert sip_headers.date_header(1_700_000_000.9, 1_700_000_002.5) == (
        "Date",
        "Tue, 14 Nov 2023 22:13:22 GMT",
    )
    assert sip_headers.date_header(1_700_000_000.9, 1_699_999_999.0) == (
        "Date",
        "Tue, 14 Nov 2023 22:13:20 GMT",
    )
