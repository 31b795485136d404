"""A whole site for browser tests: daphne on a free port with a scratch database, and a Chromium beside it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.requirements import need_program
from tests.scratch_database import put_database

from .seed import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
VIEWPORT = {"width": 1366, "height": 768}
START_LIMIT_S = 40


@dataclass(frozen=True)
class Site:
    """Where the pages are, and the Redis that they listen to."""

    url: str
    redis_url: str


@contextlib.contextmanager
def running_site(home: Path, redis_url: str) -> Iterator[Site]:
    """Seed and serve; ends the server afterwards."""
    environment = os.environ | {
        "PACELINE_DATA": str(home),
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "dialer.settings",
    }
    environment.pop("DATABASE_URL", None)
    put_database(home)
    subprocess.run([sys.executable, "-m", "tests.accounts.seed"], cwd=ROOT, env=environment, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    daphne = [
        sys.executable,
        "-m",
        "daphne",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "-v0",
        "dialer.asgi:application",
    ]
    with (
        open(home / "daphne.log", "w") as log,
        subprocess.Popen(daphne, cwd=ROOT, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            wait_until_served(f"http://127.0.0.1:{port}/sign-in/")
            yield Site(f"http://127.0.0.1:{port}", redis_url)
        finally:
            server.terminate()
            server.wait(10)


def wait_until_served(url: str) -> None:
    """Return when the page answers; raise when it does not in time."""
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=need_program("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def sign_in(browser: Browser, site: Site, username: str, **options: object) -> Page:
    """A page of a person who has just signed in, in a browser context of their own."""
    page = browser.new_context(viewport=VIEWPORT, **options).new_page()
    page.goto(f"{site.url}/sign-in/")
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(lambda url: "/sign-in/" not in url, wait_until="commit")
    return page
