"""The drill's own small decisions: its clock, its trunk, its sums."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialer.drill.figures import problems
from dialer.drill.scratch import BadDrill, gate_offset, parse_trunk

pytestmark = pytest.mark.unit
NOON_UTC = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        (None, 0),
        ("2026-11-21T13:00", 3600),
        ("2026-11-21T13:00Z", 3600),
        ("2026-11-21T10:00-05:00", 3 * 3600),
        ("15:00", 8 * 3600),
        ("8:30", 5400),
    ],
)
def test_the_gates_clock_is_set_to_the_moment_asked_for(at: str | None, seconds: float) -> None:
    assert gate_offset(at, None, NOON_UTC) == seconds


@pytest.mark.parametrize("at", ["noon", "25:00", "2026-13-01"])
def test_what_is_no_time_is_refused_in_words(at: str) -> None:
    with pytest.raises(BadDrill, match="is no time"):
        gate_offset(at, None, NOON_UTC)


def test_the_clock_is_never_set_for_a_trunk_elsewhere() -> None:
    with pytest.raises(BadDrill, match="loopback"):
        gate_offset("15:00", "sip:192.0.2.1:5060", NOON_UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sip:127.0.0.1:5060", ("127.0.0.1", 5060, "udp")),
        ("127.0.0.1:5070", ("127.0.0.1", 5070, "udp")),
        ("sip:host.example:5061;transport=tls", ("host.example", 5061, "tls")),
    ],
)
def test_a_trunk_is_host_port_and_transport(text: str, found: tuple[str, int, str]) -> None:
    assert parse_trunk(text) == found


@pytest.mark.parametrize(
    "text", ["", "sip:host", "sip:host:0", "sip:host:99999", "sip:h:5060;transport=smoke"]
)
def test_what_is_no_trunk_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadDrill, match="is no trunk"):
        parse_trunk(text)


def figures(**changes: int) -> dict[str, int]:
    names = (
        "placed",
        "answered",
        "connected",
        "abandoned",
        "machine",
        "busy",
        "no_answer",
        "rejected",
        "failed",
    )
    return dict.fromkeys((*names, "cancelled", "unresolved", "dialed_twice", "joined_wrong"), 0) | changes


def test_sums_that_add_up_are_no_problem() -> None:
    assert problems(figures(placed=3, answered=2, connected=1, machine=1, busy=1)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"placed": 1},
        {"placed": 1, "connected": 1},
        {"placed": 1, "unresolved": 1},
        {"dialed_twice": 1},
        {"joined_wrong": 1},
    ],
)
def test_each_thing_that_does_not_add_up_is_named(changes: dict[str, int]) -> None:
    assert problems(figures(**changes))
