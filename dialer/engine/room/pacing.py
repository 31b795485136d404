"""The pacer of a room: which method is asked, to which share it is held, and what outlives a change of settings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from compliance.law.spans import parse_span
from dialer.pacing import Pacer, make_pacer
from dialer.pacing.account import HOUR_S, WindowStart, rolling
from dialer.pacing.contract import PacingEvent, Snapshot

from .config import RoomConfig, Tally

AUTOMATIC = ("predictive", "progressive", "ratio")
"""Methods that place calls by themselves."""
LOOK_EVERY_S = 0.25
"""A learner that is not asked sees the room this often: pacers count what lasts longer than a second as silence."""


def method_in_force(config: RoomConfig) -> str:
    """The method as it may be used: where nobody may be abandoned a ready agent stands behind each line."""
    may_abandon = config.abandon_limit if config.method == "ratio" else config.steered_share
    return "progressive" if config.method in AUTOMATIC and may_abandon <= 0.0 else config.method


def pacing_settings(config: RoomConfig) -> tuple[Any, ...]:
    """The settings of which a change makes another pacer."""
    return config.method, config.abandon_limit, config.steered_share, config.dial_ratio, config.measured_over


def window_start(config: RoomConfig) -> WindowStart:
    """From now to where the time begins over which the law counts."""
    span, zone = parse_span(config.measured_over), ZoneInfo(config.time_zone)
    if span.hours:
        return rolling(span.hours * HOUR_S)
    return lambda now: span.since(datetime.fromtimestamp(now, UTC), zone).timestamp()


class Pacing:
    """Asks the pacer in force. Beside it, whatever automatic method dials, the predictive one learns the campaign and
    keeps its account: so nothing is lost or forgotten where a supervisor changes method, limit or target.
    """

    def __init__(self, config: RoomConfig, tally: Tally) -> None:
        self._looked_at = -math.inf
        self.refit(config, tally)

    def refit(self, config: RoomConfig, tally: Tally, learned: Mapping[str, Any] | None = None) -> None:
        """Take new settings, and what another learner knew. Raises ``ValueError`` where that cannot be read."""
        self._config, self.tally = config, tally
        self._in_force = method_in_force(config)
        self.learner: Pacer = make_pacer(
            "predictive",
            abandon_limit=config.steered_share,
            answer_wait_s=config.answer_wait_s,
            answered=tally.answered_30d,
            abandoned=tally.abandoned_30d,
            window_start=window_start(config),
        )
        if learned is not None:
            self.learner.restore(learned)
        self._careful = make_pacer("progressive", abandon_limit=config.abandon_limit)
        self.pacer = self._chosen()

    def _chosen(self) -> Pacer:
        if self._in_force == "predictive":
            return self.learner
        options = {"ratio": self._config.dial_ratio} if self._in_force == "ratio" else {}
        return make_pacer(self._in_force, abandon_limit=self._config.abandon_limit, **options)

    def observe(self, event: PacingEvent) -> None:
        """Learn from something that happened."""
        if self._in_force in AUTOMATIC:
            self.learner.observe(event)
        if self.pacer is not self.learner:
            self.pacer.observe(event)

    def lines_to_place(self, snapshot: Snapshot) -> int:
        """How many lines to place now."""
        if self.pacer is not self.learner and snapshot.now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = snapshot.now
            self.learner.lines_to_place(snapshot)
        asked = self._careful if self._over_limit() else self.pacer
        return max(0, asked.lines_to_place(snapshot))

    def _over_limit(self) -> bool:
        """A fixed ratio keeps no account of its own."""
        spent, earned = self.tally.abandoned_30d, self._config.abandon_limit * self.tally.answered_30d
        return self._in_force == "ratio" and spent > earned

    def explain(self) -> str:
        """The last decision and what it rests on, in one line for a supervisor."""
        if self._over_limit():
            return f"Over the limit of {self._config.abandon_limit:.1%}: {self._careful.explain()}"
        if self._in_force != self._config.method:
            return f"Nobody may be abandoned here: {self.pacer.explain()}"
        return self.pacer.explain()
