"""The number plan of the practice carrier: the last two digits of the number dialed say what happens.

This table is the only place where it is written; ``docs/practice.md`` is tested against it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

TALK_S = (8.0, 14.0, 40.0)
"""Shortest, most likely and longest talk of a person, from the answer on."""
RING_LIMIT_S = 25.0
"""The ring limit that the last of the people answer at: the default of a campaign."""


class Answer(StrEnum):
    """Who picks up."""

    HUMAN = "human"
    MACHINE = "machine"
    NOBODY = "nobody"


class Script(StrEnum):
    """What is said after the answer."""

    HELLO = "hello"
    LATE_HELLO = "late_hello"
    TALKS_OVER = "talks_over"
    RTP_STOPS = "rtp_stops"
    DTMF = "dtmf"
    GREETING = "greeting"
    LONG_GREETING = "long_greeting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Behaviour:
    """What a far end does. Seconds count from the INVITE, those of the talk from the answer."""

    name: str
    text: str
    answer: Answer = Answer.NOBODY
    code: int = 200
    """The final SIP answer; 0: none."""
    after_s: float = 0.3
    rings: bool = True
    early_media: bool = False
    at_ring_limit: bool = False
    """Answers at the ring limit, or when the CANCEL comes, whichever is first: the two cross."""
    challenge: int = 0
    """401 or 407: credentials are asked for first."""
    usable_sdp: bool = True
    script: Script = Script.HELLO
    talk_s: float | None = None
    """When the far end hangs up; None: drawn for each number."""


def _human(name: str, text: str, after_s: float, **more: object) -> Behaviour:
    return Behaviour(name=name, text=text, answer=Answer.HUMAN, after_s=after_s, **more)  # type: ignore[arg-type]


def _refuses(name: str, code: int, text: str, **more: object) -> Behaviour:
    return Behaviour(name=name, text=text, code=code, **more)  # type: ignore[arg-type]


def _machine(name: str, text: str, after_s: float, script: Script, talk_s: float) -> Behaviour:
    return Behaviour(
        name=name, text=text, answer=Answer.MACHINE, after_s=after_s, script=script, talk_s=talk_s
    )


PLAN: dict[range, Behaviour] = {
    range(14): _human("human_2s", "A person answers after 2 s.", 2),
    range(14, 28): _human("human_5s", "A person answers after 5 s.", 5),
    range(28, 36): _human("human_9s", "A person answers after 9 s.", 9),
    range(36, 40): _human("human_14s", "A person answers after 14 s.", 14),
    range(40, 43): _human(
        "late_hello", "A person answers after 4 s and says hello 2.5 s later.", 4, script=Script.LATE_HELLO
    ),
    range(43, 44): _human(
        "talks_over", "A person talks from the answer on without a pause.", 3, script=Script.TALKS_OVER
    ),
    range(44, 45): _human("hangs_up_3s", "A person answers and hangs up after 3 s.", 3, talk_s=3.0),
    range(45, 46): _human(
        "rtp_stops",
        "A person whose audio stops 4 s after the answer; the call stays up.",
        3,
        script=Script.RTP_STOPS,
    ),
    range(46, 47): _human(
        "dtmf", "A person who presses 1, 2 and # (RFC 4733) 3 s after the answer.", 3, script=Script.DTMF
    ),
    range(47, 48): _human(
        "early_then_human", "Early media (183), then a person answers after 6 s.", 6, early_media=True
    ),
    range(48, 49): _human(
        "ring_limit",
        "A person answers exactly at the ring limit, or as the CANCEL comes.",
        0,
        at_ring_limit=True,
    ),
    range(49, 50): _human("hangs_up_at_once", "A person answers and hangs up at once.", 2, talk_s=0.0),
    range(50, 66): _machine(
        "machine", "A machine answers after 4 s: a greeting of 4 s, a beep.", 4, Script.GREETING, 25.0
    ),
    range(66, 70): _machine(
        "machine_long",
        "A machine answers after 12 s: a greeting of 10 s, a beep.",
        12,
        Script.LONG_GREETING,
        30.0,
    ),
    range(70, 78): _refuses("busy", 486, "Busy.", rings=False),
    range(78, 86): Behaviour(name="no_answer", text="Rings until the CANCEL; nobody answers.", code=0),
    range(86, 87): Behaviour(
        name="early_only",
        text="Early media (183) until the CANCEL; nobody answers.",
        code=0,
        early_media=True,
    ),
    range(87, 89): _refuses("unallocated", 404, "The number is not allocated.", rings=False),
    range(89, 90): _refuses("declined", 603, "Rings 4 s, then the person declines.", after_s=4),
    range(90, 91): _refuses("unwanted", 607, "The person calls it unwanted (RFC 8197).", after_s=4),
    range(91, 92): _refuses("rejected", 608, "An analytics engine rejects the call (RFC 8688).", rings=False),
    range(92, 93): _refuses("congestion", 503, "The network is congested.", rings=False),
    range(93, 94): _refuses("unavailable", 480, "The phone is switched off.", rings=False, after_s=2),
    range(94, 95): _human(
        "challenge_401", "401 asks for credentials; with them a person answers.", 2, challenge=401
    ),
    range(95, 96): _human(
        "challenge_407", "407 asks for credentials; with them a person answers.", 2, challenge=407
    ),
    range(96, 97): _refuses("not_acceptable", 488, "None of the offered codecs suits.", rings=False),
    range(97, 98): _human(
        "unusable_sdp", "200 OK with an unknown codec only.", 2, usable_sdp=False, talk_s=20.0
    ),
    range(98, 99): Behaviour(
        name="silent", text="Answers nothing at all, not even 100.", code=0, rings=False
    ),
    range(99, 100): Behaviour(name="no_answer", text="Rings until the CANCEL; nobody answers.", code=0),
}
_BY_ENDING = {ending: behaviour for endings, behaviour in PLAN.items() for ending in endings}


def behaviour_of(number: str) -> Behaviour:
    """What the plan says of a number; a user part without two last digits is unallocated."""
    ending = number[-2:]
    return _BY_ENDING[int(ending) if len(ending) == 2 and ending.isascii() and ending.isdigit() else 87]


def rows() -> Iterator[tuple[str, Behaviour]]:
    """The plan for people: endings such as ``00-13`` with what they do."""
    for endings, behaviour in PLAN.items():
        first, last = endings.start, endings.stop - 1
        yield (f"{first:02}" if first == last else f"{first:02}-{last:02}"), behaviour


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice:
    """The plan with its settings: the same number does the same in every run with the same seed."""

    seed: int = 0
    answer_rate: float | None = None
    """Share of numbers that a person answers, whatever their last digits; None: as the plan says."""
    ring_limit_s: float = RING_LIMIT_S
    delay_scale: float = 1.0
    """Multiplies every wait before the answer, except the ring limit."""
    talk_scale: float = 1.0

    def _chance(self, what: str, number: str) -> random.Random:
        return random.Random(f"{self.seed}:{what}:{number}")

    def behaviour(self, number: str) -> Behaviour:
        """What the far end of a number does."""
        if self.answer_rate is None:
            return behaviour_of(number)
        chance = self._chance("answer", number)
        answers = chance.random() < self.answer_rate
        kinds = [b for b in _BY_ENDING.values() if (b.answer is Answer.HUMAN and not b.challenge) == answers]
        return chance.choice(kinds)

    def answer_after_s(self, behaviour: Behaviour) -> float:
        """Seconds from the INVITE to the final answer."""
        return self.ring_limit_s if behaviour.at_ring_limit else behaviour.after_s * self.delay_scale

    def talk_s(self, behaviour: Behaviour, number: str) -> float:
        """Seconds from the answer until the far end hangs up."""
        if behaviour.talk_s is not None:
            return behaviour.talk_s * self.talk_scale
        shortest, likely, longest = TALK_S
        return self._chance("talk", number).triangular(shortest, longest, likely) * self.talk_scale
