"""A campaign's panel on the floor in a real browser: the reason is whole, a change is looked at before it is saved."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.accounts.site import running_browser, running_site, sign_in

from .floor_state import busy_floor, pacing_of, publish_all

pytestmark = pytest.mark.browser
SPRING = 1
LONGEST = (
    "14 lines now, the next may miss an agent with over 12.1%, and the trunks take no more calls a second. 125 ready, "
    "114 out, 24% answered, abandoned 2.8% of 3.0%"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory, redis_url):
    with running_site(tmp_path_factory.mktemp("site"), redis_url) as site:
        publish_all(site.redis_url, 1, busy_floor(SPRING, [(4, "Amy Stone")]))
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


@pytest.fixture(scope="module")
def panel(page):
    """Spring's panel, opened by keyboard."""
    page.get_by_role("button", name="Pacing and settings of Spring renewals").focus()
    page.keyboard.press("Enter")
    return page.get_by_role("dialog", name="Spring renewals")


def test_the_reason_stands_whole_below_its_campaign(page, site):
    publish_all(
        site.redis_url, 1, [("pacing", str(SPRING), pacing_of(SPRING, time.time()) | {"text": LONGEST})]
    )
    row = page.locator(f"[data-why='{SPRING}'] td")
    expect(row).to_have_text(LONGEST)
    assert row.evaluate("cell => cell.scrollWidth <= cell.clientWidth")


def test_the_panel_opens_by_keyboard_and_says_what_limits_the_campaign(page, panel):
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("The trunks take no more calls now")
    expect(panel).to_contain_text("13 lines out, 22 wanted")
    expect(panel.get_by_role("region", name="What limited it")).to_contain_text("No more leads are due")
    expect(panel.get_by_role("region", name="Last hour").locator("canvas")).to_have_count(2)


def test_axe_finds_nothing_in_the_panel(page, panel):
    expect(panel.get_by_label("Method")).to_be_visible()
    found = Axe().run(page, context=".panel").response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


def test_a_change_is_looked_at_before_it_is_saved_and_then_has_an_author(panel):
    panel.get_by_label("Target").fill("2.5")
    panel.get_by_label("Lines at once").fill("60")
    panel.get_by_role("button", name="Look at the 2 changes").click()
    asked = panel.get_by_role("table", name="What changes")
    expect(asked.get_by_role("row", name="Target")).to_contain_text(re.compile(r"the limit.*→.*2\.5 %"))
    expect(asked.get_by_role("row", name="Lines at once")).to_contain_text(re.compile(r"100.*→.*60"))
    expect(panel.get_by_role("button", name="Save now")).to_be_focused()
    panel.get_by_role("button", name="Save now").click()
    expect(panel.get_by_role("status")).to_contain_text("Saved")
    expect(panel.get_by_role("region", name="Changed last")).to_contain_text("Lines at once: 100 → 60")
    expect(panel.get_by_role("region", name="Changed last")).to_contain_text("sam")


def test_only_what_the_method_uses_is_asked(panel):
    panel.get_by_label("Method").select_option("ratio")
    expect(panel.get_by_label("Lines a ready agent")).to_be_visible()
    expect(panel.get_by_label("Target")).to_have_count(0)
    expect(panel).to_contain_text("So many lines for each agent who is ready")
    panel.get_by_role("button", name="Undo").click()
    expect(panel.get_by_label("Method")).to_have_value("predictive")


def test_a_limit_above_the_law_cannot_be_looked_at(panel):
    limit = panel.get_by_label("Limit (%)")
    limit.fill("3.1")
    panel.get_by_role("button", name="Look at the change").click()
    expect(panel.get_by_role("button", name="Save now")).to_have_count(0)
    assert limit.evaluate("field => field.validity.rangeOverflow")
    panel.get_by_role("button", name="Undo").click()


def test_the_second_of_two_supervisors_sees_what_the_first_saved(browser, site, panel):
    panel.get_by_label("Lines at once").fill("80")
    panel.get_by_role("button", name="Look at the change").click()
    ada = sign_in(browser, site, "ada")
    ada.goto(f"{site.url}/campaigns/{SPRING}/")
    ada.get_by_label("Lines at once at most").fill("40")
    ada.get_by_role("button", name="Save the settings").click()
    question = ada.get_by_role("dialog")
    expect(question.get_by_role("row", name="Lines at once at most")).to_contain_text("40")
    question.get_by_role("button", name="Save now").click()
    expect(ada.get_by_text("Lines at once: 60 →")).to_be_visible()
    ada.context.close()
    panel.get_by_role("button", name="Save now").click()
    expect(panel.get_by_role("status")).to_contain_text(
        "ada changed the settings meanwhile: Lines at once is 40"
    )
    expect(panel.get_by_role("table", name="What changes")).to_contain_text(re.compile("40.*→.*80"))
    panel.get_by_role("button", name="Save now").click()
    expect(panel.get_by_role("status")).to_contain_text("Saved")
    expect(panel.get_by_role("region", name="Changed last")).to_contain_text("Lines at once: 40 → 80")


def test_escape_closes_the_panel_and_gives_the_focus_back(page, panel):
    panel.get_by_label("Method").focus()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.get_by_role("button", name="Pacing and settings of Spring renewals")).to_be_focused()
