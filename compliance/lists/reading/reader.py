"""Reads one number as somebody wrote it, and learns from it how to read all that look alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from phonenumbers import country_code_for_region

from ...numbers import E164, normalise
from ..numbers import Numbers

AREA_AND_NUMBER = re.compile(r"(\d{3}),(\d{7})")
"""As the FTC delivers its registry: area code, comma, seven digits."""
PUNCTUATION = re.compile(r"[ \t\r\"'().+/-]+")
LONGEST = 40
NANP_DIGITS = 10
NANP_PREFIX = 10_000_000_000
NANP_LOWEST = 12_000_000_000
NORTH_AMERICA = frozenset({"US", "CA"})
LATIN_0, LATIN_9 = ord("0"), ord("9")
Bytes = NDArray[np.uint8]


class Unreadable(ValueError):
    """The text is no number that may stand on this list; says why."""


@dataclass(frozen=True, slots=True)
class Read:
    """A number, and how many of its last digits differ from line to line in others that look alike."""

    number: int
    varying: int


@dataclass(frozen=True, slots=True)
class Reader:
    """``country`` is meant where none is written; ``only``: numbers of other countries are rejected."""

    country: str
    only: bool

    def read(self, text: str) -> Read:
        """The number that stands in ``text``. Raises ``Unreadable``."""
        text = text.strip()
        if joined := AREA_AND_NUMBER.fullmatch(text):
            text = "".join(joined.groups())
        digits = PUNCTUATION.sub("", text)
        if len(text) > LONGEST or not (digits.isascii() and digits.isdigit()):
            raise Unreadable("no phone number")
        if "+" in text:
            return self._international(digits)
        if self.country in NORTH_AMERICA:
            return _north_american(digits)
        return self._national(digits)

    def _international(self, digits: str) -> Read:
        code = str(country_code_for_region(self.country)) if self.only else ""
        if not digits.startswith(code):
            raise Unreadable("a number of another country")
        if digits.startswith("1"):
            return _north_american(digits)
        if E164.fullmatch(f"+{digits}") is None:
            raise Unreadable("not a number with its country code")
        return Read(int(digits), len(digits) - len(code))

    def _national(self, digits: str) -> Read:
        """Of other countries: a trunk prefix 0, or the country code without its plus."""
        read = normalise(digits, self.country) if self.country else None
        if read is None:
            raise Unreadable("not a number of this country; write others with a plus")
        common = 0
        while common < min(len(digits), len(read) - 1) and digits[-1 - common] == read[-1 - common]:
            common += 1
        return Read(int(read[1:]), min(common, len(digits) - 1))


def _north_american(digits: str) -> Read:
    if len(digits) == NANP_DIGITS + 1 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != NANP_DIGITS:
        raise Unreadable(f"{len(digits)} digits instead of {NANP_DIGITS}")
    if digits[0] < "2":
        raise Unreadable("an area code cannot begin with 0 or 1")
    return Read(NANP_PREFIX + int(digits), NANP_DIGITS)


class Template:
    """The look of a line: which of its characters are digits that vary, and what all others must be."""

    def __init__(self, line: bytes, read: Read) -> None:
        digits = [place for place, char in enumerate(line) if LATIN_0 <= char <= LATIN_9]
        varying = digits[len(digits) - read.varying :]
        fixed = [place for place in range(len(line)) if place not in varying]
        self._varying, self._fixed = np.array(varying, np.intp), np.array(fixed, np.intp)
        self._expected = np.frombuffer(line, np.uint8)[fixed][:, None]
        self._prefix = read.number // 10**read.varying * 10**read.varying
        self._lowest = 10 ** (len(str(read.number)) - 1)

    def match(self, rows: Bytes) -> tuple[NDArray[np.bool_], Numbers]:
        """Which of the lines, all as long as the template's, look so; and the number in each of them."""
        columns = np.ascontiguousarray(rows.T)
        digits = columns[self._varying] - LATIN_0
        fits = digits.max(axis=0) <= 9
        fits &= (columns[self._fixed] == self._expected).all(axis=0)
        numbers = _value(digits) + self._prefix
        fits &= numbers >= self._lowest
        fits &= (numbers < NANP_PREFIX) | (numbers >= NANP_LOWEST)
        return fits, numbers


def _value(digits: Bytes) -> Numbers:
    """Columns of digits as integers; eight at a time fit 32 bits, which are worked on twice as fast."""
    total = np.zeros(digits.shape[1], np.int64)
    for start in range(0, len(digits), 8):
        group = digits[start : start + 8]
        value = np.zeros(digits.shape[1], np.uint32)
        for column in group:
            value *= 10
            value += column
        total = total * 10 ** len(group) + value
    return total
