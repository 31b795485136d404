"""Only subscribers' numbers are dialed."""

from __future__ import annotations

import pytest

from compliance.numbers import normalise, to_digits, to_e164, why_undialable

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("number", ["+12125550123", "+442079460123", "+4915112345678", "+14165550123"])
def test_subscribers_may_be_dialed(number):
    assert why_undialable(number) == ""


@pytest.mark.parametrize(
    "number",
    [
        "",
        "911",
        "+911",
        "+1911",
        "112",
        "+19115550123",
        "+12129110123",
        "+12124110123",
        "+19005550123",
        "+12129760123",
        "+12125551212",
        "+11125550123",
        "+12121550123",
        "+1212555012",
        "+121255501234",
        "2125550123",
        "+44",
        "+449012345678",
        "+999123456789",
        "+1212555012a",
        "+١٢١٢٥٥٥٠١٢٣",
        "+12125550123\n",
    ],
)
def test_everything_else_may_not(number):
    assert why_undialable(number) != ""


def test_what_a_person_writes_becomes_e164():
    assert normalise("(212) 555-0123") == "+12125550123"
    assert normalise("020 7946 0123", "GB") == "+442079460123"
    assert normalise(" +442079460123 ") == "+442079460123"
    assert normalise("hello") is None
    assert normalise("12") is None


def test_digits_and_text_are_one_number():
    assert to_e164(to_digits("+12125550123")) == "+12125550123"
    with pytest.raises(ValueError, match="plus sign"):
        to_digits("12125550123")
