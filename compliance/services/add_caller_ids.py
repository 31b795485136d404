"""Add many caller IDs at once."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from accounts.services.record_audit import record_audit

from ..choices import Attestation
from ..models import CallerId
from .save_caller_id import check_proof, readable

LINES_MAX = 5_000
COLUMNS = ("number", "name", "attestation", "daily limit", "proof")
HEADING = "number"
"""A first line that begins with this word names the columns; it is passed over."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for a line that does not say it itself."""

    display_name: str
    attestation: str
    daily_limit: int
    proof: str


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong with a line (counted from 1), and what to do."""

    line: int
    text: str
    problem: str


class LinesInvalid(ValueError):
    """Some lines cannot be used; nothing was added."""

    def __init__(self, errors: list[LineError]) -> None:
        super().__init__(f"{len(errors):,} lines cannot be used. Nothing was added.")
        self.errors = errors


@transaction.atomic
def add_caller_ids(
    organisation: Organisation, actor: User | str, lines: Sequence[str], defaults: Defaults
) -> tuple[int, int]:
    """How many were added, and how many were in the pool before (those stay as they are).

    A line is a number, or a number with name, attestation, daily limit and proof, separated by commas. Raises
    ``LinesInvalid`` with every bad line, ``ValueError`` for more than ``LINES_MAX`` lines; then nothing is added.
    """
    if len(lines) > LINES_MAX:
        raise ValueError(f"At most {LINES_MAX:,} lines at once. Cut the list into parts.")
    wanted = _read(organisation, lines, defaults)
    known = set(CallerId.objects.filter(organisation=organisation).values_list("number", flat=True))
    fresh = [each for each in wanted.values() if each.number not in known]
    CallerId.objects.bulk_create(fresh)
    if fresh:
        after = {"count": len(fresh), "numbers": [each.number for each in fresh], "proof": defaults.proof}
        record_audit(organisation, actor, "caller_id.added", f"{len(fresh)} caller IDs", {}, after)
    return len(fresh), len(wanted) - len(fresh)


def _read(organisation: Organisation, lines: Sequence[str], defaults: Defaults) -> dict[str, CallerId]:
    found: dict[str, CallerId] = {}
    errors = []
    for line, text in _numbered(lines):
        try:
            caller_id = _caller_id(organisation, text, defaults)
            if caller_id.number in found:
                raise ValidationError("The number stands in an earlier line too. Take one of them out.")
            found[caller_id.number] = caller_id
        except ValidationError as error:
            errors.append(LineError(line, text[:80], " ".join(error.messages)))
    if errors:
        raise LinesInvalid(errors)
    return found


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for line, text in enumerate(lines, 1):
        is_heading = line == 1 and text.strip().lower().startswith(HEADING)
        if text.strip() and not is_heading:
            yield line, text.strip()


def _caller_id(organisation: Organisation, text: str, defaults: Defaults) -> CallerId:
    fields = [field.strip() for field in _fields(text)]
    if len(fields) > len(COLUMNS):
        raise ValidationError(f"At most {len(COLUMNS)} columns: {', '.join(COLUMNS)}.")
    number, name, attestation, limit, proof = fields + [""] * (len(COLUMNS) - len(fields))
    caller_id = CallerId(
        organisation=organisation,
        number=readable(number, organisation.country),
        display_name=name or defaults.display_name,
        attestation=_attestation(attestation) or defaults.attestation,
        daily_limit=_limit(limit) if limit else defaults.daily_limit,
        proof=proof or defaults.proof,
    )
    check_proof(caller_id)
    caller_id.clean_fields(exclude=["organisation"])
    return caller_id


def _fields(text: str) -> list[str]:
    """Commas, or semicolons or tabs as spreadsheets write them."""
    delimiter = next((mark for mark in ("\t", ";") if mark in text), ",")
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        raise ValidationError("A quotation mark is not closed.") from None


def _attestation(text: str) -> str:
    level = text.upper()
    if level and level not in Attestation.values:
        raise ValidationError(f"Attestation is A, B or C, not {text[:20]!r}.")
    return level


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ValidationError(f"The daily limit is a whole number such as 100, not {text[:20]!r}.")
    return int(text)
