"""axe finds no breach of WCAG 2.2 AA on any page, in light and dark; new pages are found by themselves."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.choices import Capability
from accounts.middleware import API_KEY, PUBLIC, access_of
from tests.reporting.floor_state import busy_floor, publish_all

from .addresses import NOTHING, PAGES_OF_THE_PROJECT
from .site import running_browser, running_site, sign_in

pytestmark = pytest.mark.browser
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],
}
"""In the dark only colours differ."""
CALL = f"{3:032x}"
DETAILS = [
    ("", "/welcome/x/y/"),
    ("ada", "/people/2/"),
    ("amy", "/people/"),
    ("rita", "/floor/"),
    ("sam", "/calls/?number=12"),
    ("sam", f"/calls/{CALL}/"),
    ("rita", f"/calls/{CALL}/"),
    ("sam", "/nothing-here/"),
    ("sam", "/compliance/consent/?number=%2B12125550123"),
    ("sam", "/campaigns/"),
    ("sam", "/campaigns/new/"),
    ("sam", "/campaigns/1/"),
    ("rita", "/campaigns/1/"),
    ("sam", "/campaigns/1/dispositions/"),
    ("sam", "/campaigns/1/recycling/"),
    ("sam", "/campaigns/1/message/"),
    ("sam", "/campaigns/1/agents/"),
    ("rita", "/campaigns/1/agents/"),
    ("ada", "/people/2/skills/"),
    ("sam", "/leads/skills/"),
    ("sam", "/leads/"),
    ("sam", "/leads/search/"),
    ("sam", "/leads/1/"),
    ("rita", "/leads/1/"),
    ("sam", "/leads/lists/1/"),
    ("sam", "/leads/lists/1/add/"),
    ("sam", "/leads/callbacks/"),
    ("sam", "/leads/imports/"),
    ("sam", "/leads/imports/new/"),
    ("ada", "/trunks/"),
    ("ada", "/trunks/1/"),
    ("ada", "/trunks/new/"),
    ("ada", "/compliance/caller-ids/"),
    ("rita", "/compliance/caller-ids/"),
    ("sam", "/compliance/caller-ids/1/"),
    ("ada", "/compliance/caller-ids/1/change/"),
    ("ada", "/compliance/caller-ids/new/"),
    ("ada", "/compliance/caller-ids/new/many/"),
    ("sam", "/do-not-call/"),
    ("sam", "/compliance/lists/"),
    ("sam", "/compliance/lists/1/"),
    ("sam", "/compliance/lists/3/"),
    ("ada", "/compliance/signing/1/"),
    ("ada", "/compliance/signing/certificates/1/"),
    ("ada", "/compliance/signing/certificates/2/"),
    ("ada", "/compliance/rules/us-al/"),
    ("sam", "/compliance/rules/us-fl-calls/"),
    ("sam", "/what-if/1/"),
    ("sam", "/what-if/?from=1"),
]
"""(user name of tests/accounts/seed.py, or empty for nobody; address). Add pages whose address has a key in it."""

NO_PAGES = frozenset(
    {
        "/calls/export/",
        "/compliance/report/csv/",
        "/compliance/report/pdf/",
        "/compliance/lists/prefixes/add/",
        "/compliance/consent/export/",
        "/compliance/consent/files/new/",
        "/compliance/consent/reassigned-queries/",
        "/compliance/consent/record/",
        "/compliance/consent/revoke/",
        "/compliance/signing/authorities/",
        "/do-not-call/add/",
        "/do-not-call/remove/",
        "/floor/hour/",
        "/profile/password/",
        "/sign-out/",
    }
)
"""Addresses that take a POST, or answer with data: nothing to look at."""


def everybody(access: str | None) -> str:
    """Somebody who may open a page with this mark."""
    return {PUBLIC: "", Capability.TAKE_CALLS: "amy"}.get(access, "ada")


PAGES = DETAILS + [
    (everybody(access_of(view)), address)
    for address, view in PAGES_OF_THE_PROJECT.items()
    if NOTHING not in address and access_of(view) != API_KEY and address not in NO_PAGES
]


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
            answer = page.request.get(site.url + address)
            assert answer.status < 500
            if answer.status == 405 or not answer.headers.get("content-type", "").startswith("text/html"):
                return None
            page.goto(site.url + address)
            page.wait_for_selector("tr[data-agent]" if address == "/floor/" else "h1")
            return page

        yield open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("username", "address"), PAGES)
def test_axe_finds_nothing(username, address, scheme, open_page):
    page = open_page(username, address, scheme)
    assert page is not None, "not a page to look at: if that is meant, add the address to NO_PAGES"
    results = Axe().run(page, options={"runOnly": RULES[scheme]}).response
    found = [(each["id"], [node["target"] for node in each["nodes"]]) for each in results["violations"]]
    assert results["passes"], "axe must have looked at something"
    assert found == []
