"""The entries of the top navigation, in their order, each with the capability that its page asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from .choices import Capability
from .models import User


@dataclass(frozen=True)
class Entry:
    """One page in the navigation. ``setup`` puts it into the Set-up menu."""

    label: str
    view: str
    capability: Capability
    setup: bool = False


@dataclass(frozen=True)
class Section:
    """Several pages under one entry: it opens the first that the person may open, and is current on all of them."""

    label: str
    pages: tuple[Entry, ...]
    setup: bool = False


COMPLIANCE = Section(
    "Compliance",
    (
        Entry("Do not call", "compliance:dnc", Capability.MANAGE_DNC),
        Entry("Lists", "compliance:lists", Capability.MANAGE_DNC),
        Entry("Consent", "compliance:consent", Capability.MANAGE_DNC),
        Entry("Rules", "compliance:rules", Capability.SEE_SETUP),
        Entry("Caller IDs", "compliance:caller_ids", Capability.SEE_SETUP),
        Entry("Signing", "compliance:signing", Capability.MANAGE_TRUNKS),
        Entry("Decisions", "reporting:decisions", Capability.SEE_CALLS),
        Entry("Why", "reporting:why", Capability.SEE_CALLS),
        Entry("Report", "reporting:compliance_report", Capability.SEE_CALLS),
    ),
)
"""Its pages are the sub-navigation under the top bar (``templates/compliance/tabs.html``)."""
ENTRIES: tuple[Entry | Section, ...] = (
    Entry("Console", "agents:console", Capability.TAKE_CALLS),
    Entry("Floor", "reporting:floor", Capability.WATCH_FLOOR),
    Entry("Calls", "reporting:calls", Capability.SEE_CALLS),
    COMPLIANCE,
    Entry("Campaigns", "campaigns:campaigns", Capability.SEE_SETUP),
    Entry("Leads", "campaigns:lists", Capability.SEE_SETUP),
    Entry("What if", "reporting:what_if", Capability.RUN_FLOOR),
    Entry("Trunks", "calls:trunks", Capability.MANAGE_TRUNKS, setup=True),
    Entry("Integrations", "integrations:hooks", Capability.MANAGE_INTEGRATIONS, setup=True),
    Entry("People", "accounts:people", Capability.MANAGE_PEOPLE, setup=True),
    Entry("Organisation", "accounts:organisation", Capability.MANAGE_PEOPLE, setup=True),
    Entry("Audit log", "accounts:audit", Capability.MANAGE_PEOPLE, setup=True),
)


@dataclass(frozen=True)
class Link:
    """An entry as the frame draws it."""

    label: str
    url: str
    current: bool


def links(user: User, path: str, *, setup: bool) -> list[Link]:
    """The pages the person may open; the one whose address begins ``path`` the longest is current."""
    return [link for link, entry in _links(ENTRIES, user, path) if entry.setup is setup]


def compliance_tabs(user: User, path: str) -> list[Link]:
    """The pages of compliance that the person may open; none anywhere else in the product."""
    tabs = [link for link, _ in _links(COMPLIANCE.pages, user, path)]
    return tabs if any(tab.current for tab in tabs) else []


def _links(entries: Sequence[Entry | Section], user: User, path: str) -> list[tuple[Link, Entry | Section]]:
    urls = {entry: _urls(entry, user) for entry in entries}
    within = [url for those in urls.values() for url in those if path.startswith(url)]
    current = max(within, key=len, default="")
    return [(Link(entry.label, those[0], current in those), entry) for entry, those in urls.items() if those]


def _urls(entry: Entry | Section, user: User) -> list[str]:
    pages = entry.pages if isinstance(entry, Section) else (entry,)
    return [reverse(page.view) for page in pages if user.can(page.capability)]
