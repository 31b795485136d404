"""Every way to dial passes the gate: who can send an originate at all, and what each kind of dial leaves behind."""

from __future__ import annotations

import ast
import asyncio
import gc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from campaigns.models import Callback, Campaign, Lead
from compliance.choices import DialKind
from compliance.models import Decision
from compliance.services.add_to_dnc import add_to_dnc
from dialer.bus import schemas

from .scripted import ScriptedAgent, ScriptedLines, until
from .test_daemon import Floor, calls, floor, lease_of, rings, seed

__all__ = ["floor"]
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
PACKAGES = ("accounts", "agents", "campaigns", "compliance", "dialer", "integrations", "reporting")
ONLY_HERE = {
    "Originate": {"dialer/engine/room/placing.py"},
    "Permit": {"compliance/gate.py"},
    "makeCall": {"dialer/lines/line_call.py"},
    "open_permit": {"dialer/lines/admission.py"},
}
"""What makes a phone ring, and the only file that may call it."""
UNWANTED = "+12125559999"


def calls_in(path: Path) -> Iterator[str]:
    """The names of everything that a module calls."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            function = node.func
            yield function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.fixture
def no_garbage_collection() -> Iterator[None]:
    """CPython 3.11 takes a collection that runs while it builds a syntax tree for an error in it (SystemError)."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_garbage_collection")
@pytest.mark.parametrize("name", ONLY_HERE)
def test_one_file_alone_may_take_each_step_toward_an_invite(name: str) -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if name in set(calls_in(path))
    }
    assert found == ONLY_HERE[name]


class Desk:
    """A campaign with one agent, who asks for a dial in each way there is."""

    def __init__(self, floor: Floor, lines: ScriptedLines, campaign: int, agent: ScriptedAgent) -> None:
        self.floor, self.lines, self.campaign, self.agent = floor, lines, campaign, agent

    async def dial(self, kind: str, number: str) -> Any:
        """Ask; the reply where the asker gets one."""
        return await getattr(self, f"_{kind}")(number)

    async def _auto(self, number: str) -> None:
        await self.agent.arrive()

    async def _manual(self, number: str) -> Any:
        return await self._by_hand(number=number)

    async def _api(self, number: str) -> Any:
        return await self._by_hand(number=number, by_system=True)

    async def _by_hand(self, **args: Any) -> Any:
        await until(lambda: any(daemon.board.lines for daemon in self.floor.daemons))
        await self.agent.arrive()
        await self.agent.ask("pause", reason="")
        return await self.agent.ask("dial", **args)

    async def _preview(self, number: str) -> Any:
        await self.agent.arrive()
        return await until(self._accept)

    async def _callback(self, number: str) -> Any:
        await sync_to_async(self._promise)()
        await self.agent.arrive()
        return await until(self._accept)

    async def _accept(self) -> Any:
        reply = await self.agent.ask("preview_dial")
        waiting = isinstance(reply, schemas.Failed) and reply.code == "wrong_state"
        return None if waiting else reply

    def is_offered(self) -> bool:
        """Whether a lead is on the agent's screen."""
        return any(daemon.runners[self.campaign].room.previews for daemon in self.floor.daemons)

    def _promise(self) -> None:
        lead = Lead.objects.get()
        Lead.objects.update(status="callback")
        Callback.objects.create(
            organisation=lead.organisation,
            campaign_id=self.campaign,
            lead=lead,
            agent_id=self.agent.agent,
            due_at=datetime.now(UTC) - timedelta(minutes=1),
        )


async def open_desk(floor: Floor, kind: str) -> tuple[Desk, str]:
    """The desk, and the number that it is about: of the only lead, except where any number can be dialed."""
    campaign, [(agent, session)], _ = await seed(leads=0 if kind in ("manual", "api") else 1, agents=1)
    method = {"preview": "preview", "callback": "manual"}.get(kind, "progressive")
    await sync_to_async(Campaign.objects.update)(method=method)
    lines = ScriptedLines(floor.redis, "line-1", rings)
    desk = Desk(floor, lines, campaign, ScriptedAgent(floor.redis, agent, session, campaign, "media-1"))
    return desk, "+12125550000" if method != "progressive" or kind == "auto" else UNWANTED


ASKED_AT_THE_DIAL = ("manual", "api", "callback")
"""The others are refused in the hopper already, and no agent sees them."""
KINDS = [kind for kind in DialKind if kind is not DialKind.TRANSFER]


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_dial_carries_a_permit_of_the_gate(floor: Floor, kind: str) -> None:
    desk, number = await open_desk(floor, kind)
    floor.background(desk.lines.run())
    floor.daemon()
    await until(lambda: lease_of(floor, desk.campaign))
    await desk.dial(kind, number)
    (permit,) = await until(lambda: desk.lines.originated)
    decision = await Decision.objects.aget(reason="")
    assert (decision.permit, decision.call, decision.kind) == (permit.id, permit.call, kind)
    assert (permit.number, decision.number) == (number, int(number[1:]))


@pytest.mark.parametrize("kind", KINDS)
async def test_no_kind_of_dial_reaches_a_number_that_is_refused(floor: Floor, kind: str) -> None:
    desk, number = await open_desk(floor, kind)
    organisation = (await Campaign.objects.aget()).organisation_id
    await sync_to_async(add_to_dnc)(organisation, [number], "manual")
    floor.background(desk.lines.run())
    floor.daemon()
    await until(lambda: lease_of(floor, desk.campaign))
    asking = asyncio.create_task(desk.dial(kind, number))
    refused = await until(Decision.objects.filter(reason="own_dnc").afirst)
    assert refused.number == int(number[1:])
    assert (desk.lines.originated, await calls()) == ([], [])
    if kind in ASKED_AT_THE_DIAL:
        reply = await asking
        assert (reply.code, "do-not-call" in reply.message) == ("refused", True)
    asking.cancel()


async def test_a_lead_on_screen_that_asks_not_to_be_called_meanwhile_is_not_dialed(floor: Floor) -> None:
    desk, number = await open_desk(floor, "preview")
    floor.background(desk.lines.run())
    floor.daemon()
    await until(lambda: lease_of(floor, desk.campaign))
    await desk.agent.arrive()
    await until(desk.is_offered)
    organisation = (await Campaign.objects.aget()).organisation_id
    await sync_to_async(add_to_dnc)(organisation, [number], "manual")
    reply = await desk.agent.ask("preview_dial")
    assert (reply.code, desk.lines.originated) == ("refused", [])
