"""Takes the pictures of ``docs/images``: the demo on scratch data, seen by an agent, a supervisor and an administrator.

.venv/bin/python docs/take_screenshots.py [NAME …]
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
IMAGES = HERE / "images"
LEADS = PROJECT / "campaigns" / "data" / "practice_leads.csv"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
VIEWPORT = ViewportSize(width=1366, height=768)
UP_LIMIT_S, STOP_LIMIT_S, WAIT_MS = 180.0, 30.0, 60_000
FLOW_MS = 40_000
"""How long calls flow before the pictures that show many of them."""
TALK_MS = 9_000
Picture = Callable[["Studio"], Page]


class Studio:
    """The running demo and a browser."""

    def __init__(self, browser: Browser, url: str, home: Path) -> None:
        self._browser, self.url, self.home = browser, url, home
        self._accounts = json.loads((home / "demo_accounts.json").read_text())
        self._pages: dict[str, Page] = {}

    def stranger(self) -> Page:
        """The page of somebody who has not signed in."""
        context = self._browser.new_context(viewport=VIEWPORT, permissions=["microphone"])
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(self.url)
        return page

    def page(self, role: str, path: str = "") -> Page:
        """The page of one of the demo's people, at this address."""
        if role not in self._pages:
            page = self._pages[role] = self.stranger()
            page.get_by_label("User name").fill(self._accounts[role]["username"])
            page.get_by_label("Password", exact=True).fill(self._accounts[role]["password"])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/sign-in/" not in url, wait_until="commit")
        if path:
            self._pages[role].goto(self.url + path)
        return self._pages[role]


# --- the pictures -----------------------------------------------------------------------------------------


def sign_in(studio: Studio) -> Page:
    """The door."""
    return studio.stranger()


def console_call(studio: Studio) -> Page:
    """A call, some seconds old."""
    page = studio.page("agent")
    page.get_by_role("button", name="Join Practice").click()
    page.get_by_role("button", name="Go ready").click()
    page.get_by_role("dialog").get_by_role("button", name="Go ready").click()
    expect(page.get_by_role("group", name="Your state")).to_contain_text("On call", timeout=WAIT_MS)
    page.wait_for_timeout(TALK_MS)
    return page


def console_wrapup(studio: Studio) -> Page:
    """After the same call, with a callback being chosen."""
    page = studio.page("agent")
    if page.get_by_role("button", name="Hang up").is_visible():
        page.keyboard.press("e")
    expect(page.get_by_role("heading", name="What became of it?")).to_be_visible()
    page.keyboard.press("3")
    expect(page.get_by_role("group", name="Call back at")).to_be_visible()
    return page


def floor(studio: Studio) -> Page:
    """Agents and lines at work."""
    page = studio.page("supervisor", "floor/")
    expect(page.get_by_role("rowheader", name="practice1")).to_be_visible()
    page.wait_for_timeout(FLOW_MS)
    return page


def calls(studio: Studio) -> Page:
    """The newest calls."""
    return studio.page("supervisor", "calls/")


def call(studio: Studio) -> Page:
    """The newest of those that were disposed of as a sale."""
    page = studio.page("supervisor", "calls/")
    page.get_by_role("row").filter(has_text="Sale").first.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Course")).to_be_visible()
    return page


def campaign(studio: Studio) -> Page:
    """The settings of the campaign."""
    return studio.page("administrator", "campaigns/1/")


def leads_import(studio: Studio) -> Page:
    """A checked file with a few rows that need repair."""
    file = studio.home / "spring_fair.csv"
    write_leads(file)
    page = studio.page("administrator", "leads/imports/new/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Name of the new list").fill("Spring fair")
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("button", name="Bring them in")).to_be_visible()
    return page


def write_leads(path: Path) -> None:
    """The first bundled leads, with the slips that real files have."""
    with LEADS.open(newline="") as source:
        rows = list(csv.reader(source))[:241]
    phone = rows[0].index("Phone")
    rows[17][phone], rows[60][phone], rows[61][phone] = "555-01", "", "call mornings"
    rows += rows[5:8]
    with path.open("w", newline="") as target:
        csv.writer(target).writerows(rows)


PICTURES: dict[str, Picture] = {
    "sign-in": sign_in,
    "console-call": console_call,
    "console-wrapup": console_wrapup,
    "floor": floor,
    "calls": calls,
    "call": call,
    "campaign": campaign,
    "import": leads_import,
}
"""In the order in which they are taken."""


# --- the demo ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def running_demo() -> Iterator[tuple[str, Path]]:
    """Address and data directory of a demo of our own; it is stopped and removed afterwards."""
    from dialer.drill.scratch import environment

    with tempfile.TemporaryDirectory(prefix="pl-", dir="/tmp") as name:
        # A short path: a Unix socket's may have 107 characters.
        home = Path(name)
        variables = environment(home, 0.0)
        log = home / "demo.log"
        with log.open("w") as output:
            command = [sys.executable, "-u", str(PROJECT / "manage.py"), "demo"]
            demo = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=output, stderr=output)  # noqa: S603
        try:
            wait_until_up(log)
            yield f"http://127.0.0.1:{variables['PACELINE_PORT']}/", home
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(STOP_LIMIT_S)


def wait_until_up(log: Path) -> None:
    """Return once the demo says that it is up; raise with its last words when it does not in time."""
    deadline = time.monotonic() + UP_LIMIT_S
    while "Paceline is up" not in log.read_text():
        if time.monotonic() > deadline:
            raise TimeoutError(log.read_text()[-2000:])
        time.sleep(0.2)


def main(names: list[str]) -> None:
    """Take all pictures, or those named (``console-wrapup`` needs ``console-call`` before it)."""
    IMAGES.mkdir(exist_ok=True)
    with running_demo() as (url, home), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        studio = Studio(browser, url, home)
        for name in names or PICTURES:
            page = PICTURES[name](studio)
            target = IMAGES / f"{name}.png"
            page.screenshot(path=target)
            print(f"{target.relative_to(PROJECT)}: {target.stat().st_size // 1024} KB", flush=True)
        browser.close()


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dialer.settings")
    main(sys.argv[1:])
