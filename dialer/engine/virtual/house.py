"""The campaign, trunk and nodes of a simulated shift, as the engine would read them."""

from __future__ import annotations

from datetime import UTC, datetime, time

from compliance.values import CallerIdOffer
from dialer.bus import schemas

from ..board import Board
from ..room.config import DispositionRule, RoomConfig, TrunkRule
from .values import Scenario

STARTS_AT = datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()
"""A Monday, nine o'clock: the longest shift that is simulated ends before the campaign's hours do."""
CAMPAIGN = 1
TRUNK = 1
LINE_NODE, MEDIA_NODE = "line", "media"
CALLER_ID = "+15550000000"
SAFE_HARBOUR = "safe-harbour"
REACHED, MACHINE, NO_WORD = 1, 2, 3
"""Dispositions."""
PLENTY = 1_000_000
"""Calls or sessions that the nodes take: it is the trunk and the campaign that limit a simulated shift."""


def make_board(now: float) -> Board:
    """A real board that has seen one line node and one media node."""
    line = schemas.NodeStatus(node=LINE_NODE, kind="line", at=now, started_at=now, capacity=PLENTY)
    media = schemas.NodeStatus(
        node=MEDIA_NODE, kind="media", at=now, started_at=now, capacity=PLENTY, address="simulated"
    )
    board = Board()
    board.see_nodes([line], [media], now)
    return board


def make_config(scenario: Scenario) -> RoomConfig:
    """The scenario's settings as the room takes them."""
    trunk = TrunkRule(
        id=TRUNK,
        name="Simulated trunk",
        version=1,
        priority=0,
        channel_limit=0,
        cps_limit=scenario.calls_per_s,
        is_loopback=True,
    )
    return RoomConfig(
        campaign=CAMPAIGN,
        organisation=1,
        name=scenario.name,
        method=scenario.method,
        status="running",
        status_note="",
        dialing_stopped=False,
        stopped_note="",
        abandon_limit=scenario.abandon_limit,
        abandon_target=scenario.abandon_target,
        dial_ratio=scenario.dial_ratio,
        ring_limit_s=scenario.ring_limit_s,
        answer_wait_s=scenario.answer_wait_s,
        line_limit=scenario.line_limit,
        wrapup_limit_s=scenario.wrapup_limit_s,
        preview_limit_s=60.0,
        max_attempts=5,
        opens=time(0),
        closes=time(23, 59),
        weekdays="1234567",
        time_zone="UTC",
        script="",
        mask_numbers=False,
        safe_harbour=SAFE_HARBOUR,
        caller_ids=(CallerIdOffer(CALLER_ID),),
        trunks=(trunk,),
        dispositions=DISPOSITIONS,
        pause_codes=(),
    )


DISPOSITIONS = (
    DispositionRule(id=REACHED, code="reached", name="Reached", key="1", meaning="final"),
    DispositionRule(id=MACHINE, code="machine", name="Machine", key="2", meaning="retry", is_machine=True),
    DispositionRule(id=NO_WORD, code="none", name="No word", key="", meaning="retry", is_default=True),
)
