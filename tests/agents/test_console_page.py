"""The console's page in a real Chromium, with a real media node and a scripted room."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from dialer.bus.streams import connect
from dialer.live import topics
from tests.accounts.seed import PASSWORD
from tests.accounts.site import ROOT, VIEWPORT, Site, running_site
from tests.requirements import need_program

from .room import CALL_ID, LEAD, Room

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
FLAGS = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AGENT, CAMPAIGN = "amy", 1
WAIT_MS = 20_000


@pytest.fixture(scope="module")
def site(tmp_path_factory, redis_url):
    """Daphne with a seeded database, and a media node."""
    home = tmp_path_factory.mktemp("console")
    with running_site(home, redis_url) as site, open(home / "media.log", "w") as log:
        environment = os.environ | {"PACELINE_DATA": str(home), "REDIS_URL": redis_url}
        media = subprocess.Popen(
            [sys.executable, "manage.py", "media"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        yield site
        media.terminate()
        media.wait(20)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser with a microphone that beeps."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=need_program("chromium"), args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def signed_in(chromium: Browser, site: Site) -> Any:
    """The cookies of the agent."""
    page = await chromium.new_page()
    await page.goto(f"{site.url}/sign-in/")
    await page.fill("#id_username", AGENT)
    await page.fill("#id_password", PASSWORD)
    await page.click("button.primary")
    await page.wait_for_url("**/agent/", wait_until="commit")
    state = await page.context.storage_state()
    await page.close()
    return state


@pytest_asyncio.fixture(loop_scope="module")
async def context(chromium: Browser, signed_in: Any) -> AsyncIterator[BrowserContext]:
    """The agent's browser windows."""
    context = await chromium.new_context(
        viewport=VIEWPORT, permissions=["microphone"], storage_state=signed_in
    )
    context.set_default_timeout(WAIT_MS)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def room(site: Site, settings: Any, agent_id: int) -> AsyncIterator[Room]:
    """The room of the seeded campaign."""
    layer = dict(settings.CHANNEL_LAYERS["default"])
    layer["CONFIG"] = layer["CONFIG"] | {"hosts": [{"address": site.redis_url, "socket_timeout": None}]}
    settings.CHANNEL_LAYERS = {"default": layer}
    redis = connect(site.redis_url)
    await redis.delete(*[key async for key in redis.scan_iter("paceline:live:*")] or ["none"])
    async with Room(redis, CAMPAIGN, agent_id) as room:
        yield room
    await redis.aclose()


@pytest.fixture
def agent_id() -> int:
    """The primary key that the seed gives the agent: ada, sam, rita, amy."""
    return 4


@pytest_asyncio.fixture(loop_scope="module")
async def page(site: Site, context: BrowserContext, room: Room) -> Page:
    """The console, in the campaign, with its audio up."""
    page = await context.new_page()
    await page.goto(f"{site.url}/agent/")
    join = page.get_by_role("button", name="Join")
    await expect(join.or_(page.get_by_role("button", name="Go ready"))).to_be_visible(timeout=WAIT_MS)
    if await join.is_visible():
        await join.click()
    await room.got("join")
    await expect(page.get_by_role("button", name="Go ready")).to_be_visible(timeout=WAIT_MS)
    return page


async def check_and_go_ready(page: Page, room: Room) -> None:
    """Through the audio check to ready."""
    await page.keyboard.press("r")
    dialog = page.get_by_role("dialog", name="Audio check")
    await dialog.get_by_role("button", name="Go ready").click(timeout=WAIT_MS)
    await room.got("ready")
    await room.state("ready")
    await expect(page.get_by_role("heading", name="Ready for the next call")).to_be_visible()


async def test_ready_goes_through_the_audio_check_once(page: Page, room: Room):
    await check_and_go_ready(page, room)
    await room.state("paused")
    await page.get_by_role("button", name="Go ready").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await room.got("ready", times=2)


async def test_a_call_is_shown_talked_and_disposed_by_keys_alone(page: Page, room: Room):
    await check_and_go_ready(page, room)
    await room.connect()
    await expect(page.get_by_role("heading", name=LEAD["name"])).to_be_visible()
    assert (await room.got("shown")).args == {"call": CALL_ID}
    await page.keyboard.press("m")
    assert (await room.got("mute")).args == {"on": True}
    await page.keyboard.press("h")
    assert (await room.got("hold")).args == {"on": True}
    await page.keyboard.press("k")
    await page.get_by_role("group", name="Keypad").get_by_role("button", name="5", exact=True).click()
    assert (await room.got("dtmf")).args == {"digits": "5"}
    await page.keyboard.press("e")
    await room.got("hangup")
    await end_call(room)
    await page.get_by_role("heading", name="What became of it?").wait_for()
    await page.keyboard.press("x")
    await room.got("extend_wrapup")
    await page.keyboard.press("n")
    await page.keyboard.type("Wants the brochure")
    await page.keyboard.press("Tab")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("1")
    said = (await room.got("dispose")).args
    assert said == {"call": CALL_ID, "disposition": 1, "notes": "Wants the brochure", "then": "ready"}


async def end_call(room: Room) -> None:
    now = time.time()
    await room.call("ended", connected_at=now - 60, ended_at=now, end_reason="far")
    await room.state("wrapup", wrapup_until=now + 45)


