"""Live settings over the floor's socket: seen by those who may, changed with both sides, never over each other."""

from __future__ import annotations

from datetime import date

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async

from accounts.choices import Role
from accounts.models import AuditEntry, Organisation
from campaigns.models import Campaign
from compliance.models import Override
from tests.live.helpers import Browser, make_person, sign_in

pytestmark = pytest.mark.integration
SEEN = {
    "method": "predictive",
    "dial_ratio": 1.5,
    "abandon_limit": 0.03,
    "abandon_target": None,
    "line_limit": 100,
}


@pytest_asyncio.fixture
async def campaign(db) -> Campaign:
    home, _ = await Organisation.objects.aget_or_create(name="Acme")
    return await Campaign.objects.acreate(organisation=home, name="Spring", status="running")


@pytest_asyncio.fixture
async def open_floor(live):
    """Opens the socket of a person with a role; all are closed afterwards."""
    browsers = []

    async def open_floor(role: Role, name: str = "") -> Browser:
        person = await make_person(name or role, role)
        browser = Browser("/ws/floor", cookie=await sign_in(person))
        browsers.append(browser)
        await browser.subscribed()
        return browser

    yield open_floor
    for browser in browsers:
        await browser.disconnect()


async def change(browser: Browser, campaign: Campaign, seen: dict = SEEN, **values) -> dict:
    """The answer to a change."""
    return await browser.command("change_settings", campaign=campaign.pk, values=values, seen=seen)


async def test_a_reader_sees_the_settings_and_cannot_change_them(campaign, open_floor):
    browser = await open_floor(Role.READER)
    answer = await browser.command("settings", campaign=campaign.pk)
    settings = answer["data"]["settings"]
    assert (settings["values"], settings["lawful"]["limit"], settings["changes"]) == (SEEN, 0.03, [])
    refused = await change(browser, campaign, line_limit=5)
    assert refused["error"]["code"] == "not_allowed"
    assert (await Campaign.objects.aget()).line_limit == 100


async def test_a_change_is_audited_and_answered_with_who_made_it(campaign, open_floor):
    browser = await open_floor(Role.SUPERVISOR, "sam")
    answer = await change(browser, campaign, line_limit=40, abandon_target=0.02)
    settings, rows = answer["data"]["settings"], answer["data"]["rows"]
    assert settings["values"] == {**SEEN, "line_limit": 40, "abandon_target": 0.02}
    assert rows["campaigns"][0]["line_limit"] == 40
    (made,) = settings["changes"]
    assert made["by"] == "sam"
    assert made["settings"] == [
        {"name": "Target", "before": "the limit", "after": "2 %"},
        {"name": "Lines at once", "before": "100", "after": "40"},
    ]
    entry = await AuditEntry.objects.aget()
    assert (entry.before, entry.after) == (
        {"abandon_target": None, "line_limit": 100},
        {"abandon_target": 0.02, "line_limit": 40},
    )


async def test_who_saves_second_is_told_what_changed_and_overwrites_nothing(campaign, open_floor):
    first, second = await open_floor(Role.SUPERVISOR, "sam"), await open_floor(Role.SUPERVISOR, "sue")
    assert (await change(first, campaign, line_limit=40))["ok"]
    refused = await change(second, campaign, line_limit=80)
    assert refused["error"]["code"] == "changed"
    assert refused["error"]["message"] == (
        "sam changed the settings meanwhile: Lines at once is 40 (you saw 100). Nothing was saved."
    )
    assert (await Campaign.objects.aget()).line_limit == 40
    assert (await change(second, campaign, {**SEEN, "line_limit": 40}, line_limit=80))["ok"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"abandon_limit": 0.05}, "less than or equal to 0.03"),
        ({"abandon_target": 0.03, "abandon_limit": 0.02}, "may not be above the limit of 2 %"),
        ({"dial_ratio": 11}, "less than or equal to 10"),
        ({"method": "psychic"}, "not a valid choice"),
        ({"line_limit": -1}, "greater than or equal to 0"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(campaign, values, words, open_floor):
    browser = await open_floor(Role.SUPERVISOR)
    refused = await change(browser, campaign, **values)
    assert refused["error"]["code"] == "bad_value"
    assert words in refused["error"]["message"]
    assert not await AuditEntry.objects.aexists()


async def test_nobody_raises_the_limit_over_what_the_organisation_allows_itself(campaign, open_floor):
    browser = await open_floor(Role.SUPERVISOR, "sam")
    await change(browser, campaign, abandon_limit=0.01)

    def tighten() -> None:
        Override.objects.create(
            organisation=campaign.organisation,
            rule="us-ftc-abandonment",
            value={"limit": 0.02},
            reason="Ours",
            loosens=False,
            effective=date(2026, 1, 1),
            proposed_by=campaign.organisation.people.get(username="sam"),
        )

    await sync_to_async(tighten)()
    refused = await change(browser, campaign, {**SEEN, "abandon_limit": 0.01}, abandon_limit=0.025)
    assert refused["error"]["code"] == "bad_value"
    assert "At most 2 %" in refused["error"]["message"]
    await Campaign.objects.aupdate(abandon_limit=0.03)
    answer = await browser.command("settings", campaign=campaign.pk)
    assert answer["data"]["settings"]["held_back"].startswith("Held to 2 % abandoned although 3 % is set")
    assert answer["data"]["rows"]["campaigns"][0]["abandon_limit"] == 0.02


@pytest.mark.parametrize("command", ["settings", "change_settings"])
async def test_another_organisations_campaign_is_not_there(command, open_floor):
    other = await Organisation.objects.acreate(name="Elsewhere")
    theirs = await Campaign.objects.acreate(organisation=other, name="Theirs")
    browser = await open_floor(Role.SUPERVISOR)
    more = {"values": {"line_limit": 1}, "seen": {}} if command == "change_settings" else {}
    refused = await browser.command(command, campaign=theirs.pk, **more)
    assert refused["error"]["code"] == "not_found"
    assert (await Campaign.objects.aget()).line_limit == 100


async def test_a_setting_that_the_floor_does_not_know_is_refused(campaign, open_floor):
    browser = await open_floor(Role.SUPERVISOR)
    refused = await change(browser, campaign, status="stopped")
    assert refused["error"]["code"] == "bad_args"
