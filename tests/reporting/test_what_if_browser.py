"""A supervisor asks in a browser, watches the bar, and sees the plots."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.accounts.site import ROOT, running_browser, running_site, sign_in

pytestmark = pytest.mark.browser
WORKER = ["-m", "celery", "-A", "dialer.celery", "worker", "--pool=threads", "-c", "1", "--without-mingle"]
ANSWERED_WITHIN_MS = 90_000
STOP_LIMIT_S = 20


@pytest.fixture
def worked_site(tmp_path, redis_url):
    """A site with the worker of its background work."""
    with running_site(tmp_path, redis_url) as site:
        environment = os.environ | {"PACELINE_DATA": str(tmp_path), "REDIS_URL": redis_url}
        with (
            (tmp_path / "worker.log").open("w") as log,
            subprocess.Popen(
                [sys.executable, *WORKER], cwd=ROOT, env=environment, stdout=log, stderr=log
            ) as worker,
        ):
            yield site
            worker.terminate()
            worker.wait(STOP_LIMIT_S)


def test_a_supervisor_asks_watches_and_compares(worked_site):
    with running_browser() as browser:
        page = sign_in(browser, worked_site, "sam")
        problems = []
        page.on("pageerror", lambda error: problems.append(error))
        page.goto(f"{worked_site.url}/campaigns/1/")
        page.get_by_role("link", name="What if", exact=True).last.click()
        page.get_by_label("Agents now").fill("2")
        page.get_by_label("What if 1: Agents").fill("3")
        page.get_by_label("Hours").fill("0.25")
        page.get_by_label("Days simulated").fill("1")
        page.get_by_role("button", name="Simulate").click()
        heading = page.get_by_role("heading", name="3 agents, compared with now")
        expect(heading).to_be_visible(timeout=ANSWERED_WITHIN_MS)
        expect(page.get_by_role("img", name="Occupancy")).to_be_visible()
        expect(page.get_by_role("img", name="Lines dialing, ringing or waiting")).to_be_visible()
        page.get_by_role("link", name="Change and ask again").click()
        expect(page.get_by_label("What if 1: Agents")).to_have_value("3")
        assert problems == []
