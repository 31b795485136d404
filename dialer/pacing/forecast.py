"""What will be free and what will be asked for at the moments when a line placed now may be answered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from .answering import BIN_S, Answering, Incidence
from .answering import BINS as LINE_BINS
from .profile import class_factor
from .survival import BINS as SPELL_BINS
from .survival import EDGES_S, Lifetimes, ends_then_ends

QUANTILES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Of the answer moment of a line placed now: the middle of each fifth of its answers."""
Row = tuple[float, ...]
"""One chance for each quantile."""
Crowd = tuple[Row, int]
"""The chances of lines or agents that are alike, and how many they are: a large room has few sorts of them."""


class Rows:
    """Rows by age bin, each worked out when it is first asked for."""

    def __init__(self, size: int, work_out: Callable[[int], Row]) -> None:
        self._rows: list[Row | None] = [None] * size
        self._work_out = work_out

    def __getitem__(self, place: int) -> Row:
        row = self._rows[place]
        if row is None:
            row = self._rows[place] = self._work_out(place)
        return row


class LineForecast:
    """For a line of each age: the chance that a person answers it before each answer moment of a new line."""

    def __init__(self, incidence: Incidence, reaches: list[int] | None = None) -> None:
        """``reaches``: the answer moments in bins, where they are not to be those of this incidence."""
        answered = incidence.answered
        self.answer_share = answered[-1]
        """The share of lines that a person answers."""
        self.reaches = reaches or [bisect_left(answered, quantile * answered[-1]) for quantile in QUANTILES]
        self._incidence = incidence
        self.horizons_s = [reach * BIN_S for reach in self.reaches]
        """The answer moments, seconds from now."""
        self.rows = Rows(LINE_BINS, self._row)

    def _row(self, place: int) -> Row:
        answered, alive = self._incidence.answered, self._incidence.alive[place]
        if alive < 1e-6:
            return (0.0,) * len(QUANTILES)
        done = answered[place]
        return tuple((answered[min(place + reach, LINE_BINS)] - done) / alive for reach in self.reaches)


class LineForecasts:
    """The forecast at the room's rate, and one for each class of leads that answer more or less often."""

    def __init__(self, answering: Answering, rate: float) -> None:
        self._answering, self._rate = answering, rate
        self.room = LineForecast(answering.incidence(rate))
        self._classes = {0: self.room}

    def rows(self, place: int) -> Rows:
        """By age, for leads of a class (``profile.Sorts``); the answer moments are those of the room."""
        found = self._classes.get(place)
        if found is None:
            incidence = self._answering.incidence(self._rate * class_factor(place))
            found = self._classes[place] = LineForecast(incidence, self.room.reaches)
        return found.rows


class AgentForecast:
    """For an agent in talk or wrap-up of each age: the chance to be free again in time for each answer moment."""

    def __init__(self, talk: Lifetimes, wrapup: Lifetimes, horizons_s: list[float], grace_s: float) -> None:
        self._talk, self._wrapup = talk, wrapup
        self._within_s = [horizon + grace_s for horizon in horizons_s]
        self._followers = [ends_then_ends(wrapup, seconds) for seconds in self._within_s]
        self.talk_rows = Rows(SPELL_BINS, self._talk_row)
        self.wrapup_rows = Rows(SPELL_BINS, self._wrapup_row)

    def _talk_row(self, place: int) -> Row:
        age = 0.5 * (EDGES_S[place] + EDGES_S[place + 1])
        return tuple(follower(self._talk, age) for follower in self._followers)

    def _wrapup_row(self, place: int) -> Row:
        age = 0.5 * (EDGES_S[place] + EDGES_S[place + 1])
        return tuple(self._wrapup.ends_within(age, seconds) for seconds in self._within_s)
