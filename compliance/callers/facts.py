"""How the caller IDs of a batch fare today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ..values import CallerIdOffer, DialRequest
from .pool import Pool, PoolNumber, open_pool
from .presence import nearness_of
from .queues import Queues

FEW_DIALS = 16
"""A batch of at most so many does not read a whole pool."""


@dataclass(slots=True)
class Choice:
    """What a request may show: a number of the pool and why this one; or none, and from when on there is one."""

    request: DialRequest
    number: PoolNumber | None
    why: str
    retry_at: datetime | None = None
    """Of a choice without a number: when the first of those that rest or are used up may be shown again."""


@dataclass(slots=True)
class CallerFacts:
    """The pools of the batch's organisations, and who is next in them."""

    now: datetime
    pools: dict[int, Pool]
    queues: dict[tuple[int, int], Queues] = field(default_factory=dict)
    """By organisation and the identity of the tuple of offers, which lives as long as the requests."""
    last: Choice | None = None
    """What was chosen for the request that was asked about last."""

    def queues_of(self, organisation: int, offers: tuple[CallerIdOffer, ...]) -> Queues:
        """Who is next among these offers."""
        key = organisation, id(offers)
        found = self.queues.get(key)
        if found is None:
            found = self.queues[key] = Queues(self.pools[organisation], offers, self.now)
        return found


def gather(requests: Sequence[DialRequest], now: datetime) -> CallerFacts:
    """Two queries for each organisation, none where no campaign offers a caller ID.

    Of few dials only the numbers nearest to them are read; all others follow in one query where these may not be
    shown.
    """
    pools: dict[int, Pool] = {}
    wanted: dict[int, set[str]] = {}
    few = len(requests) <= FEW_DIALS
    for request in requests:
        if not request.caller_ids:
            continue
        if request.organisation not in pools:
            pools[request.organisation] = open_pool(request.organisation, now)
        if few:
            near = nearness_of(request.caller_ids).nearest(request.number)
            wanted.setdefault(request.organisation, set()).update(near)
    for organisation, pool in pools.items():
        if few:
            pool.need(wanted[organisation])
        else:
            pool.need_all()
    return CallerFacts(now, pools)
