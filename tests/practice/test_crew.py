"""A crew works, bears with a slow start and a bad agent, and leaves in order."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import httpx
import pytest

from dialer.practice import crew as crew_module
from dialer.practice import headset as headset_module
from dialer.practice.agent import Habits
from dialer.practice.crew import Crew, CrewOptions
from dialer.practice.sign_in import SignInRefused

from .fake_console import FakeConsole
from .test_agent import StandInPhone

pytestmark = pytest.mark.integration
BRISK = Habits(talk_s=(0.0, 0.0), wrap_s=(0.0, 0.0))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    StandInPhone.made = []
    monkeypatch.setattr(headset_module, "Softphone", StandInPhone)
    monkeypatch.setattr(crew_module, "SIGN_IN_RETRY_S", 0.01)


def options(server: FakeConsole, report: Path | None = None, count: int = 1) -> CrewOptions:
    names = tuple(f"practice{number}" for number in range(1, count + 1))
    return CrewOptions(
        url=server.url,
        sign_in_path="/sign-in/",
        usernames=names,
        password=lambda: "word",
        habits=BRISK,
        report=report,
    )


async def test_it_waits_for_the_server_works_and_reports(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tries: list[str] = []

    async def sign_in(url: str, path: str, username: str, password: str) -> str:
        tries.append(username)
        if len(tries) < 3:
            raise httpx.ConnectError("not yet")
        return "sessionid=x"

    monkeypatch.setattr(crew_module, "sign_in", sign_in)
    stopped = asyncio.Event()
    async with FakeConsole() as server:
        working = asyncio.create_task(Crew(options(server, tmp_path / "crew.json")).work(stopped, None))
        await server.until("ready")
        await server.connect_call()
        await server.until("dispose")
        stopped.set()
        totals = await asyncio.wait_for(working, 20)
        assert server.names()[-1] == "sign_out"
    assert tries == ["practice1"] * 3
    assert totals["calls"] == 1
    assert totals["joined_unheard"] == 1
    assert totals["stopped"] == {}
    assert json.loads((tmp_path / "crew.json").read_text())["totals"] == totals
    assert [phone.closed for phone in StandInPhone.made] == [True]


async def test_one_agent_who_is_not_let_in_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sign_in(url: str, path: str, username: str, password: str) -> str:
        if username == "practice1":
            raise SignInRefused("practice1 was not let in")
        return "sessionid=x"

    monkeypatch.setattr(crew_module, "sign_in", sign_in)
    stopped = asyncio.Event()
    async with FakeConsole() as server:
        working = asyncio.create_task(Crew(options(server, count=2)).work(stopped, None))
        await server.until("ready")
        stopped.set()
        totals = await asyncio.wait_for(working, 20)
    assert totals["stopped"] == {"practice1": "practice1 was not let in"}


async def test_it_ends_after_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sign_in(url: str, path: str, username: str, password: str) -> str:
        return "sessionid=x"

    monkeypatch.setattr(crew_module, "sign_in", sign_in)
    started = time.monotonic()
    async with FakeConsole() as server:
        totals = await asyncio.wait_for(Crew(options(server)).work(asyncio.Event(), 0.3), 20)
    assert time.monotonic() - started >= 0.3
    assert totals["agents"] == 1
