"""The installation of the tests that kill things: long talks on practice ends, and what to look at."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import redis

from tests.scratch_database import put_database

from .installation import Installation, descendants, sql_time, until

AGENTS = 4
TALK = "24-28"
YOUNG_S = 6.0
"""A talk of no more than this age goes on for eighteen seconds at least."""
CALLS_FLOW_S = 60.0


class House(Installation):
    """Practice carrier and agents run beside ``up``: what is killed is ours to choose."""

    def open(self) -> None:
        """Seed, start everything, and wait until agents talk."""
        put_database(self.home)
        self.manage("seed_demo", "--practice-agents", str(AGENTS), "--campaign-running")
        self.shell("from campaigns.models import Campaign; Campaign.objects.update(method='progressive')")
        pace = ("--delay-scale", "0.1", "--talk-scale", "20", "--ring-limit", "5")
        self.start("carrier", "carrier", "--report", str(self.home / "carrier.json"), *pace)
        self.up()
        self.hire()
        until(lambda: len(self.talking()) >= AGENTS - 1, CALLS_FLOW_S, "agents talk")

    def hire(self) -> None:
        """Start the practice agents."""
        habits = ("--count", str(AGENTS), "--talk", TALK, "--wrap", "0.3-0.6")
        self.start("crew", "practice_agents", "--report", str(self.home / "crew.json"), *habits)

    def shell(self, code: str) -> None:
        """Run Python in the installation, as an administrator would with ``manage.py shell``."""
        self.manage("shell", "-v", "0", "-c", code)

    def redis_client(self) -> redis.Redis:
        """The embedded server."""
        return redis.Redis(unix_socket_path=str(self.home / "redis.sock"))

    def children(self) -> dict[int, int]:
        """The line node's pjsua2 processes and how many sockets each has open."""
        found = {}
        for pid in descendants(self.pids()["lines"]):
            with contextlib.suppress(OSError):
                if b"dialer.lines.child" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
                    found[pid] = sum(link.startswith("socket:") for link in links)
        return found

    def busiest_child(self) -> int:
        """The child with the most calls: each has sockets of its own. (One that starts uses more of the processor.)"""
        return max((sockets, pid) for pid, sockets in self.children().items())[1]

    def young_talks(self, at_least: int = 1) -> list[str]:
        """Calls that have just been joined: their agents will talk for a while yet."""

        def look() -> list[str]:
            since = sql_time(time.time() - YOUNG_S)
            rows = self.rows(
                "SELECT id FROM calls_call WHERE stage = 'connected' AND connected_at > ?", since
            )
            return [row["id"] for row in rows] if len(rows) >= at_least else []

        return until(look, CALLS_FLOW_S, "a talk has just begun")

    def calls(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """These call records."""
        chosen = list(ids)
        marks = ",".join("?" * len(chosen))
        return self.rows(f"SELECT * FROM calls_call WHERE id IN ({marks})", *chosen)

    def assert_unharmed(self, ids: Iterable[str]) -> None:
        """These talks go on, or were ended by their agents in their own time."""
        for call in self.calls(ids):
            assert call["connected_at"]
            assert (call["stage"], call["ended_by"]) in (("connected", ""), ("ended", "us")), call

    def assert_calls_flow(self, since: float) -> None:
        """New calls are placed and joined again."""
        query = "SELECT count(*) FROM calls_call WHERE placed_at > ? AND connected_at IS NOT NULL"
        until(lambda: self.count(query, sql_time(since)), CALLS_FLOW_S, "calls flow again")

    def nobody_left_since(self, at: float) -> bool:
        """Whether no agent was signed out of the room."""
        query = "SELECT count(*) FROM agents_agentstatechange WHERE to_state = 'offline' AND at > ?"
        return self.count(query, sql_time(at)) == 0

    def far_end_calls(self) -> list[dict[str, Any]]:
        """What the carrier saw, a record for each INVITE; complete once it has stopped."""
        calls = json.loads((self.home / "carrier.json").read_text())["calls"]
        assert isinstance(calls, list)
        return calls
