"""From an Originate to a child that places the call: permit, trunk, prompt, limits, slot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

import msgspec
import structlog
from redis.exceptions import RedisError

from dialer.bus import schemas
from dialer.bus.permit import TAG_BYTES, Permit
from dialer.bus.trunks import TrunkConfig

from . import sip_headers, wire
from .admission import Admission, Refused
from .child_process import Child
from .children import ChildPool
from .live_calls import LiveCall, LiveCalls
from .prompts import PromptCache
from .throttle import TrunkGauge
from .trunks import TrunkBook, TrunkUnusable

log = structlog.get_logger()
WAIT_LIMIT_S = 1.0
"""How long a call may wait for its trunk's rate or a free slot before it is refused."""
GROWTH_LIMIT_S = 3.0
"""How long it may wait while children are starting."""
LOOK_EVERY_S = 0.05
_peek = msgspec.msgpack.Decoder(Permit).decode


class Order(NamedTuple):
    """What a child was told to place, and the highest epoch that the node knew of at that moment."""

    permit: Permit
    place: wire.Place
    newest_epoch: int


class Dialing:
    """Every refusal is reported as ``OriginateRefused``; what is not refused ends in a child's events."""

    def __init__(
        self,
        *,
        node: str,
        max_lines: int,
        admission: Admission,
        trunks: TrunkBook,
        prompts: PromptCache,
        pool: ChildPool,
        calls: LiveCalls,
        report: Callable[[schemas.LineEvent], None],
    ) -> None:
        self._node = node
        self._max_lines = max_lines
        self._admission = admission
        self._trunks = trunks
        self._prompts = prompts
        self._pool = pool
        self._calls = calls
        self._report = report
        self._gauges: dict[int, TrunkGauge] = {}
        self._waiting: dict[str, tuple[asyncio.Task[None], int]] = {}
        self._orders: dict[str, Order] = {}
        """Orders that a child has not confirmed yet: another child may have to place them."""
        self.draining = False

    @property
    def waiting(self) -> int:
        """Calls that are admitted but not placed."""
        return len(self._waiting)

    def begin(self, order: schemas.Originate) -> None:
        """Admit the call and place it as soon as its trunk and a child allow."""
        try:
            if self.draining:
                raise Refused("draining")
            if order.call in self._waiting or self._calls.get(order.call) is not None:
                log.warning("originate_came_twice", call=order.call)
                return  # The call is on its way: to report a refusal would end it for the engine, and not on the line.
            permit = self._admission.open(order, time.time())
        except Refused as refusal:
            self._refuse(order.call, _campaign_of(order), refusal.why)
            return
        self._start(permit, self._dial(permit, order))

    def _start(self, permit: Permit, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guard(permit, work))
        self._waiting[permit.call] = (task, permit.campaign)

    async def _guard(self, permit: Permit, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Refused as refusal:
            self._refuse(permit.call, permit.campaign, refusal.why, refusal.detail)
        except Exception:
            log.exception("dialing_failed", call=permit.call)
            self._refuse(permit.call, permit.campaign, "bad_request")
        finally:
            self._waiting.pop(permit.call, None)

    def withdraw(self, call: str) -> bool:
        """End a call that is not placed yet; False when it is not waiting."""
        task, campaign = self._waiting.pop(call, (None, 0))
        if task is None:
            return False
        task.cancel()
        self._report_unplaced(call, campaign)
        return True

    def _report_unplaced(self, call: str, campaign: int) -> None:
        ended = schemas.CallEnded(
            call=call, campaign=campaign, node=self._node, at=time.time(), reason="Not placed", ended_by="us"
        )
        self._report(ended)

    async def _dial(self, permit: Permit, order: schemas.Originate) -> None:
        try:
            trunk, route = await self._trunks.find(permit.trunk)
            has_prompt = not order.safe_harbour or await self._prompts.ensure(order.safe_harbour)
        except TrunkUnusable as error:
            log.warning("trunk_unusable", trunk=permit.trunk, why=str(error))
            raise Refused("no_trunk", str(error)) from error
        except (RedisError, OSError) as error:
            raise Refused("no_trunk") from error
        if not has_prompt:
            log.warning("safe_harbour_missing", call=permit.call)
            raise Refused("bad_request")
        await self._place(permit, trunk, self._order(permit, order, trunk, route))

    def _order(
        self, permit: Permit, order: schemas.Originate, trunk: TrunkConfig, route: wire.Route
    ) -> wire.Place:
        try:
            return wire.Place(
                call=permit.call,
                campaign=permit.campaign,
                route=route,
                to_uri=sip_headers.target_uri(permit, trunk),
                from_uri=sip_headers.from_header(permit, trunk),
                headers=sip_headers.own_headers(permit, trunk),
                signed_at=permit.granted_at if permit.identity else 0.0,
                ring_limit=order.ring_limit,
                engine_silence=order.engine_silence,
                safe_harbour=order.safe_harbour,
            )
        except sip_headers.HeaderInvalid as error:
            log.warning("call_not_expressible", call=permit.call, why=str(error))
            raise Refused("bad_request") from error

    async def _place(self, permit: Permit, trunk: TrunkConfig, place: wire.Place) -> None:
        gauge = self._gauges.setdefault(trunk.id, TrunkGauge())
        gauge.set_limits(trunk.channel_limit, trunk.cps_limit)
        child = await self._slot(permit, gauge)
        self._calls.add(LiveCall(call=permit.call, campaign=permit.campaign, trunk=trunk.id, child=child))
        self._orders[permit.call] = Order(permit, place, self._admission.newest_epoch(permit.campaign))
        child.send(place)
        if trunk.register:
            self._pool.register(trunk.id, place.route)

    async def _slot(self, permit: Permit, gauge: TrunkGauge) -> Child:
        """A child for the call, counted against all limits. Raises Refused."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            now = loop.time()
            deadline = began + (GROWTH_LIMIT_S if self._pool.is_growing else WAIT_LIMIT_S)
            self._check_still_valid(permit)
            wait_s = gauge.rate.wait_s(now)
            if not wait_s and not gauge.is_full and len(self._calls) < self._max_lines:
                child = self._pool.take(permit.call)
                if child is not None:
                    gauge.rate.start(now)
                    gauge.calls += 1
                    return child
            if now >= deadline:
                raise Refused("no_capacity")
            if wait_s:
                await asyncio.sleep(min(wait_s, deadline - now))
            else:
                await self._pool.wait(min(LOOK_EVERY_S, deadline - now))

    def _check_still_valid(self, permit: Permit) -> None:
        """Time has passed since the permit was opened."""
        if self.draining:
            raise Refused("draining")
        if self._admission.is_stale(permit):
            raise Refused("stale_epoch")
        if time.time() > permit.expires_at:
            raise Refused("expired")

    def try_again(self, child: Child, call: str) -> None:
        """The child had no slot after all, and nothing was sent: look for another one."""
        permit, place, _ = self._orders[call]
        live = self._calls.get(call)
        self.ended(child, call, full=True)
        if live is not None and live.hung_up:
            self._report_unplaced(call, permit.campaign)
        else:
            self._start(permit, self._place_elsewhere(permit, place))

    async def _place_elsewhere(self, permit: Permit, place: wire.Place) -> None:
        trunk, _ = await self._trunks.find(permit.trunk)
        await self._place(permit, trunk, place)

    def vouched(self, event: schemas.CallTrying) -> schemas.CallTrying:
        """The child's word that the INVITE has left, with what allowed it to."""
        order = self._orders.get(event.call)
        if order is None:
            return event
        permit = order.permit
        return msgspec.structs.replace(
            event, permit=permit.id, epoch=permit.epoch, newest_epoch=order.newest_epoch
        )

    def confirmed(self, call: str) -> None:
        """The child has placed the call."""
        self._orders.pop(call, None)

    def ended(self, child: Child, call: str, *, full: bool = False) -> None:
        """Free what the call held."""
        self._orders.pop(call, None)
        live = self._calls.pop(call)
        if live is not None and live.trunk in self._gauges:
            self._gauges[live.trunk].calls -= 1
        if full:
            self._pool.mark_full(child, call)
        else:
            self._pool.give_back(child, call)

    def _refuse(self, call: str, campaign: int, why: str, detail: str = "") -> None:
        log.info("originate_refused", call=call, why=why)
        self._report(
            schemas.OriginateRefused(
                call=call, campaign=campaign, node=self._node, at=time.time(), why=why, detail=detail
            )
        )


def _campaign_of(order: schemas.Originate) -> int:
    """Whom to tell about a refused order. The permit may be forged, so this is used for nothing else."""
    try:
        return _peek(order.permit[TAG_BYTES:]).campaign
    except msgspec.MsgspecError:
        return 0
