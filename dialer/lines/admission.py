"""Whether a node places a call: the Permit opened and held against what the node knows. No clock of its own."""

from __future__ import annotations

import heapq

import msgspec

from dialer.bus.permit import CLOCK_SKEW_S, Permit, PermitInvalid, open_permit
from dialer.bus.schemas import Originate

RING_LIMIT_FLOOR_S = 15.0
"""16 CFR 310.4(b)(4)(ii): let it ring for at least 15 seconds or four rings."""
RING_LIMIT_CEILING_S = 300.0
SILENCE_CEILING_S = 30.0


class Refused(Exception):
    """The node does not place this call; ``why`` is one of ``OriginateRefused``."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


class Admission:
    """Remembers which permits were used and which epoch each campaign has reached."""

    def __init__(self, node: str, key: bytes, started_at: float) -> None:
        self._node = node
        self._key = key
        self._started_at = started_at
        self._used: set[str] = set()
        self._expiries: list[tuple[float, str]] = []
        self._epochs: dict[int, int] = {}

    def claim(self, campaign: int, epoch: int) -> int:
        """A daemon holds the campaign under this epoch. The highest one seen is returned, and rules from now on."""
        self._epochs[campaign] = max(epoch, self._epochs.get(campaign, 0))
        return self._epochs[campaign]

    def is_stale(self, permit: Permit) -> bool:
        """Whether a later daemon has claimed the campaign since this permit was granted."""
        return permit.epoch < self._epochs.get(permit.campaign, 0)

    def open(self, order: Originate, now: float) -> Permit:
        """The permit behind an order, used up by this very look. ``now`` is Unix time. Raises Refused."""
        permit = self._opened(order, now)
        if permit.node != self._node:
            raise Refused("wrong_node")
        if permit.call != order.call or not _limits_hold(order):
            raise Refused("bad_request")
        self._forget_expired(now)
        if permit.id in self._used or permit.granted_at < self._started_at:
            raise Refused("replayed")
        if self.is_stale(permit):
            raise Refused("stale_epoch")
        self.claim(permit.campaign, permit.epoch)
        self._used.add(permit.id)
        heapq.heappush(self._expiries, (permit.expires_at, permit.id))
        return permit

    def _opened(self, order: Originate, now: float) -> Permit:
        try:
            return open_permit(order.permit, self._key, now)
        except PermitInvalid as error:
            # A permit from the future is a clock that runs apart: as unusable as one that has run out.
            raise Refused("expired" if error.why == "not_yet" else error.why) from error
        except msgspec.MsgspecError as error:
            raise Refused("forged") from error

    def _forget_expired(self, now: float) -> None:
        """An expired permit is refused for that alone, whatever the skew of the clocks."""
        while self._expiries and self._expiries[0][0] < now - CLOCK_SKEW_S:
            self._used.discard(heapq.heappop(self._expiries)[1])


def _limits_hold(order: Originate) -> bool:
    """NaN and negative values fail every comparison."""
    rings = RING_LIMIT_FLOOR_S <= order.ring_limit <= RING_LIMIT_CEILING_S
    return rings and 0 < order.engine_silence <= SILENCE_CEILING_S
