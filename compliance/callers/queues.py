"""Who is next: the caller IDs that may be shown, the least used of the day first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from heapq import heapify, heappop, heapreplace

from ..values import CallerIdOffer
from .pool import Pool, PoolNumber
from .presence import nearness_of


class Queue:
    """A heap of numbers by how often each was shown today, then by age: equal ones take turns."""

    __slots__ = ("_heap",)

    def __init__(self, numbers: Iterable[PoolNumber]) -> None:
        self._heap = [(number.dials, number.id, number) for number in numbers]
        heapify(self._heap)

    def least_used(self) -> PoolNumber | None:
        """The next to show, None where all are used up. A number is moved back only when it comes up again."""
        heap = self._heap
        while heap:
            dials, id_, number = heap[0]
            if number.is_used_up:
                heappop(heap)
            elif number.dials != dials:
                heapreplace(heap, (number.dials, id_, number))
            else:
                return number
        return None


class Queues:
    """The queues of one set of offers for one batch, each made when it is first needed."""

    __slots__ = ("_nearness", "_now", "_pool", "_queues", "offered")

    def __init__(self, pool: Pool, offers: tuple[CallerIdOffer, ...], now: datetime) -> None:
        self._pool, self._now = pool, now
        self._nearness = nearness_of(offers)
        self._queues: dict[tuple[str, str], Queue] = {}
        self.offered = [pool.numbers[each] for each in self._nearness.everywhere if each in pool.numbers]
        """Those of the offers that are in the pool and switched on."""

    def next_for(self, number: str) -> tuple[PoolNumber, str] | None:
        """The caller ID for a call to this number, and how near it is; None where all rest or are used up."""
        for near, name, members in self._nearness.groups(number):
            queue = self._queues.get((near, name))
            if queue is None:
                queue = self._queues[near, name] = self._queue(members)
            found = queue.least_used()
            if found is not None:
                return found, near
        return None

    def opens_at(self) -> datetime:
        """When the first of the offered numbers may be shown again; there must be one."""
        return min(self._free_at(number) for number in self.offered)

    def resting(self) -> int:
        """How many of the offered numbers rest."""
        return sum(number.rests(self._now) for number in self.offered)

    def _free_at(self, number: PoolNumber) -> datetime:
        woken = number.rests_until if number.rests_until and number.rests(self._now) else self._now
        return max(woken, self._pool.ends_at) if number.is_used_up else woken

    def _queue(self, members: Iterable[str]) -> Queue:
        pool, now = self._pool.numbers, self._now
        return Queue(pool[each] for each in members if each in pool and not pool[each].rests(now))
