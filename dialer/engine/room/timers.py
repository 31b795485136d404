"""What happens because time passes."""

from __future__ import annotations

from agents.choices import AgentState

from . import handing
from .connections import drop_unreachable
from .dispositions import dispose_by_default, finish_wrapup
from .lines import prove_trunks
from .previewing import expire_previews, offer_all
from .room import Room
from .routing import give_up_late, serve_waiting

TICK_S = 0.1


def tick(room: Room, now: float) -> None:
    """Look at every limit; asked each ``TICK_S``."""
    prove_trunks(room, now)
    give_up_late(room, now)
    end_wrapups(room, now)
    expire_previews(room, now)
    drop_unreachable(room, now)
    serve_waiting(room, now)
    offer_all(room, now)
    handing.balance(room, now)


def end_wrapups(room: Room, now: float) -> None:
    """Wrap-up ran out: the default disposition, and on with the next call."""
    for seat in list(room.seats.values()):
        if seat.state != AgentState.WRAPUP or now < seat.wrapup_until:
            continue
        call = room.calls.get(seat.call)
        if call is not None:
            dispose_by_default(room, seat, call, now, "wrap-up ran out")
        finish_wrapup(room, seat, now)
