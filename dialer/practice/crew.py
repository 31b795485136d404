"""A crew of practice agents in one process, and the report of what they did."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import httpx
import structlog

from .agent import AgentStopped, Habits, PracticeAgent
from .conversation import Conversation
from .sign_in import SignInRefused, sign_in

BETWEEN_STARTS_S = 0.1
"""Agents come one after the other, so that signing in is no burst."""
LAST_STEPS_S = 3.0
"""For closing phones and sockets, before whoever still tries to sign in is interrupted."""
SIGN_IN_RETRY_S = 2.0
SIGN_IN_TRIES = 15
"""While the web server is still starting."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class CrewOptions:
    """Who works, where, and how."""

    url: str
    sign_in_path: str
    usernames: tuple[str, ...]
    password: Callable[[], str]
    """Read when it is needed: the file may be written while the crew starts."""
    habits: Habits = field(default_factory=Habits)
    seed: int = 0
    report: Path | None = None


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value that ``share`` of the values do not exceed; None where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def spread_ms(seconds: Iterable[float]) -> dict[str, float | None]:
    """p50 and p99 in milliseconds."""
    values = [1000 * value for value in seconds]
    found = {"p50": percentile(values, 0.50), "p99": percentile(values, 0.99)}
    return {name: None if value is None else round(value, 1) for name, value in found.items()}


class CrewReport:
    """Totals, a JSON line a conversation (``FILEl``), and everything in one file at the end (``FILE``)."""

    def __init__(self, path: Path | None) -> None:
        self.conversations: list[dict[str, Any]] = []
        self._path = path
        self._lines = self._open(path.with_name(path.name + "l")) if path else None

    @staticmethod
    def _open(path: Path) -> TextIO:
        """A file that only its owner reads: it holds phone numbers."""
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", buffering=1)

    def add(self, conversation: Conversation) -> None:
        """A conversation is over and disposed of."""
        entry = conversation.as_json()
        self.conversations.append(entry)
        if self._lines:
            self._lines.write(json.dumps(entry) + "\n")

    def totals(self, agents: list[PracticeAgent]) -> dict[str, Any]:
        """All counts. Latencies are as this end saw them: audio 0 to 60 ms late, see ``Conversation``."""
        talks = self.conversations
        joined = Counter(talk["joined"] for talk in talks)
        errors: Counter[str] = Counter()
        for agent in agents:
            errors.update(agent.errors)
        return {
            "agents": len(agents),
            "stopped": {agent.username: agent.stopped_because for agent in agents if agent.stopped_because},
            "calls": len(talks),
            **{f"joined_{how}": joined[how] for how in ("right", "wrong", "unheard")},
            "stray_voices": sum(agent.headset.listener.strays for agent in agents),
            "machines": sum(talk["machine"] for talk in talks),
            "dispositions": dict(Counter(talk["disposition"] for talk in talks)),
            "ended_by": dict(Counter(talk["ended_by"] for talk in talks)),
            "reconnects": sum(agent.reconnects for agent in agents),
            "media_offers": sum(agent.headset.offers for agent in agents),
            "refused_commands": dict(errors),
            "answer_to_audio_ms": spread_ms(_since_answer(talks, "first_audio_at")),
            "answer_to_screen_ms": spread_ms(_since_answer(talks, "on_screen_at")),
        }

    def close(self, agents: list[PracticeAgent]) -> dict[str, Any]:
        """Write the file; returns the totals."""
        totals = self.totals(agents)
        if self._path and self._lines:
            self._lines.close()
            fresh = self._path.with_name(self._path.name + ".new")
            with self._open(fresh) as file:
                json.dump({"totals": totals, "calls": self.conversations}, file)
            fresh.replace(self._path)
        return totals


def _since_answer(talks: list[dict[str, Any]], moment: str) -> list[float]:
    return [talk[moment] - talk["answered_at"] for talk in talks if talk[moment] and talk["answered_at"]]


class Crew:
    """N agents at work."""

    def __init__(self, options: CrewOptions) -> None:
        self._options = options
        self._report = CrewReport(options.report)
        self._agents = [self._hire(username) for username in options.usernames]

    def _hire(self, username: str) -> PracticeAgent:
        options = self._options

        async def enter() -> str:
            return await self._sign_in(username)

        chance = random.Random(f"{options.seed}:{username}")
        return PracticeAgent(options.url, username, enter, options.habits, self._report.add, chance)

    async def _sign_in(self, username: str) -> str:
        """Sign in, with patience while the server does not answer yet."""
        options = self._options
        for left in reversed(range(SIGN_IN_TRIES)):
            try:
                return await sign_in(options.url, options.sign_in_path, username, options.password())
            except (httpx.HTTPError, OSError):
                if not left:
                    raise
                await asyncio.sleep(SIGN_IN_RETRY_S)
        raise AssertionError("the last try returns or raises")

    async def work(self, stopped: asyncio.Event, seconds: float | None) -> dict[str, Any]:
        """Work until ``stopped`` is set or the seconds are over; returns the totals."""
        everybody = asyncio.create_task(self._work_all())
        asked = asyncio.create_task(stopped.wait())
        await asyncio.wait({everybody, asked}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        await asyncio.gather(*(agent.stop() for agent in self._agents))
        await asyncio.wait({everybody}, timeout=LAST_STEPS_S)
        everybody.cancel()
        await asyncio.gather(everybody, return_exceptions=True)
        return self._report.close(self._agents)

    async def _work_all(self) -> None:
        starts = ((number * BETWEEN_STARTS_S, agent) for number, agent in enumerate(self._agents))
        await asyncio.gather(*(self._work(agent, after) for after, agent in starts))

    async def _work(self, agent: PracticeAgent, after_s: float) -> None:
        await asyncio.sleep(after_s)
        try:
            await agent.run()
        except (AgentStopped, SignInRefused, httpx.HTTPError, OSError) as error:
            agent.stopped_because = str(error) or type(error).__name__
            log.warning("practice_agent_stopped", agent=agent.username, why=agent.stopped_because)
        except Exception as error:
            agent.stopped_because = f"{type(error).__name__}: {error}"
            log.exception("practice_agent_failed", agent=agent.username)
