"""axe finds no breach of WCAG 2.2 AA on any page, in light and dark. Add each new page to ``PAGES``."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.reporting.floor_state import busy_floor, publish_all

from .site import running_browser, running_site, sign_in

pytestmark = pytest.mark.browser
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],
}
"""In the dark only colours differ."""
CALL = f"{3:032x}"
PAGES = [
    ("", "/sign-in/"),
    ("", "/welcome/x/y/"),
    ("ada", "/people/"),
    ("ada", "/people/new/"),
    ("ada", "/people/2/"),
    ("ada", "/organisation/"),
    ("ada", "/audit/"),
    ("ada", "/integrations/"),
    ("ada", "/integrations/webhooks/new/"),
    ("ada", "/integrations/keys/"),
    ("ada", "/integrations/keys/new/"),
    ("ada", "/integrations/deliveries/"),
    ("amy", "/profile/"),
    ("amy", "/people/"),
    ("sam", "/floor/"),
    ("rita", "/floor/"),
    ("sam", "/calls/"),
    ("sam", "/calls/?number=12"),
    ("sam", f"/calls/{CALL}/"),
    ("rita", f"/calls/{CALL}/"),
    ("sam", "/nothing-here/"),
]
"""(user name of tests/accounts/seed.py, or empty for nobody; address)."""


@pytest.fixture(scope="module")
def site(tmp_path_factory, redis_url):
    with running_site(tmp_path_factory.mktemp("site"), redis_url) as site:
        publish_all(site.redis_url, organisation=1, entries=busy_floor(campaign=1, agents=[(4, "Amy Stone")]))
        yield site


@pytest.fixture(scope="module")
def open_page(site):
    """Gives the page at an address as a person sees it; one browser context a person and colour scheme."""
    with running_browser() as browser:
        pages = {}

        def open_page(username: str, address: str, scheme: str):
            if (username, scheme) not in pages:
                if username:
                    pages[username, scheme] = sign_in(browser, site, username, color_scheme=scheme)
                else:
                    pages[username, scheme] = browser.new_context(color_scheme=scheme).new_page()
            page = pages[username, scheme]
            page.goto(site.url + address)
            page.wait_for_selector("tr[data-agent]" if address == "/floor/" else "h1")
            return page

        yield open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("username", "address"), PAGES)
def test_axe_finds_nothing(username, address, scheme, open_page):
    page = open_page(username, address, scheme)
    results = Axe().run(page, options={"runOnly": RULES[scheme]}).response
    found = [(each["id"], [node["target"] for node in each["nodes"]]) for each in results["violations"]]
    assert results["passes"], "axe must have looked at something"
    assert found == []
