"""The supervisor's live page in a real browser: what is published is seen, what is pressed is done."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.accounts.site import running_browser, running_site, sign_in

from .floor_state import busy_floor, publish_all

pytestmark = pytest.mark.browser
AGENTS = [(4, "Amy Stone"), (5, "Ben Hale"), (6, "Carla Diaz")]
SPRING = 1


@pytest.fixture(scope="module")
def site(tmp_path_factory, redis_url):
    with running_site(tmp_path_factory.mktemp("site"), redis_url) as site:
        publish_all(site.redis_url, 1, busy_floor(SPRING, AGENTS))
        yield site


@pytest.fixture(scope="module")
def browser():
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def page(browser, site):
    """The floor of a supervisor; the tests of this module follow each other on it."""
    page = sign_in(browser, site, "sam")
    page.goto(f"{site.url}/floor/")
    return page


@pytest.fixture
def publish(site):
    """Publishes one entry of the floor's topic."""
    return lambda type_, id_, data: publish_all(site.redis_url, 1, [(type_, id_, data)])


def test_tiles_tell_figure_window_and_limit(page):
    abandoned = page.locator("#tile-abandoned")
    expect(abandoned).to_contain_text("2.50 %")
    expect(abandoned).to_contain_text("near the limit: 103 of 4,120 answered; limit 3.0 %")
    expect(abandoned).to_have_class(re.compile("warn"))
    expect(page.locator("#tile-agents")).to_contain_text("1 on call")
    expect(page.locator("#tile-lines")).to_contain_text("9 ringing")
    expect(page.locator("#tile-answer")).to_contain_text("612 of 1,840 placed")
    expect(page.locator("#tile-occupancy")).to_contain_text("67 %")
    expect(page.locator("#tile-hour .tile-value")).to_have_text(re.compile(r"1[78]\d"))
    assert page.locator(".tile").count() <= 6


def test_an_agent_shows_state_in_words_clock_and_masked_number(page):
    row = page.locator("tr[data-agent='4']")
    expect(row).to_contain_text("On call")
    expect(row).to_contain_text("+1518…42")
    expect(row.locator(".age")).to_have_text(re.compile(r"\d:\d\d"))


def test_a_change_is_seen_within_a_second(page, publish):
    agent = dict(busy_floor(SPRING, AGENTS)[1][2]) | {
        "state": "paused",
        "reason": "Lunch",
        "since": time.time(),
    }
    publish("agent", "5", agent)
    expect(page.locator("tr[data-agent='5']")).to_contain_text("Paused", timeout=1000)


def test_a_state_that_lasts_too_long_is_marked_in_words_too(page, publish):
    agent = dict(busy_floor(SPRING, AGENTS)[2][2]) | {"state": "wrapup", "since": time.time() - 90}
    publish("agent", "6", agent)
    age = page.locator("tr[data-agent='6'] .age")
    expect(age).to_have_class(re.compile("too-long"))
    expect(age).to_contain_text("too long")


def test_a_resting_trunk_says_why_and_until_when(page):
    trunk = page.locator("[data-trunk='2']")
    expect(trunk).to_contain_text("Resting")
    expect(trunk).to_contain_text("503 Service Unavailable. Tried again in 0:")


def test_refusals_are_named_in_words(page):
    refused = page.get_by_role("region", name="Refused in 24 hours")
    expect(refused).to_contain_text("Outside the calling window")
    expect(refused).to_contain_text("212")


def test_figures_of_a_silent_engine_are_called_old_and_turn_grey(page, publish):
    publish("daemon", "", {"alive_at": time.time() + 60})
    expect(page.locator("#freshness")).to_have_text("Live")
    publish("daemon", "", {"alive_at": time.time() - 75})
    expect(page.locator("#freshness")).to_contain_text("Engine silent for 1:1")
    expect(page.locator(".board")).to_have_class(re.compile("stale"))


def test_pausing_a_campaign_takes_one_key_and_is_answered(page):
    row = page.locator(f"tr[data-campaign='{SPRING}']")
    row.get_by_role("button", name="Pause Spring renewals").focus()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Paused")
    expect(page.locator("#toasts")).to_contain_text("Spring renewals is paused")
    expect(page.locator("#floor p[role=status]")).to_have_text("Spring renewals is Paused.")


def test_what_cannot_be_done_is_answered_with_the_reason(page):
    page.get_by_role("button", name="Start Win back").click()
    expect(page.locator("#toasts")).to_contain_text("no active caller ID")


def test_stopping_all_dialing_asks_once_with_the_number_of_live_calls(page):
    page.get_by_role("button", name="Stop all dialing").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("16 calls are live now")
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Stop all dialing").click()
    question.get_by_role("button", name="Stop all dialing").click()
    expect(page.locator("#stopped")).to_contain_text("by Sam Okafor")


def test_others_see_the_stop_and_readers_cannot_lift_it(browser, site):
    reader = sign_in(browser, site, "rita")
    reader.goto(f"{site.url}/floor/")
    expect(reader.locator("#stopped")).to_contain_text("All dialing is stopped")
    expect(reader.locator(f"tr[data-campaign='{SPRING}']")).to_be_visible()
    assert reader.locator("#floor button:not([aria-label='Full screen'])").count() == 0
    reader.context.close()


def test_dialing_goes_on_when_it_is_let(page):
    page.get_by_role("button", name="Let dialing go on").click()
    expect(page.locator("#stopped")).to_have_count(0)


def test_the_page_comes_back_after_the_network_was_away(page, publish):
    page.context.set_offline(True)
    expect(page.locator("#freshness")).to_contain_text("Not connected")
    agent = dict(busy_floor(SPRING, AGENTS)[1][2]) | {"state": "ready", "since": time.time()}
    publish("agent", "5", agent)
    page.context.set_offline(False)
    expect(page.locator("tr[data-agent='5']")).to_contain_text("Ready", timeout=15_000)
