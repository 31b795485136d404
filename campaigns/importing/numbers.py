"""Phone numbers as files write them, to E.164: a plain path for North American ones, phonenumbers for all
others.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import phonenumbers

from compliance.law.zones import UnknownZone, zones_of
from compliance.numbers import why_undialable

from .problems import Problem, RowProblem

NANP_COUNTRIES = frozenset({"US", "CA", "PR", "VI", "GU", "AS", "MP"})
"""Where ten digits are a whole number. Other members of the plan write theirs the same way but are read by
the library.
"""
PLAIN = re.compile(r"(?:\+?1)?([2-9]\d\d[2-9]\d{6})")
_NOISE = str.maketrans("", "", " \t().-/\u00a0\u2010\u2011\u2013\u200e\u202a\u202c")
FORMULA = re.compile(r'=?"(.*)"')
"""``="2125551212"``: how some exports keep a spreadsheet from rounding."""
FLOAT = re.compile(r"(\d{7,15})\.0+")
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
PREFIX_LENGTH = len("+1212555")
EXCHANGE = slice(5, 8)
WRAPPERS = frozenset("=\"'")
MAX_CHARS = 40


class NumberProblem(RowProblem):
    """The text is no number that can be dialed."""


def unwrap(cell: str) -> str:
    """A cell without spaces round it and without the formula or quote that keeps its digits as text."""
    text = cell.strip()
    if not text or text[0] not in WRAPPERS:
        return text
    if found := FORMULA.fullmatch(text):
        return found.group(1).strip()
    return text.lstrip("'").strip()


def read_number(text: str, country: str) -> str:
    """The number in E.164, from an unwrapped cell. ``country`` (two letters) is where a number without ``+`` belongs.

    Raises ``NumberProblem``.
    """
    if country in NANP_COUNTRIES and (plain := PLAIN.fullmatch(text.translate(_NOISE))):
        return _checked("+1" + plain.group(1), text)
    return _read_slowly(text, country)


def _read_slowly(text: str, country: str) -> str:
    if len(text) > MAX_CHARS:
        raise NumberProblem(Problem.NOT_A_NUMBER, f"“{text[:MAX_CHARS]}…” is not a phone number.")
    text = _undo_spreadsheet(text)
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise NumberProblem(Problem.NOT_A_NUMBER, f"“{text}” is not a phone number.") from None
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise NumberProblem(Problem.NOT_A_NUMBER, f"“{text}” has too few or too many digits.")
    parsed.extension = None
    return _checked(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), text)


def _undo_spreadsheet(text: str) -> str:
    """``2125551212.0`` and ``2.125551212E+09`` back to digits; a number that lost digits on the way is a
    problem.
    """
    if found := FLOAT.fullmatch(text):
        return found.group(1)
    if not SCIENTIFIC.fullmatch(text):
        return text
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
    mantissa = value.normalize().as_tuple()
    if isinstance(mantissa.exponent, int) and mantissa.exponent > 2:
        raise NumberProblem(
            Problem.SHORTENED, f"“{text}” was shortened by a spreadsheet: its last digits are lost."
        )
    return format(value, "f")


def _checked(number: str, text: str) -> str:
    code, why = _verdict(number)
    if code is not None:
        raise NumberProblem(code, f"“{text}” cannot be dialed: {why}")
    return number


def _verdict(number: str) -> tuple[Problem | None, str]:
    """Why the gate would refuse every dial of this number, so that it is told now and not call by call.

    In North America area code and exchange decide it, but for directory assistance, which is a line of exchange 555.
    """
    if number.startswith("+1") and number[EXCHANGE] != "555":
        return _verdict_of(number[:PREFIX_LENGTH] + "0100")
    return _verdict_of(number)


@lru_cache(maxsize=65_536)
def _verdict_of(number: str) -> tuple[Problem | None, str]:
    if why := why_undialable(number):
        return Problem.NOT_DIALABLE, why
    try:
        zones_of(number)
    except UnknownZone as unknown:
        return Problem.NO_ZONE, str(unknown)
    return None, ""
