"""The floor's socket: who may listen, who may command, and what each command does."""

from __future__ import annotations

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.utils import timezone

from accounts.choices import Role
from accounts.models import AuditEntry, Organisation
from accounts.services.stop_dialing import stop_dialing
from campaigns.models import Campaign
from dialer.live.topics import floor_topic, publish
from reporting import consumers
from tests.live.helpers import Browser, make_person, sign_in

from .makers import make_call

pytestmark = pytest.mark.integration
COMMANDS = ["start", "pause", "drain", "stop", "stop_all", "resume_all"]


def arguments(command: str, campaign: int) -> dict[str, int]:
    return {} if command.endswith("_all") else {"campaign": campaign}


@pytest_asyncio.fixture
async def open_floor(live):
    """Opens the socket of a person with a role; all are closed afterwards."""
    browsers = []

    async def open_floor(role: Role, name: str = "") -> Browser:
        person = await make_person(name or role, role)
        browser = Browser("/ws/floor", cookie=await sign_in(person))
        browsers.append(browser)
        return browser

    yield open_floor
    for browser in browsers:
        await browser.disconnect()


async def make_campaign(status: str = "running", organisation: str = "Acme") -> Campaign:
    home, _ = await Organisation.objects.aget_or_create(name=organisation)
    return await Campaign.objects.acreate(organisation=home, name="Spring", status=status)


async def test_agents_may_not_watch_the_floor(open_floor):
    browser = await open_floor(Role.AGENT)
    await browser.connect()
    assert await browser.close_code() == 4403


async def test_nobody_may_watch_without_signing_in(live):
    browser = Browser("/ws/floor")
    await browser.connect()
    assert await browser.close_code() == 4401


async def test_hello_brings_what_only_the_database_knows(open_floor):
    campaign = await make_campaign("stopped")
    browser = await open_floor(Role.READER)
    hello = await browser.hello()
    assert hello["topic"] == floor_topic(campaign.organisation_id)
    assert hello["rows"]["stop"] is None
    assert hello["rows"]["campaigns"] == [
        {
            "id": campaign.pk,
            "name": "Spring",
            "method": "predictive",
            "status": "stopped",
            "abandon_limit": 0.03,
            "line_limit": 100,
            "since": None,
            "measured_over": "30 days",
            "held_back": "",
        }
    ]


@pytest.mark.parametrize("command", COMMANDS)
async def test_who_may_only_read_may_command_nothing(command, open_floor):
    campaign = await make_campaign()
    browser = await open_floor(Role.READER)
    await browser.subscribed()
    result = await browser.command(command, **arguments(command, campaign.pk))
    assert (result["ok"], result["error"]["code"]) == (False, "not_allowed")
    assert not await AuditEntry.objects.aexists()


@pytest.mark.parametrize(
    ("command", "status"), [("pause", "paused"), ("drain", "draining"), ("stop", "stopped")]
)
async def test_a_command_changes_the_campaign_and_answers_with_the_rows(command, status, open_floor):
    campaign = await make_campaign()
    browser = await open_floor(Role.SUPERVISOR)
    await browser.subscribed()
    result = await browser.command(command, campaign=campaign.pk)
    assert result["ok"], result
    assert result["data"]["rows"]["campaigns"][0]["status"] == status
    assert (await Campaign.objects.aget()).status == status
    entry = await AuditEntry.objects.aget()
    assert (entry.actor, entry.action, entry.target) == ("supervisor", f"campaign.{command}", "Spring")


async def test_a_campaign_that_is_not_ready_says_what_is_missing(open_floor):
    campaign = await make_campaign("stopped")
    browser = await open_floor(Role.SUPERVISOR)
    await browser.subscribed()
    result = await browser.command("start", campaign=campaign.pk)
    assert result["error"]["code"] == "refused"
    assert "trunk" in result["error"]["message"]


async def test_a_step_that_does_not_fit_the_status_is_refused(open_floor):
    campaign = await make_campaign("stopped")
    browser = await open_floor(Role.SUPERVISOR)
    await browser.subscribed()
    result = await browser.command("pause", campaign=campaign.pk)
    assert result["error"]["code"] == "wrong_state"


async def test_another_organisations_campaign_does_not_exist(open_floor):
    theirs = await make_campaign(organisation="Elsewhere")
    browser = await open_floor(Role.SUPERVISOR)
    await browser.subscribed()
    result = await browser.command("stop", campaign=theirs.pk)
    assert result["error"]["code"] == "not_found"
    assert (await Campaign.objects.aget()).status == "running"


@pytest.mark.parametrize("args", [{}, {"campaign": "7"}, {"campaign": 7, "force": True}])
async def test_arguments_that_do_not_fit_are_refused(args, open_floor):
    browser = await open_floor(Role.SUPERVISOR)
    await browser.subscribed()
    assert (await browser.command("stop", **args))["error"]["code"] == "bad_args"


async def test_the_switch_stops_all_dialing_and_counts_the_live_calls(open_floor):
    campaign = await make_campaign()
    await sync_to_async(make_call)(campaign, stage="connected", outcome="", ended_at=None)
    await sync_to_async(make_call)(campaign)
    browser = await open_floor(Role.SUPERVISOR)
    await browser.subscribed()
    stopped = await browser.command("stop_all")
    assert stopped["data"]["live_calls"] == 1
    assert stopped["data"]["rows"]["stop"]["by"] == "Ann"
    assert (await Organisation.objects.aget()).dialing_stopped_at is not None
    resumed = await browser.command("resume_all")
    assert resumed["data"]["rows"]["stop"] is None
    assert (await Organisation.objects.aget()).dialing_stopped_at is None
    actions = [entry.action async for entry in AuditEntry.objects.order_by("id")]
    assert actions == ["dialing.stopped", "dialing.resumed"]


async def test_a_change_by_somebody_else_comes_by_itself(open_floor, monkeypatch):
    campaign = await make_campaign()
    monkeypatch.setattr("dialer.live.consumer.WATCH_S", 0.05)
    browser = await open_floor(Role.READER)
    await browser.subscribed()
    boss = await make_person("boss", Role.ADMINISTRATOR)
    await sync_to_async(stop_dialing)(boss.organisation, boss, timezone.now())
    frame = await browser.next("rows")
    assert frame["rows"]["stop"]["by"] == "Ann"
    assert frame["rows"]["campaigns"][0]["id"] == campaign.pk


async def test_live_figures_reach_their_own_organisation_only(open_floor, live):
    mine, theirs = await make_campaign(), await make_campaign(organisation="Elsewhere")
    browser = await open_floor(Role.READER)
    await browser.subscribed()
    await publish(live, floor_topic(theirs.organisation_id), "daemon", {"alive_at": 1.0})
    await publish(live, floor_topic(mine.organisation_id), "daemon", {"alive_at": 2.0})
    assert (await browser.next("change"))["data"] == {"alive_at": 2.0}


def test_the_floor_asks_for_its_capabilities():
    assert {name: spec.capability for name, spec in consumers.COMMANDS.items()} == {
        **dict.fromkeys(COMMANDS, "run_floor"),
        "settings": "see_setup",
        "change_settings": "edit_campaigns",
    }
    assert consumers.FloorConsumer.capability == "watch_floor"
