"""One row, read by the mapping, as the values of a lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from compliance.consent.drafts import Draft
from compliance.law.places import UnknownPlace, tidy_state

from .consents import ConsentReader
from .numbers import NumberProblem, read_number, unwrap
from .places import COMMON_ZONES, COUNTRY_NAMES
from .problems import Problem, RowProblem
from .rows import RawRow

TEXT_LENGTHS: dict[str, int] = {
    "first_name": 80,
    "last_name": 80,
    "company": 120,
    "email": 254,
    "address": 200,
    "city": 80,
    "state": 40,
    "postal_code": 16,
    "country": 2,
    "time_zone": 64,
    "external_id": 80,
    "notes": 10_000,
}
"""The most characters of each field; a test holds them equal to the model's."""
SHORTEST = min(length for name, length in TEXT_LENGTHS.items() if name != "country")
CUSTOM_LENGTH = 1000
ZIP_DIGITS = 5
ZIP_PLUS_4_DIGITS = 9
_ZONES = frozenset(available_timezones())


@dataclass(slots=True)
class Record:
    """A lead to be: its filled fields, custom fields, and phones as (E.164, kind), each number once."""

    row: int
    fields: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    phones: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0
    """Further numbers of the row that cannot be dialed."""
    consent: Draft | None = None
    """Of the first number, where the file has columns for it."""


class RecordReader:
    """Turns rows into records by a mapping of columns; raises ``RowProblem`` for a row that cannot be one."""

    def __init__(
        self, columns: int, mapping: Mapping[str, str], country: str, consents: ConsentReader | None = None
    ) -> None:
        self._columns = columns
        self._places = [(int(i), target, *target.partition(":")[::2]) for i, target in mapping.items()]
        self._country = country
        self._consents = consents

    def read(self, raw: RawRow) -> Record | None:
        """The record; None for an empty line."""
        cells = raw.cells
        if not any(map(str.strip, cells)):
            return None
        if raw.lines > 1 or len(cells) > self._columns or "\0" in "".join(cells):
            self._check_shape(raw)
        record, numbers, width = Record(raw.number), [], len(cells)
        consent: dict[str, str] = {}
        for index, field_name, kind, name in self._places:
            value = unwrap(cells[index]) if index < width else ""
            if not value:
                continue
            if kind == "phone":
                numbers.append((value, name))
            elif kind == "custom":
                record.custom[name] = _short_enough(name, value, CUSTOM_LENGTH)
            elif kind == "consent":
                consent[name] = value
            else:
                record.fields[field_name] = value
        self._finish(record, numbers)
        if consent and self._consents is not None:
            number, country = record.phones[0][0], record.fields["country"]
            record.consent = self._consents.read(consent, number, country, raw.number)
        return record

    def _check_shape(self, raw: RawRow) -> None:
        if any("\0" in cell for cell in raw.cells):
            raise RowProblem(Problem.NUL, "The row holds NUL bytes: the file is damaged here.")
        if raw.lines > 1 and len(raw.cells) != self._columns:
            last = raw.line + raw.lines - 1
            raise RowProblem(
                Problem.BROKEN_QUOTE, f"A quote joins lines {raw.line} to {last} into one broken row."
            )
        if any(cell.strip() for cell in raw.cells[self._columns :]):
            raise RowProblem(
                Problem.TOO_MANY_CELLS, f"The row has {len(raw.cells)} values, the header {self._columns}."
            )

    def _finish(self, record: Record, numbers: list[tuple[str, str]]) -> None:
        _split_name(record.fields)
        _tidy_places(record.fields, self._country)
        for name, value in record.fields.items():
            if len(value) > SHORTEST:
                _short_enough(name, value, TEXT_LENGTHS[name])
        _read_phones(record, numbers)


def _read_phones(record: Record, numbers: list[tuple[str, str]]) -> None:
    """Every number that can be dialed, once; the first one's problem where none can."""
    found: dict[str, str] = {}
    problems: list[NumberProblem] = []
    for text, kind in numbers:
        try:
            found.setdefault(read_number(text, record.fields["country"]), kind)
        except NumberProblem as problem:
            problems.append(problem)
    if not found:
        raise problems[0] if problems else RowProblem(Problem.NO_PHONE, "The row has no phone number.")
    record.phones, record.left_out = list(found.items()), len(problems)


def _split_name(fields: dict[str, str]) -> None:
    """``Ada King`` and ``King, Ada`` into first and last name; columns of their own go before."""
    whole = " ".join(fields.pop("name", "").split())
    if not whole:
        return
    if "," in whole:
        last, _, first = (part.strip() for part in whole.partition(","))
    else:
        first, _, last = whole.rpartition(" ") if " " in whole else (whole, "", "")
    for name, value in (("first_name", first), ("last_name", last)):
        if value:
            fields.setdefault(name, value)


def _tidy_places(fields: dict[str, str], country: str) -> None:
    given = fields.get("country", country)
    fields["country"] = COUNTRY_NAMES.get(given.upper(), given.upper())
    if len(fields["country"]) != 2 or not fields["country"].isalpha():
        raise RowProblem(Problem.COUNTRY, f"“{given[:40]}” is not a country.")
    if "state" in fields:
        fields["state"] = _state(fields["state"], fields["country"])
    if "postal_code" in fields and fields["country"] == "US":
        fields["postal_code"] = whole_zip(fields["postal_code"])
    if "time_zone" in fields:
        fields["time_zone"] = _zone(fields["time_zone"])


def whole_zip(text: str) -> str:
    """A ZIP code with the leading zeros that a spreadsheet took: ``2134`` is 02134, ``21340001`` is
    02134-0001.
    """
    digits = text.removesuffix(".0").replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        return text
    if 3 <= len(digits) <= ZIP_DIGITS and "-" not in text:
        return digits.zfill(ZIP_DIGITS)
    if ZIP_PLUS_4_DIGITS - 2 <= len(digits) <= ZIP_PLUS_4_DIGITS:
        whole = digits.zfill(ZIP_PLUS_4_DIGITS)
        return f"{whole[:ZIP_DIGITS]}-{whole[ZIP_DIGITS:]}"
    return text


def _state(text: str, country: str) -> str:
    try:
        return tidy_state(text, country)
    except UnknownPlace as unknown:
        raise RowProblem(Problem.STATE, str(unknown)) from unknown


def _zone(text: str) -> str:
    zone = COMMON_ZONES.get(text.upper(), text)
    if zone not in _ZONES:
        raise RowProblem(Problem.TIME_ZONE, f"“{text[:40]}” is not a time zone.")
    return zone


def _short_enough(name: str, value: Any, limit: int) -> Any:
    if len(value) > limit:
        raise RowProblem(Problem.TOO_LONG, f"{name} has {len(value)} characters; {limit} fit.")
    return value
