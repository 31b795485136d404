"""What a new campaign and a new organisation begin with; all of it can be changed."""

from __future__ import annotations

from .choices import Meaning, Outcome

HOUR_MIN = 60
DAY_MIN = 24 * HOUR_MIN

DISPOSITIONS: tuple[dict[str, object], ...] = (
    {"code": "sale", "name": "Sale", "meaning": Meaning.SUCCESS, "key": "1"},
    {"code": "not-interested", "name": "Not interested", "meaning": Meaning.FINAL, "key": "2"},
    {"code": "callback", "name": "Call back", "meaning": Meaning.CALLBACK, "key": "3"},
    {
        "code": "no-decision",
        "name": "Not the right time",
        "meaning": Meaning.RETRY,
        "key": "4",
        "retry_after_min": DAY_MIN,
    },
    {
        "code": "machine",
        "name": "Answering machine",
        "meaning": Meaning.RETRY,
        "key": "5",
        "retry_after_min": 4 * HOUR_MIN,
        "is_machine": True,
    },
    {"code": "wrong-number", "name": "Wrong number", "meaning": Meaning.FINAL, "key": "6"},
    {"code": "do-not-call", "name": "Do not call again", "meaning": Meaning.DO_NOT_CALL, "key": "9"},
    {
        "code": "no-word",
        "name": "Wrap-up ran out",
        "meaning": Meaning.FINAL,
        "is_default": True,
    },
)
"""Where wrap-up runs out without a word the lead is not called again: it may have asked for just that."""

RECYCLE_RULES: tuple[dict[str, object], ...] = (
    {"outcome": Outcome.BUSY, "retry_after_min": 15, "max_attempts": 5},
    {"outcome": Outcome.NO_ANSWER, "retry_after_min": 2 * HOUR_MIN, "max_attempts": 5},
    {"outcome": Outcome.MACHINE, "retry_after_min": 4 * HOUR_MIN, "max_attempts": 4},
    {"outcome": Outcome.REJECTED, "retry_after_min": DAY_MIN, "max_attempts": 2},
    {"outcome": Outcome.ABANDONED, "retry_after_min": 3 * DAY_MIN, "max_attempts": 2},
    {"outcome": Outcome.FAILED, "retry_after_min": HOUR_MIN, "max_attempts": 3},
    {"outcome": Outcome.CANCELLED, "retry_after_min": 30, "max_attempts": 5},
    {"outcome": Outcome.LOST, "retry_after_min": HOUR_MIN, "max_attempts": 3},
)
"""A person who was abandoned is left alone for 72 hours (Ofcom's persistent misuse policy; the FTC sets no
time).
"""

PAUSE_CODES: tuple[tuple[str, str], ...] = (
    ("break", "Break"),
    ("lunch", "Lunch"),
    ("training", "Training"),
    ("meeting", "Meeting"),
    ("technical", "Technical trouble"),
)

SAFE_HARBOUR_TEXT = (
    "Hello. This is {{ organisation }}, calling from {{ number }}. We are sorry that nobody was free to speak "
    "with you. If you do not want to be called again, press 9 now, or call this number."
)
"""16 CFR 310.4(b)(4)(iii) and 47 CFR 64.1200(a)(7)(i)(A): the caller's name and number, no sales talk, a way to
opt out.
"""
