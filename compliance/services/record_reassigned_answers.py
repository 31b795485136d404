"""Write down what the Reassigned Numbers Database answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ..choices import RndAnswer
from ..consent.files import Cells
from ..consent.moments import BadMoment, read_day
from ..models import ReassignedAnswer
from ..numbers import NANP, normalise, to_digits

CHUNK = 500
SOURCE_LENGTH = 200
ANSWERS = {
    "no": RndAnswer.NO,
    "n": RndAnswer.NO,
    "yes": RndAnswer.YES,
    "y": RndAnswer.YES,
    "nodata": RndAnswer.NO_DATA,
}
"""In small letters without spaces and signs."""


class BadAnswer(ValueError):
    """The row is no answer; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One row of the database's file."""

    number: int
    asked: date
    answer: RndAnswer


def read_answer(cells: Cells) -> Answered:
    """A row of number, date and answer. The database knows North American numbers only. Raises ``BadAnswer``."""
    number = normalise(cells.get("number", ""), "US")
    if number is None or NANP.fullmatch(number) is None:
        raise BadAnswer("number: This is no US phone number. Write it as 2025550123.")
    answer = ANSWERS.get("".join(filter(str.isalpha, cells.get("answer", "").lower())))
    if answer is None:
        raise BadAnswer(f"answer: “{cells.get('answer', '')[:20]}” is none. It must be yes, no or no_data.")
    try:
        return Answered(to_digits(number), read_day(cells.get("date", "")), answer)
    except BadMoment as error:
        raise BadAnswer(f"date: {error}") from None


def enter_answers(
    organisation_id: int, answers: Iterable[Answered], answered_at: datetime, source: str
) -> int:
    """Write them, in the caller's transaction; returns how many. ``answered_at`` is when the database gave them."""
    rows = [
        ReassignedAnswer(
            organisation_id=organisation_id,
            number=each.number,
            consent_date=each.asked,
            answer=each.answer,
            answered_at=answered_at,
            source=source[:SOURCE_LENGTH],
        )
        for each in answers
    ]
    ReassignedAnswer.objects.bulk_create(rows, batch_size=CHUNK)
    return len(rows)
