"""A child of a line node: one SIP stack and the few calls it carries. Started by the parent, never by hand.

The parent speaks first (``Start``) over the socket whose descriptor is the only argument. When the parent is
gone, the child hangs up and ends. It imports neither Django nor numpy, and leaves by ``os._exit``: PJSIP would abort
an ordinary exit.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import time
from typing import Any

import pjsua2 as pj

from dialer.bus import schemas

from . import cancel, wire
from .line_audio import Desk
from .line_call import LineCall
from .log import log
from .stack import NoRoom, Stack

STOP_WAIT_S = 1.5
"""For the far ends to confirm BYE and CANCEL before the process goes."""
TAKEN_EVERY_S = 0.2


class Child:
    """Carries out what the parent says."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pipe = wire.Pipe(wire.ToChild, self._on_message, self._stop)
        self._stack: Stack | None = None
        self._desk: Desk | None = None
        self._calls: dict[str, LineCall] = {}
        self._taken = 0
        self._watching = False
        self._stopped = asyncio.Event()

    async def run(self, connection: socket.socket) -> None:
        """Serve until the parent says Stop or is gone; then hang up and leave."""
        await self._loop.create_connection(lambda: self._pipe, sock=connection)
        await self._stopped.wait()
        for call in list(self._calls.values()):
            call.hang_up("node")
        deadline = self._loop.time() + STOP_WAIT_S
        while (cancel.taken_slots() or self._pipe.unsent) and self._loop.time() < deadline:
            await asyncio.sleep(0.02)
        if self._stack is not None:
            self._stack.stop()

    def _stop(self) -> None:
        self._stopped.set()

    def _on_message(self, message: Any) -> None:
        try:
            self._carry_out(message)
        except Exception:
            log.exception("command_failed")

    def _carry_out(self, message: Any) -> None:
        match message:
            case wire.Start():
                self._start(message)
            case wire.Place():
                self._place(message)
            case wire.Register():
                assert self._stack is not None
                self._stack.account(message.route, register=True)
            case wire.Ping():
                self._pipe.send(wire.Pong())
            case wire.Stop():
                self._stop()
            case _:
                self._to_call(message)

    def _to_call(self, message: Any) -> None:
        call = self._calls.get(message.call)
        if call is None:
            return
        match message:
            case schemas.Hangup():
                call.hang_up()
            case schemas.Bridge():
                call.bridge(message.address, message.key)
            case schemas.Unbridge():
                call.unbridge()
            case wire.Play():
                call.play(message.prompt)
            case schemas.SendDtmf():
                call.send_digits(message.digits)

    def _start(self, start: wire.Start) -> None:
        self._stack = Stack(start.bind, start.calls_wanted, start.ca_file, self._loop)
        self._desk = Desk(start.node, start.directory, self._loop, self._pipe.send, self._forget, [])
        self._pipe.send(wire.Ready(capacity=self._stack.capacity))

    def _place(self, order: wire.Place) -> None:
        assert self._stack is not None
        assert self._desk is not None
        try:
            call = LineCall(order, self._stack.account(order.route), self._desk)
            call.place()
        except NoRoom:
            self._pipe.send(wire.Full(call=order.call))
        except pj.Error as error:
            self._failed(order, error)
        else:
            self._calls[order.call] = call
            self._watch()

    def _failed(self, order: wire.Place, error: pj.Error) -> None:
        """The INVITE could not be sent at all."""
        log.error("invite_not_sent", extra={"why": error.reason})
        common = {
            "call": order.call,
            "campaign": order.campaign,
            "node": self._desk.node if self._desk else "",
        }
        self._pipe.send(
            schemas.CallEnded(**common, at=time.time(), reason=error.reason, ended_by="node")  # type: ignore[arg-type]
        )

    def _forget(self, call: str) -> None:
        self._calls.pop(call, None)

    def _watch(self) -> None:
        """Tell the parent how many slots are taken, for as long as any is."""
        taken = cancel.taken_slots()
        if taken != self._taken:
            self._taken = taken
            self._pipe.send(wire.Taken(slots=taken))
        if taken and not self._watching:
            self._watching = True
            self._loop.call_later(TAKEN_EVERY_S, self._watch_again)

    def _watch_again(self) -> None:
        self._watching = False
        self._watch()


def main() -> None:
    """Run the child on the inherited socket; the exit code is 1 when the child failed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    connection = socket.socket(fileno=int(sys.argv[1]))

    asyncio.run(_serve(connection))


async def _serve(connection: socket.socket) -> None:
    """Leaves from here, while everything is still referenced: a pjsua2 object that dies after its stack aborts."""
    child, code = Child(), 1
    try:
        await child.run(connection)
        code = 0
    except Exception:
        log.exception("child_failed")
    os._exit(code)


if __name__ == "__main__":
    main()
