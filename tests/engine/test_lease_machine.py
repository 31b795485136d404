"""Leases by a model: whatever daemons, clocks and Redis do, one holder at a time, and nobody behind its back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from redis.asyncio import Redis

from dialer.bus import names, streams
from dialer.engine import keeping, lease
from dialer.engine.room.effects import Effects

pytestmark = pytest.mark.integration
CAMPAIGN = 7
DAEMONS = st.sampled_from(["a", "b", "c"])
NOON_S = 1_800_000_000.0


@dataclass(slots=True)
class Believes:
    """What a daemon thinks: under which epoch it holds the campaign, and how many batches it has carried out."""

    epoch: int
    batches: int = 0


class WallClock:
    """In the place of the module ``time``."""

    seconds = NOON_S

    def time(self) -> float:
        """What somebody set it to."""
        return self.seconds


class Leases(RuleBasedStateMachine):
    """Three daemons, a real Redis that may forget everything, and a clock that anybody may set."""

    clock: WallClock
    redis: Redis
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.run(self.redis.flushall())
        self.clock.seconds = NOON_S
        self.beliefs: dict[str, Believes] = {}
        self.holder = ""
        self.epoch_in_redis = 0
        self.fence = 0
        """The newest epoch that the database knows: it forgets nothing."""
        self.journaled = 0

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @rule(daemon=DAEMONS)
    def acquire(self, daemon: str) -> None:
        epoch = self.run(lease.acquire(self.redis, CAMPAIGN, daemon, self.fence))
        assert (epoch is None) == bool(self.holder), "taken by nobody else's leave"
        if epoch is not None:
            assert epoch > self.fence, "epochs grow whatever clocks and Redis do"
            assert epoch > self.epoch_in_redis
            self.holder, self.epoch_in_redis, self.fence = daemon, epoch, epoch
            self.beliefs[daemon] = Believes(epoch)

    @rule(daemon=DAEMONS)
    def renew(self, daemon: str) -> None:
        held = self.run(lease.renew(self.redis, [CAMPAIGN], daemon))
        assert held == ({CAMPAIGN} if self.holder == daemon else set())

    @rule(daemon=DAEMONS)
    def release(self, daemon: str) -> None:
        self.run(lease.release(self.redis, CAMPAIGN, daemon))
        self.holder = "" if self.holder == daemon else self.holder

    @rule()
    def the_lease_runs_out(self) -> None:
        self.run(self.redis.delete(lease.lease_key(CAMPAIGN)))
        self.holder = ""

    @rule()
    def redis_forgets_everything(self) -> None:
        self.run(self.redis.flushall())
        self.holder, self.epoch_in_redis, self.journaled = "", 0, 0

    @rule(hours=st.integers(-48, 48))
    def somebody_sets_the_clock(self, hours: int) -> None:
        self.clock.seconds = NOON_S + 3600.0 * hours

    @rule(daemon=DAEMONS, again=st.booleans())
    def decide(self, daemon: str, again: bool) -> None:
        """Any daemon that was ever a holder may wake and try; ``again``: it did not hear the answer the last time."""
        belief = self.beliefs.get(daemon)
        if belief is None:
            return
        repeats = again and belief.batches > 0
        belief.batches += not repeats
        effects = Effects(journal=[{"t": "shown", "at": 0.0, "call": daemon}])
        work = keeping.carry_out(self.redis, CAMPAIGN, belief.epoch, belief.batches, effects, "1-1")
        try:
            self.run(work)
        except keeping.Fenced:
            assert belief.epoch != self.epoch_in_redis
            belief.batches -= not repeats
        else:
            assert belief.epoch == self.epoch_in_redis, "only the newest epoch writes"
            self.journaled += not repeats

    @invariant()
    def each_batch_was_written_once(self) -> None:
        assert self.run(self.redis.xlen(names.journal_stream(CAMPAIGN))) == self.journaled

    @invariant()
    def redis_agrees_on_the_holder(self) -> None:
        held = self.run(self.redis.get(lease.lease_key(CAMPAIGN)))
        assert (held or b"").decode() == self.holder


@pytest.fixture
def machine(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Leases]]:
    """The machine with a connection and a loop of its own."""
    Leases.clock = WallClock()
    monkeypatch.setattr(lease, "time", Leases.clock)
    Leases.loop = asyncio.new_event_loop()
    Leases.redis = streams.connect(redis_url)
    yield Leases
    Leases.loop.run_until_complete(Leases.redis.aclose())
    Leases.loop.close()


def test_leases_keep_to_the_model(machine: type[Leases]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
