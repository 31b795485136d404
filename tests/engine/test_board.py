"""What the daemon makes of heartbeats that it cannot see."""

from __future__ import annotations

import pytest

from dialer.bus.schemas import NodeStatus
from dialer.engine.board import BLIND_GRACE_S, Board

pytestmark = pytest.mark.unit
LINE, MEDIA = (
    NodeStatus(node=kind, kind=kind, at=0.0, started_at=0.0, capacity=9, address="unix:/x")
    for kind in ("line", "media")
)
NOBODY: tuple[set[str], set[str]] = (set(), set())


@pytest.fixture
def board() -> Board:
    made = Board()
    made.see_nodes([LINE], [MEDIA], 0.0)
    return made


def test_a_node_that_stops_beating_beside_others_is_gone_at_once(board: Board) -> None:
    assert board.see_nodes([LINE], [], 1.0) == (set(), {"media"})
    assert not board.media_address("media")


def test_where_all_heartbeats_are_gone_each_node_gets_time_to_beat_again(board: Board) -> None:
    assert board.see_nodes([], [], 1.0) == NOBODY
    assert board.see_nodes([LINE], [], 2.0) == NOBODY, "one beats before the other"
    assert board.media_address("media")
    assert board.see_nodes([LINE], [MEDIA], 3.0) == NOBODY
    assert board.see_nodes([LINE], [], 1.0 + BLIND_GRACE_S) == (set(), {"media"})


def test_nodes_that_never_beat_again_are_gone_after_the_time(board: Board) -> None:
    assert board.see_nodes([], [], 1.0) == NOBODY
    assert board.see_nodes([], [], 0.9 + BLIND_GRACE_S) == NOBODY
    assert board.see_nodes([], [], 1.1 + BLIND_GRACE_S) == ({"line"}, {"media"})
    assert board.see_nodes([], [], 1.2 + BLIND_GRACE_S) == NOBODY


def test_the_time_counts_from_when_redis_is_back(board: Board) -> None:
    for second in range(60):
        board.be_blind(float(second))
    assert board.see_nodes([LINE], [], 60.0) == NOBODY
    assert board.see_nodes([LINE], [], 59.0 + BLIND_GRACE_S) == (set(), {"media"})
