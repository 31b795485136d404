"""The whole product while its processes are killed and stopped at random; then its history is checked.

A command of its own, for it takes minutes: ``./paceline soak --seconds 3600 --seed 7``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from random import Random

import pytest

from .house import House
from .installation import until

pytestmark = pytest.mark.soak
SOAK_S = float(os.environ.get("PACELINE_SOAK_S", "75"))
SEED = int(os.environ.get("PACELINE_SOAK_SEED", "4"))
PROCESSES = ("pace", "pace", "pace-2", "pace-2", "lines", "media", "web", "redis", "worker")
"""What may be hit; daemons most."""
PAUSE_S = (3.0, 8.0)
STOPPED_S = (1.0, 5.0)
"""Shorter and longer than heartbeats and leases live."""
REST_LIMIT_S = 120.0


class ShortTalks(House):
    """A house in which much happens in little time."""

    talk = "2-6"

    def hire(self) -> None:
        """Practice agents who talk for seconds."""
        habits = ("--count", "4", "--talk", self.talk, "--wrap", "0.3-0.6")
        self.start("crew", "practice_agents", "--report", str(self.home / "crew.json"), *habits)


@pytest.fixture(scope="module")
def house() -> Iterator[ShortTalks]:
    """The product with a second pacing daemon beside the first."""
    built = ShortTalks()
    try:
        built.open()
        built.start("pace-2", "pace")
        yield built
    finally:
        built.close()


def test_whatever_is_killed_or_stopped_every_promise_is_kept(house: ShortTalks) -> None:
    chance = Random(SEED)
    deadline = time.monotonic() + SOAK_S
    while time.monotonic() < deadline:
        time.sleep(chance.uniform(*PAUSE_S))
        _hit(house, chance)
    house.assert_calls_flow(time.time())
    _come_to_rest(house)
    print(house.manage("check_history", "--at-rest"))
    _assert_far_end_had_nobody_twice(house)


def _hit(house: ShortTalks, chance: Random) -> None:
    name, kills = chance.choice(PROCESSES), chance.random() < 0.5
    stopped_s = chance.uniform(*STOPPED_S)
    if kills:
        with contextlib.suppress(ProcessLookupError):
            house.kill(name)
        if name == "pace-2":
            house.start("pace-2", "pace")
        return
    with contextlib.suppress(ProcessLookupError):
        started = house.running.get(name)
        pid = started.pid if started else house.pids()[name]
        os.kill(pid, signal.SIGSTOP)
        time.sleep(stopped_s)
        os.kill(pid, signal.SIGCONT)


def _come_to_rest(house: ShortTalks) -> None:
    house.shell("from campaigns.models import Campaign; Campaign.objects.update(status='draining')")
    unfinished = (
        "SELECT count(*) FROM calls_call WHERE ended_at IS NULL OR (connected_at AND disposed_at IS NULL)"
    )
    until(
        lambda: house.count(unfinished) == 0,
        REST_LIMIT_S,
        lambda: str(house.rows(unfinished.replace("count(*)", "*"))),
    )


def _assert_far_end_had_nobody_twice(house: ShortTalks) -> None:
    """The carrier's own word, on its own clock: no number in two dialogs at once."""
    house.stop("crew")
    house.stop("carrier")
    taken_until: dict[str, float] = {}
    for call in sorted(house.far_end_calls(), key=lambda call: float(call["invited_at"])):
        assert call["invited_at"] >= taken_until.get(call["number"], 0.0), f"two lines at once: {call}"
        if call["ended_by"] == "caller":  # What a killed line node left behind ends by itself, and late.
            taken_until[call["number"]] = float(call["ended_at"])
