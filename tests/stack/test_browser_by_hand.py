"""Numbers dialed by hand, leads looked at before they are dialed, and callbacks, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .browser import Agent, Hire
from .listening import Tape
from .office import BY_HAND, PREVIEWS, SUPERVISOR, UNWANTED, Office, name_of, number_of

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def type_number(agent: Agent, number: str) -> None:
    """Into the dialog, as people write numbers."""
    agent.page.keyboard.press("d")
    dialog = agent.page.get_by_role("dialog", name="Dial a number")
    dialog.get_by_label("Number, with area code").fill(number)
    agent.page.keyboard.press("Enter")


def test_a_number_on_the_do_not_call_list_is_refused_in_words_and_another_connects(
    office: Office, hire: Hire
) -> None:
    amy = hire.agent("amy")
    amy.start_work(BY_HAND)
    type_number(amy, f"({UNWANTED[2:5]}) {UNWANTED[5:8]}-{UNWANTED[8:]}")
    dialog = amy.page.get_by_role("dialog", name="Dial a number")
    expect(dialog.get_by_role("alert")).to_contain_text("do-not-call list")
    assert office.calls_to(UNWANTED) == []
    amy.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    vera = number_of("Vera", "646")
    type_number(amy, f"{vera[2:5]} {vera[5:8]} {vera[8:]}")
    assert amy.wait_for_call() == (name_of("Vera", "646"), vera)
    amy.speaker.wait_for_voice(vera)
    Tape(office.tapes, vera).wait_for_beeps()
    amy.finish_call("1")
    assert office.ended_call_to(vera)["kind"] == "manual"


def test_a_lead_is_looked_at_then_skipped_or_dialed_and_a_callback_is_kept(
    office: Office, hire: Hire
) -> None:
    ben = hire.agent("ben")
    ben.start_work(PREVIEWS)
    expect(ben.state).to_contain_text("Preview")
    skipped = ben.lead_name()
    ben.page.keyboard.press("s")
    expect(ben.call.get_by_role("heading", level=1)).not_to_have_text(skipped)
    expect(ben.state).to_contain_text("Preview")
    offered = ben.lead_name()
    ben.page.keyboard.press("d")
    name, number = ben.wait_for_call()
    assert name == offered
    expect(ben.call).to_contain_text(f"{number[:5]}…{number[-2:]}")
    expect(ben.page.get_by_text(number[-7:])).to_have_count(0)
    ben.speaker.wait_for_voice(number)

    ben.page.keyboard.press("p")
    ben.page.get_by_role("dialog").get_by_role("button", name="Break").click()
    ben.page.keyboard.press("e")
    expect(ben.state).to_contain_text("Wrap-up")
    ben.page.keyboard.press("3")
    ben.button("Tomorrow 10 AM").click()
    expect(ben.state).to_contain_text("Paused")
    callbacks = ben.page.get_by_role("region", name="Your callbacks")
    expect(callbacks).to_contain_text(name)
    expect(callbacks).to_contain_text("Tomorrow 10:00 AM")
    sam = hire.person(SUPERVISOR)
    sam.sign_in()
    sam.page.goto(f"{office.url}/leads/callbacks/")
    row = sam.page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("10:00")
    expect(row).to_contain_text("Ben")
