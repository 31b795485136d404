"""Whether a node places a call: the Permit opened and held against what the node knows. No clock of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import msgspec

from dialer.bus.permit import Permit, PermitInvalid, open_permit
from dialer.bus.schemas import Originate

RING_LIMIT_FLOOR_S = 15.0
"""16 CFR 310.4(b)(4)(ii): let it ring for at least 15 seconds or four rings."""
RING_LIMIT_CEILING_S = 300.0
SILENCE_CEILING_S = 30.0
USED_KEPT_S = 3600.0
"""How long a used permit is remembered, on a clock that nobody sets: on one that was set back, a permit that
had expired is young again. A node dials some 20 calls a second: 72 000 names."""


class Refused(Exception):
    """The node does not place this call; ``why`` is one of ``OriginateRefused``."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


class Admission:
    """Remembers which permits were used and which epoch each campaign has reached.

    ``uptime`` is how many seconds the node has run, whatever was done to the clock on the wall.
    """

    def __init__(self, node: str, key: bytes, uptime: Callable[[], float]) -> None:
        self._node = node
        self._key = key
        self._uptime = uptime
        self._used: set[str] = set()
        self._used_at: deque[tuple[float, str]] = deque()
        self._epochs: dict[int, int] = {}

    def claim(self, campaign: int, epoch: int) -> int:
        """A daemon holds the campaign under this epoch. The highest one seen is returned, and rules from now on."""
        self._epochs[campaign] = max(epoch, self.newest_epoch(campaign))
        return self._epochs[campaign]

    def newest_epoch(self, campaign: int) -> int:
        """The highest epoch of a campaign that the node has heard of, 0 for none."""
        return self._epochs.get(campaign, 0)

    def is_stale(self, permit: Permit) -> bool:
        """Whether a later daemon has claimed the campaign since this permit was granted."""
        return permit.epoch < self.newest_epoch(permit.campaign)

    def open(self, order: Originate, now: float) -> Permit:
        """The permit behind an order, used up by this very look. ``now`` is Unix time. Raises Refused."""
        permit = self._opened(order, now)
        if permit.node != self._node:
            raise Refused("wrong_node")
        if permit.call != order.call or not _limits_hold(order):
            raise Refused("bad_request")
        uptime = self._uptime()
        self._forget(uptime - USED_KEPT_S)
        if permit.id in self._used or permit.granted_at < now - uptime:
            raise Refused("replayed")
        if self.is_stale(permit):
            raise Refused("stale_epoch")
        self.claim(permit.campaign, permit.epoch)
        self._used.add(permit.id)
        self._used_at.append((uptime, permit.id))
        return permit

    def _opened(self, order: Originate, now: float) -> Permit:
        try:
            return open_permit(order.permit, self._key, now)
        except PermitInvalid as error:
            # A permit from the future is a clock that runs apart: as unusable as one that has run out.
            raise Refused("expired" if error.why == "not_yet" else error.why) from error
        except msgspec.MsgspecError as error:
            raise Refused("forged") from error

    def _forget(self, before: float) -> None:
        while self._used_at and self._used_at[0][0] < before:
            self._used.discard(self._used_at.popleft()[1])


def _limits_hold(order: Originate) -> bool:
    """NaN and negative values fail every comparison."""
    rings = RING_LIMIT_FLOOR_S <= order.ring_limit <= RING_LIMIT_CEILING_S
    return rings and 0 < order.engine_silence <= SILENCE_CEILING_S
