"""An agent's console in a real Chromium: what a person does there, by the words on the page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, expect, sync_playwright

from tests.requirements import need_program

from .listening import Speaker
from .office import PASSWORD, PEOPLE, Office

FLAGS = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
"""A microphone that beeps, and nobody to ask for it."""
VIEWPORT = {"width": 1366, "height": 768}
WAIT_MS = 20_000
CALL_LIMIT_MS = 30_000
expect.set_options(timeout=WAIT_MS)
TAP = Path(__file__).with_name("page_tap.js").read_text()


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """A Chromium without a window; skips or fails where there is none."""
    path = need_program("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody at a browser; ``page`` is one of their tabs."""

    def __init__(self, context: BrowserContext, office: Office, username: str) -> None:
        self.context, self.office, self.username = context, office, username
        self.page = context.new_page()

    def sign_in(self) -> None:
        """Through the form."""
        self.page.goto(self.office.url)
        self.page.get_by_label("User name").fill(self.username)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url, wait_until="commit")


class Agent(Person):
    """An agent at their console."""

    @property
    def speaker(self) -> Speaker:
        """What the agent hears."""
        return Speaker(self.page)

    @property
    def call(self) -> Locator:
        """The card of the call."""
        return self.page.get_by_role("region", name="Call", exact=True)

    @property
    def state(self) -> Locator:
        """The agent's state in the bar."""
        return self.page.get_by_role("group", name="Your state")

    def button(self, name: str) -> Locator:
        """The button that begins with these words."""
        return self.page.get_by_role("button", name=name).first

    def join(self, campaign: str) -> None:
        """Choose the campaign from the list."""
        self.page.get_by_role("button", name=f"Join {campaign}").click()
        expect(self.state).to_contain_text("Paused")

    def begin_audio_check(self) -> Locator:
        """Press Ready for the first time; returns the check, passed."""
        self.page.keyboard.press("r")
        check = self.page.get_by_role("dialog", name="Audio check")
        expect(check.locator("footer").get_by_role("status")).to_have_text("")
        expect(check.get_by_role("button", name="Go ready")).to_be_enabled()
        return check

    def go_ready(self) -> None:
        """For the first time: through the audio check."""
        self.begin_audio_check().get_by_role("button", name="Go ready").click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def start_work(self, campaign: str) -> None:
        """From the sign-in to ready."""
        self.sign_in()
        self.join(campaign)
        self.go_ready()

    def wait_for_call(self) -> tuple[str, str]:
        """Until a lead is connected; returns its name and number."""
        expect(self.state).to_contain_text("On call", timeout=CALL_LIMIT_MS)
        name = self.lead_name()
        return name, PEOPLE[name]

    def lead_name(self) -> str:
        """The name on the card."""
        return self.call.get_by_role("heading", level=1).inner_text()

    def finish_call(self, key: str) -> None:
        """Hang up and dispose by key."""
        self.page.keyboard.press("e")
        expect(self.state).to_contain_text("Wrap-up")
        self.page.keyboard.press(key)
        expect(self.state).not_to_contain_text("Wrap-up")

    def second_tab(self) -> Agent:
        """The same agent in another tab of the same browser."""
        other = Agent(self.context, self.office, self.username)
        other.page.goto(f"{self.office.url}/agent/")
        return other

    def saw_heading_at(self, text: str) -> float:
        """Unix time at which the page's first heading became this."""
        found = self.page.evaluate("text => tap.headings.find(h => h.text === text)?.at ?? 0", text)
        assert found, f"the heading “{text}” was never there"
        return float(found)


class Hire:
    """Makes people with a browser of their own each, and lets them go."""

    def __init__(self, browser: Browser, office: Office) -> None:
        self._browser, self._office = browser, office
        self._contexts: list[BrowserContext] = []

    def agent(self, username: str) -> Agent:
        """Somebody with the console."""
        return Agent(self._context(), self._office, username)

    def person(self, username: str) -> Person:
        """Somebody with the other pages."""
        return Person(self._context(), self._office, username)

    def _context(self) -> BrowserContext:
        context = self._browser.new_context(viewport=VIEWPORT, permissions=["microphone"])
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(TAP)
        self._contexts.append(context)
        return context

    def let_go(self) -> None:
        """Close all their windows."""
        for context in self._contexts:
            context.close()
