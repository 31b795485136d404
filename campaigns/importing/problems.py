"""All that can be wrong with a file or a row, in words, with what repairs it."""

from __future__ import annotations

from django.db import models


class BadFile(Exception):
    """The file as a whole cannot be brought in; the message says what is wrong and what to do."""


class Problem(models.TextChoices):
    """Why a row was rejected; the label is what repairs it."""

    NO_PHONE = "no_phone", "Add a phone number to the row, or leave the row out."
    NOT_A_NUMBER = (
        "not_a_number",
        "Write the number with its area code, such as 212 555 0123 or +44 20 7946 0123.",
    )
    SHORTENED = "shortened", "Format the column as text in the spreadsheet, then export it again."
    NOT_DIALABLE = "not_dialable", "Use a subscriber's number with an area code that exists."
    NO_ZONE = "no_zone", "Use a number whose place is known: without it no lawful calling time can be told."
    TIME_ZONE = "time_zone", "Write the time zone as America/Chicago, or leave it empty."
    TOO_LONG = "too_long", "Shorten the value."
    TOO_MANY_CELLS = "too_many_cells", "Put quotes round values that contain the separator."
    BROKEN_QUOTE = "broken_quote", "Close the quote, or double it inside a value."
    NUL = "nul", "Export the file again: this line is damaged."
    CONSENT = (
        "consent",
        "Give the consent's kind (written, express, purchase, inquiry, revoked), its date, and what shows it.",
    )
    COUNTRY = "country", "Write the country as two letters, such as US."
    STATE = "state", "Write the state or province as two letters, such as FL, or leave it empty."


class Skip(models.TextChoices):
    """Why a row was skipped though nothing is wrong with it."""

    DUPLICATE = "duplicate", "The number is already there"
    OWN_DNC = "own_dnc", "All its numbers are on the do-not-call list"
    BLANK = "blank", "Empty line"


class Note(models.TextChoices):
    """What was left out of a row that was brought in."""

    PHONE_LEFT_OUT = "phone_left_out", "A further number of the row cannot be dialed and was left out"


class RowProblem(Exception):
    """One row cannot be brought in."""

    def __init__(self, code: Problem, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message