async def test_a_callback_takes_two_actions_and_the_leads_own_time(page: Page, room: Room):
    await room.connect()
    await end_call(room)
    await expect(page.get_by_role("heading", name="What became of it?")).to_be_visible()
    await page.keyboard.press("2")
    chip = page.get_by_role("button", name="Tomorrow 10 AM")
    await chip.click()
    said = (await room.got("dispose")).args
    at = time.gmtime(said["callback_at"])
    assert said["callback_mine"] is True
    assert (at.tm_hour, at.tm_min) in {(14, 0), (15, 0)}
    assert 0 < said["callback_at"] - time.time() < 48 * 3600


async def test_a_key_does_nothing_while_the_agent_types(page: Page, room: Room):
    await room.connect()
    await page.get_by_label("Email").click()
    await page.keyboard.type("em1")
    await page.wait_for_timeout(300)
    assert not room.commands("hangup")
    assert not room.commands("mute")


async def test_a_lead_field_is_saved_when_left(page: Page, room: Room):
    await room.connect()
    await page.get_by_label("Email").fill("new@moor.example")
    await page.keyboard.press("Tab")
    assert (await room.got("save_lead")).args == {"fields": {"email": "new@moor.example"}}
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()


async def test_a_reload_in_a_call_comes_back_to_the_call_with_audio(page: Page, room: Room):
    await room.connect()
    await expect(page.get_by_role("heading", name=LEAD["name"])).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name=LEAD["name"])).to_be_visible()
    await expect(page.get_by_role("button", name="Audio: Good")).to_be_visible(timeout=WAIT_MS)
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_second_tab_asks_before_it_takes_over(
    page: Page, room: Room, context: BrowserContext, site: Site
):
    second = await context.new_page()
    await second.goto(f"{site.url}/agent/")
    await second.get_by_role("button", name="Take over here").click(timeout=WAIT_MS)
    await expect(page.get_by_role("dialog", name="Another tab took over")).to_be_visible(timeout=WAIT_MS)
    await expect(second.get_by_role("button", name="Go ready")).to_be_visible()
    await expect(second.get_by_role("dialog")).to_have_count(0)


async def test_a_refused_number_says_why_in_the_dialog(page: Page, room: Room):
    from dialer.bus import schemas

    room.answers["dial"] = schemas.Failed(code="refused", message="This number is on the do-not-call list.")
    await page.keyboard.press("d")
    await page.get_by_label("Number, with area code").fill("(518) 555-0123")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_text("on the do-not-call list.")).to_be_visible()


async def test_a_lost_connection_shows_a_banner_within_two_seconds_and_comes_back(page: Page, room: Room):
    await room.connect()
    await expect(page.get_by_role("heading", name=LEAD["name"])).to_be_visible()
    started = time.monotonic()
    await page.context.set_offline(True)
    await expect(page.get_by_text("The connection is lost. Your call goes on.")).to_be_visible()
    assert time.monotonic() - started < 2.0
    await topics.publish(room.redis, room.topic, "script", "Changed meanwhile")
    await page.context.set_offline(False)
    await expect(page.get_by_text("Changed meanwhile")).to_be_visible(timeout=WAIT_MS)
    await expect(page.get_by_text("The connection is lost.")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_state(page: Page, room: Room, scheme: str):
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert await violations(page) == {}, "paused"
    await room.connect()
    await page.get_by_role("heading", name=LEAD["name"]).wait_for()
    assert await violations(page) == {}, "on call"
    await end_call(room)
    await page.get_by_role("heading", name="What became of it?").wait_for()
    await page.keyboard.press("2")
    assert await violations(page) == {}, "wrap-up with a callback"
    await room.clear()
    await room.state("paused")
    for key in ("r", "d", "p", "?"):
        await page.get_by_role("button", name="Go ready").wait_for()
        await page.keyboard.press(key)
        await page.get_by_role("dialog").wait_for()
        assert await violations(page) == {}, key
        await page.keyboard.press("Escape")


async def violations(page: Page) -> dict[str, list[str]]:
    """What axe finds: rule → where."""
    await page.wait_for_timeout(200)
    found = (await Axe().run(page, options={"runOnly": AXE_RULES})).response["violations"]
    return {each["id"]: [node["target"] for node in each["nodes"]] for each in found}


async def test_nothing_scrolls_at_1366_by_768(page: Page, room: Room):
    root = "document.documentElement"
    overflow = f"[{root}.scrollHeight - innerHeight, {root}.scrollWidth - innerWidth]"
    for step in (room.connect, lambda: end_call(room)):
        await step()
        await page.wait_for_timeout(200)
        assert await page.evaluate(overflow) == [0, 0]


async def test_callback_times_are_right_across_a_clock_change(page: Page):
    """New York leaves daylight time on 2026-11-01 at 2:00; 10:00 the next morning is 15:00 UTC, not 14:00."""
    saturday_evening = 1_793_484_000  # 2026-10-31 18:00 EDT
    offered = await page.evaluate(
        """async (now) => (await import("/static/js/console/times.js")).callbackChoices(now, "America/New_York")""",
        saturday_evening,
    )
    times = {choice["label"]: choice["at"] for choice in offered}
    assert times["Tomorrow 10 AM"] == saturday_evening + (6 + 10 + 1) * 3600
    assert all(
        8 <= (time.gmtime(at - (4 if at < 1_793_512_800 else 5) * 3600).tm_hour) < 21 for at in times.values()
    )


async def test_a_script_merges_fields_as_text_never_as_markup(page: Page, room: Room):
    await room.connect()
    await room.put("lead", LEAD | {"first_name": "<img src=x onerror=alert(1)>"})
    await expect(page.locator(".script .merged").first).to_have_text("<img src=x onerror=alert(1)>")
    assert await page.locator(".script img").count() == 0
