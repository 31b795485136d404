"""A person at a real Chromium talks with people whom the system has dialed, over real SIP."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Hire, Person
from .installation import until
from .listening import Tape
from .office import SUPERVISOR, TALKS, Office

pytestmark = [pytest.mark.stack, pytest.mark.browser]
SILENCE_LEVEL = 30.0
"""Root mean square; a voice has thousands."""
BEEP_GAPS_S = (0.4, 1.1)
SCREEN_LIMIT_S = 1.0
BACK_LIMIT_S = 10.0
"""From the reload until lead and agent hear each other again; grace ends after 15 s."""
KEYS_S = 2.0
"""Longer than two keys sound one after the other."""
FLOOR_LIMIT_MS = 3000
"""The floor changes twice a second and is drawn five times a second; the rest is a machine under load."""


def test_both_hear_each_other_and_the_lead_is_on_screen_with_the_first_word(
    office: Office, hire: Hire, record_property
) -> None:
    amy = hire.agent("amy")
    amy.sign_in()
    amy.join(TALKS)
    check = amy.begin_audio_check()
    assert amy.speaker.listen(1.0).max() < SILENCE_LEVEL, "nothing is heard before a call"
    check.get_by_role("button", name="Go ready").click()
    name, number = amy.wait_for_call()
    expect(amy.call).to_contain_text(f"({number[2:5]}) {number[5:8]}-{number[8:]}")
    amy.speaker.wait_for_voice(number)
    gaps = np.diff(Tape(office.tapes, number).wait_for_beeps(5))
    assert ((gaps > BEEP_GAPS_S[0]) & (gaps < BEEP_GAPS_S[1])).all(), gaps
    amy.finish_call("1")
    far_end, record = office.far_end(number), office.ended_call_to(number)
    screen_s = amy.saw_heading_at(name) - far_end["answered_at"]
    record_property("screen_after_answer_s", screen_s)
    assert screen_s < SCREEN_LIMIT_S
    assert far_end["rtp_in"] > 0
    assert (far_end["ended_by"], record["ended_by"], record["outcome"]) == ("caller", "us", "connected")
    assert record["screen_at"]
    assert record["heard_at"]


def test_a_reload_in_mid_call_comes_back_to_the_call_with_its_lead_and_its_audio(
    office: Office, hire: Hire, record_property
) -> None:
    ben = hire.agent("ben")
    ben.start_work(TALKS)
    name, number = ben.wait_for_call()
    ben.speaker.wait_for_voice(number)
    before, tape = office.call_to(number), Tape(office.tapes, number)
    tape.wait_for_beeps()
    began = time.monotonic()
    ben.page.reload()
    assert ben.wait_for_call() == (name, number)
    ben.speaker.wait_for_voice(number)
    tape.wait_for_beeps(1)
    back_s = time.monotonic() - began
    record_property("back_after_reload_s", back_s)
    assert back_s < BACK_LIMIT_S
    assert ben.speaker.plays()
    after = office.call_to(number)
    assert (after["id"], after["stage"], after["ended_at"]) == (before["id"], "connected", None)
    ben.finish_call("1")
    assert office.far_end(number)["ended_by"] == "caller"


def test_mute_hold_and_keypad_reach_the_lead(office: Office, hire: Hire) -> None:
    cleo = hire.agent("cleo")
    cleo.start_work(TALKS)
    _, number = cleo.wait_for_call()
    tape = Tape(office.tapes, number)
    tape.wait_for_beeps()
    cleo.page.keyboard.press("m")
    muted = cleo.call.get_by_role("button", name="Muted")
    expect(muted).to_have_attribute("aria-pressed", "true")
    tape.wait_for_quiet(2.0)
    cleo.page.keyboard.press("m")
    tape.wait_for_beeps()

    cleo.page.keyboard.press("h")
    expect(cleo.state).to_contain_text("On hold")
    tape.wait_for_quiet(2.0)
    assert cleo.speaker.listen(2.0)[-50:].max() < SILENCE_LEVEL, "the agent hears nothing of a lead on hold"
    cleo.page.keyboard.press("h")
    expect(cleo.state).to_contain_text("On call")
    cleo.speaker.wait_for_voice(number)
    tape.wait_for_beeps()

    cleo.page.keyboard.press("k")
    keypad = cleo.page.get_by_role("group", name="Keypad")
    for key in "5#":
        keypad.get_by_role("button", name=key, exact=True).click()
    tape.wait_for_seconds(KEYS_S)
    cleo.finish_call("1")
    assert office.far_end(number)["digits"] == "5#"


def test_wrap_up_counts_down_a_key_disposes_and_the_next_call_comes(office: Office, hire: Hire) -> None:
    dora = hire.agent("dora")
    dora.start_work(TALKS)
    _, first = dora.wait_for_call()
    dora.page.keyboard.press("e")
    expect(dora.page.get_by_role("heading", name="What became of it?")).to_be_visible()
    left = dora.call.get_by_text("to wrap up")
    shown = left.inner_text()
    assert re.match(r"1:0[01]|0:[0-5]\d", shown), shown
    expect(left).not_to_have_text(shown)
    dora.page.keyboard.press("x")
    expect(left).to_contain_text(re.compile(r"1:[0-5]\d"))
    dora.page.keyboard.press("1")
    expect(dora.page.get_by_text("Saved: Sale.")).to_be_visible()
    _, second = dora.wait_for_call()
    assert second != first

    dora.page.keyboard.press("p")
    dora.page.get_by_role("dialog").get_by_role("button", name="Break").click()
    expect(dora.page.get_by_text("Next: Paused (Break)")).to_be_visible()
    dora.finish_call("2")
    expect(dora.state).to_contain_text("Paused · Break")
    dora.page.get_by_text("Dora").click()
    dora.button("Sign out of the console").click()
    expect(dora.page.get_by_role("dialog", name="You have signed out of the console")).to_be_visible()
    dispositions = [office.disposition_of(number) for number in (first, second)]
    assert dispositions == ["Sale", "Not interested"]


def test_the_record_of_a_call_shows_every_time(office: Office, hire: Hire) -> None:
    eli, sam = hire.agent("eli"), hire.person(SUPERVISOR)
    eli.start_work(TALKS)
    name, number = eli.wait_for_call()
    eli.speaker.wait_for_voice(number)
    eli.finish_call("1")
    call = until(
        lambda: (c := office.ended_call_to(number))["disposed_at"] and c, 20, "the call is disposed of"
    )
    sam.sign_in()
    sam.page.goto(f"{office.url}/calls/{call['id']}/")
    times = sam.page.get_by_role("region", name="Times")
    for word in ("Placed", "Ringing", "Answered", "Connected", "Ended"):
        expect(times).to_contain_text(re.compile(rf"{word}\s*\d\d:\d\d:\d\d"))
    who = sam.page.get_by_role("region", name="Who and how")
    for words in ("Eli", name, "Sale", "Practice carrier"):
        expect(who).to_contain_text(words)


def test_a_second_tab_takes_the_call_only_when_it_is_asked_to(office: Office, hire: Hire) -> None:
    fay = hire.agent("fay")
    fay.start_work(TALKS)
    name, number = fay.wait_for_call()
    fay.speaker.wait_for_voice(number)
    other = fay.second_tab()
    asks = other.page.get_by_role("dialog", name="The console is open in another tab")
    expect(asks).to_be_visible()
    fay.speaker.wait_for_voice(number)
    fay.page.keyboard.press("h")
    expect(fay.state).to_contain_text("On hold")
    fay.page.keyboard.press("h")
    expect(fay.state).to_contain_text("On call")

    asks.get_by_role("button", name="Take over here").click()
    expect(fay.page.get_by_role("dialog", name="Another tab took over")).to_be_visible()
    assert other.wait_for_call() == (name, number)
    other.speaker.wait_for_voice(number)
    Tape(office.tapes, number).wait_for_beeps()
    other.finish_call("1")
    assert office.ended_call_to(number)["ended_by"] == "us"


def test_the_floor_follows_the_agent_and_can_stop_all_dialing(office: Office, hire: Hire) -> None:
    gus, sam = hire.agent("gus"), hire.person(SUPERVISOR)
    sam.sign_in()
    sam.page.goto(f"{office.url}/floor/")
    gus.sign_in()
    gus.join(TALKS)
    row = sam.page.get_by_role("row").filter(has=sam.page.get_by_role("rowheader", name="Gus"))
    expect(row).to_contain_text("Paused", timeout=FLOOR_LIMIT_MS)
    gus.go_ready()
    _, number = gus.wait_for_call()
    expect(row).to_contain_text("On call", timeout=FLOOR_LIMIT_MS)
    gus.page.keyboard.press("h")
    expect(gus.state).to_contain_text("On hold")
    expect(row).to_contain_text("Lead on hold", timeout=FLOOR_LIMIT_MS)
    gus.page.keyboard.press("h")
    expect(row).to_contain_text("On call", timeout=FLOOR_LIMIT_MS)

    stop_all(sam)
    stopped_at = time.time()
    gus.speaker.wait_for_voice(number)
    gus.finish_call("1")
    expect(row).to_contain_text("Ready", timeout=FLOOR_LIMIT_MS)
    expect(gus.page.get_by_text("All dialing is stopped by Sam")).to_be_visible()
    going_on_at = time.time()
    sam.page.get_by_role("button", name="Let dialing go on").click()
    gus.wait_for_call()
    assert office.calls_placed_between(stopped_at, going_on_at) == 0


def stop_all(supervisor: Person) -> None:
    """Throw the switch and confirm it."""
    supervisor.page.get_by_role("button", name="Stop all dialing").click()
    sure = supervisor.page.get_by_role("dialog", name="Stop all dialing?")
    sure.get_by_role("button", name="Stop all dialing").click()
    expect(supervisor.page.get_by_text("All dialing is stopped since")).to_be_visible()
