"""Phone numbers: E.164 text outside, integers inside, and which of them may be dialed at all."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""ASCII digits only: ``\\d`` would take those of every script."""
NANP = re.compile(r"\+1([2-9][0-9]{2})([2-9][0-9]{2})([0-9]{4})")
SERVICE_CODE = re.compile(r"[2-9]11")
"""N11 codes (911, 411 …) are neither area codes nor exchanges (47 CFR 52.15(f), NANPA)."""
PREMIUM_AREA_CODES = frozenset({"900"})
"""Pay-per-call (47 CFR 64.1506)."""
PREMIUM_EXCHANGES = frozenset({"976"})
DIRECTORY_ASSISTANCE = "5551212"
UNDIALABLE_TYPES = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


class InvalidNumbers(ValueError):
    """Some numbers cannot be read; ``numbers`` holds them as they were given."""

    def __init__(self, numbers: list[str]) -> None:
        count = len(numbers)
        super().__init__(
            f"{count} of the numbers cannot be read. Write them as +12025550123 or as you would dial them."
        )
        self.numbers = numbers


@lru_cache(maxsize=65_536)
def is_e164(number: str) -> bool:
    """Whether it is written as E.164: a plus sign and 7 to 15 digits. Every rule asks it of the same number."""
    return E164.fullmatch(number) is not None


@lru_cache(maxsize=65_536)
def to_digits(number: str) -> int:
    """``+12025550123`` as 12025550123; raises ``ValueError`` for anything that is not E.164."""
    if not is_e164(number):
        raise ValueError("Not an E.164 number: it needs a plus sign and 7 to 15 digits.")
    return int(number[1:])


def to_e164(digits: int) -> str:
    """12025550123 as ``+12025550123``."""
    return f"+{digits}"


def normalise(text: str, country: str = "US") -> str | None:
    """A number as a person wrote it as E.164, or None where it cannot be one.

    ``country`` is the one meant where the number has no country code.
    """
    text = text.strip()
    if is_e164(text):
        return text
    try:
        parsed = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def why_undialable(number: str) -> str:
    """In words why no line may ring there, empty where one may. North American numbers need no library."""
    found = NANP.fullmatch(number)
    if found is None:
        return _why_undialable_abroad(number)
    area, exchange, line = found.groups()
    if SERVICE_CODE.fullmatch(area) or SERVICE_CODE.fullmatch(exchange):
        return "It is a service code (N11), not a subscriber."
    if area in PREMIUM_AREA_CODES or exchange in PREMIUM_EXCHANGES:
        return "It is a premium-rate number."
    if exchange + line == DIRECTORY_ASSISTANCE:
        return "It is directory assistance."
    return ""


@lru_cache(maxsize=65_536)
def _why_undialable_abroad(number: str) -> str:
    if not is_e164(number):
        return "It is not an E.164 number (a plus sign and 7 to 15 digits)."
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return "Its country code is not assigned."
    if not phonenumbers.is_valid_number(parsed):
        return "No such number is assigned in its country."
    if phonenumbers.number_type(parsed) in UNDIALABLE_TYPES:
        return "It is a premium-rate or service number."
    return ""
