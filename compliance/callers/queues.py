"""Who is next: the caller IDs that may be shown, the least used of the day first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from heapq import heapify, heappop, heapreplace

from ..values import CallerIdOffer
from .pool import Pool, PoolNumber
from .presence import called_area, nearness_of


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
            if 0 < number.daily_limit <= number.dials:
                heappop(heap)
            elif number.dials != dials:
                heapreplace(heap, (number.dials, id_, number))
            else:
                return number
        return None


class Queues:
    """The queues of one set of offers for one batch, each made when it is first needed."""

    __slots__ = ("_groups", "_nearness", "_now", "_offered", "_pool", "_queues")

    def __init__(self, pool: Pool, offers: tuple[CallerIdOffer, ...], now: datetime) -> None:
        self._pool, self._now = pool, now
        self._nearness = nearness_of(offers)
        self._groups: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
        self._queues: dict[str, Queue] = {}
        self._offered: list[PoolNumber] | None = None

    def next_for(self, number: str) -> tuple[PoolNumber, str] | None:
        """The caller ID for a call to this number, and how near it is; None where all rest or are used up."""
        area = called_area(number)
        groups = self._groups.get(area)
        if groups is None:
            groups = self._groups[area] = list(self._nearness.groups(area))
        for near, name, members in groups:
            queue = self._queues.get(name)
            if queue is None:
                queue = self._queues[name] = self._queue(members)
            found = queue.least_used()
            if found is not None:
                return found, near
        return None

    def offered(self) -> list[PoolNumber]:
        """Those of the offers that are in the pool and switched on."""
        if self._offered is None:
            self._pool.need_all()
            numbers = self._pool.numbers
            self._offered = [numbers[each] for each in self._nearness.everywhere if each in numbers]
        return self._offered

    def opens_at(self) -> datetime:
        """When the first of the offered numbers may be shown again; there must be one."""
        return min(self._free_at(number) for number in self.offered())

    def resting(self) -> int:
        """How many of the offered numbers rest."""
        return sum(number.rests(self._now) for number in self.offered())

    def _free_at(self, number: PoolNumber) -> datetime:
        woken = number.rests_until if number.rests_until and number.rests(self._now) else self._now
        return max(woken, self._pool.ends_at) if number.is_used_up else woken

    def _queue(self, members: tuple[str, ...]) -> Queue:
        self._pool.need(members)
        pool, now = self._pool.numbers, self._now
        return Queue(pool[each] for each in members if each in pool and not pool[each].rests(now))
