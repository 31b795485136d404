"""The TN Authorization List: the known bytes, every form there and back, and no other bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.stir.tn_auth_list import TnAuthList, TnAuthListInvalid, TnRange, decode, encode

pytestmark = pytest.mark.unit
SPC_1234 = bytes.fromhex("3008a006160431323334")
LISTS = st.builds(
    TnAuthList,
    st.lists(st.from_regex(r"\A[A-Z0-9]{1,10}\Z"), max_size=20).map(tuple),
    st.lists(
        st.builds(TnRange, st.from_regex(r"\A[0-9#*]{1,15}\Z"), st.integers(1, 10**15)), max_size=20
    ).map(tuple),
).filter(lambda listed: listed.spcs or listed.ranges)


def test_the_known_bytes_of_a_provider_code():
    assert encode(TnAuthList(("1234",))) == SPC_1234
    assert decode(SPC_1234) == TnAuthList(("1234",))


def test_one_number_and_a_range():
    one = TnAuthList(ranges=(TnRange("12025550100"),))
    assert encode(one) == b"\x30\x0f\xa2\x0d\x16\x0b12025550100"
    some = TnAuthList(ranges=(TnRange("12025550100", 128),))
    assert encode(some) == b"\x30\x15\xa1\x13\x30\x11\x16\x0b12025550100\x02\x02\x00\x80"


@given(LISTS)
def test_every_list_comes_back(listed):
    assert decode(encode(listed)) == listed


@given(
    st.binary(max_size=64)
    | st.builds(lambda tail: b"\x30" + bytes([len(tail)]) + tail, st.binary(max_size=60))
)
def test_any_bytes_are_the_one_form_of_a_list_or_refused(der):
    try:
        listed = decode(der)
    except TnAuthListInvalid:
        return
    assert encode(listed) == der or (listed.ranges and listed.spcs)


HOSTILE = {
    "nothing": b"",
    "an empty list": b"\x30\x00",
    "another type": b"\x31\x08" + SPC_1234[2:],
    "bytes after it": SPC_1234 + b"\x00",
    "cut short": SPC_1234[:-1],
    "a length of no end": b"\x30\x80" + SPC_1234[2:] + b"\x00\x00",
    "a long length": b"\x30\x81\x08" + SPC_1234[2:],
    "a huge length": b"\x30\x84\xff\xff\xff\xff" + SPC_1234[2:],
    "nine octets of length": b"\x30\x89" + b"\x01" * 9,
    "an unknown entry": b"\x30\x08\xa3\x06\x16\x041234",
    "a UTF-8 string": b"\x30\x08\xa0\x06\x0c\x041234",
    "a code with a space": b"\x30\x08\xa0\x06\x16\x0412 4",
    "a code with a high byte": b"\x30\x08\xa0\x06\x16\x0412\xb34",
    "an empty code": b"\x30\x04\xa0\x02\x16\x00",
    "two codes in one entry": b"\x30\x0e\xa0\x0c\x16\x041234\x16\x041234",
    "a range of one": b"\x30\x0a\xa1\x08\x30\x06\x16\x011\x02\x01\x01",
    "a range of less than none": b"\x30\x0a\xa1\x08\x30\x06\x16\x011\x02\x01\xff",
    "a count with a zero before it": b"\x30\x0b\xa1\x09\x30\x07\x16\x011\x02\x02\x00\x02",
    "a count without a byte": b"\x30\x09\xa1\x07\x30\x05\x16\x011\x02\x00",
    "a range without a count": b"\x30\x07\xa1\x05\x30\x03\x16\x011",
    "too long": b"\x30\x83\x01\x00\x10" + b"\xa0\x06\x16\x041234" * 8194,
}


@pytest.mark.parametrize("der", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_are_refused(der):
    with pytest.raises(TnAuthListInvalid):
        decode(der)


@pytest.mark.parametrize(
    "listed",
    [
        TnAuthList(),
        TnAuthList(("12 4",)),
        TnAuthList(("",)),
        TnAuthList(ranges=(TnRange("+1202"),)),
        TnAuthList(ranges=(TnRange("1202", 0),)),
    ],
)
def test_what_a_list_cannot_hold_is_not_encoded(listed):
    with pytest.raises(TnAuthListInvalid):
        encode(listed)


@pytest.mark.parametrize(
    ("number", "covered"),
    [
        ("+12025550100", True),
        ("12025550199", True),
        ("+12025550200", False),
        ("+12025550099", False),
        ("+2025550100", False),
        ("+1202555010\u0660", False),
        ("", False),
    ],
)
def test_a_range_covers_its_numbers_alone(number, covered):
    assert TnAuthList(ranges=(TnRange("12025550100", 100),)).covers(number) is covered


def test_a_provider_code_covers_what_its_provider_vouches_for():
    assert TnAuthList(("1234",)).covers("+12025550100")
