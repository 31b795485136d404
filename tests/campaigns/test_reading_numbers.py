"""Numbers as files write them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.importing.numbers import NumberProblem, read_number, unwrap
from campaigns.importing.problems import Problem

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "2125550101",
        "(212) 555-0101",
        "212.555.0101",
        "212 555 0101",
        "1-212-555-0101",
        "+1 212 555 0101",
        "+12125550101",
        "  2125550101 ",
        '="2125550101"',
        "'2125550101",
        "2125550101.0",
        "2.125550101E+09",
        "2,125550101e+9",
        "212-555-0101 x123",
        "212\u2011555\u20110101",
        "tel:+1-212-555-0101",
    ],
)
def test_the_ways_to_write_a_number_all_mean_the_same(text):
    assert read_number(unwrap(text), "US") == "+12125550101"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2.12555E+09", Problem.SHORTENED),
        ("2E+09", Problem.SHORTENED),
        ("5550101", Problem.NOT_A_NUMBER),
        ("n/a", Problem.NOT_A_NUMBER),
        ("-", Problem.NOT_A_NUMBER),
        ("212555010", Problem.NOT_A_NUMBER),
        ("ada@example.com", Problem.NOT_A_NUMBER),
        ("2125550101" * 10, Problem.NOT_A_NUMBER),
        ("212 911 0101", Problem.NOT_DIALABLE),
        ("911 555 0101", Problem.NOT_DIALABLE),
        ("900 555 0101", Problem.NOT_DIALABLE),
        ("212 555 1212", Problem.NOT_DIALABLE),
        ("800 555 0101", Problem.NO_ZONE),
        ("299 555 0101", Problem.NO_ZONE),
    ],
)
def test_what_cannot_be_dialed_is_told_apart(text, code):
    with pytest.raises(NumberProblem) as caught:
        read_number(text, "US")
    assert caught.value.code == code
    assert len(caught.value.message) <= 200


def test_numbers_of_other_countries_are_read_in_their_own_way():
    assert read_number("020 7946 0123", "GB") == "+442079460123"
    assert read_number("+44 20 7946 0123", "US") == "+442079460123"


@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_a_problem(text):
    try:
        number = read_number(unwrap(text), "US")
    except NumberProblem:
        return
    assert phonenumbers.is_possible_number(phonenumbers.parse(number))


@given(
    st.sampled_from(["212", "305", "312", "602", "415", "907"]),
    st.integers(2_000_000, 9_999_999),
    st.sampled_from(["{}{}{}", "({}) {}-{}", "{}-{}-{}", "+1 {} {} {}", "1.{}.{}.{}"]),
)
def test_the_plain_path_agrees_with_the_library(area, rest, shape):
    text = shape.format(area, str(rest)[:3], str(rest)[3:])
    expected = phonenumbers.format_number(phonenumbers.parse(text, "US"), phonenumbers.PhoneNumberFormat.E164)
    unassigned = str(rest)[1:3] == "11" or str(rest).startswith("976") or str(rest) == "5551212"
    if unassigned:
        with pytest.raises(NumberProblem):
            read_number(text, "US")
    else:
        assert read_number(text, "US") == expected
