"""Progressive and ratio count lines for ready agents; by hand places none."""

from __future__ import annotations

import pytest

from dialer.pacing import make_pacer
from dialer.pacing.contract import AgentView, LineView, Snapshot

pytestmark = pytest.mark.unit


def room(ready, lines=0, limit=100):
    agents = [AgentView("ready", 0.0)] * ready + [AgentView("talking", 0.0), AgentView("wrapup", 0.0)]
    return Snapshot(60.0, agents, [LineView("ringing", 50.0, 52.0)] * lines, limit)


@pytest.mark.parametrize(
    ("method", "options", "ready", "lines", "limit", "expected"),
    [
        ("progressive", {}, 4, 0, 100, 4),
        ("progressive", {}, 4, 3, 100, 1),
        ("progressive", {}, 4, 9, 100, 0),
        ("progressive", {}, 4, 0, 3, 3),
        ("ratio", {"ratio": 2.5}, 3, 0, 100, 7),
        ("ratio", {"ratio": 2.5}, 3, 5, 100, 2),
        ("ratio", {"ratio": 2.5}, 0, 0, 100, 0),
        ("preview", {}, 4, 0, 100, 0),
        ("manual", {}, 4, 0, 100, 0),
    ],
)
def test_lines_follow_the_agents_who_are_ready(method, options, ready, lines, limit, expected):
    assert make_pacer(method, **options).lines_to_place(room(ready, lines, limit)) == expected
