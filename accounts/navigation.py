"""The entries of the top navigation, in their order, each with the capability that its page asks for."""

from __future__ import annotations

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


ENTRIES = (
    Entry("Console", "agents:console", Capability.TAKE_CALLS),
    Entry("Floor", "reporting:floor", Capability.WATCH_FLOOR),
    Entry("Calls", "reporting:calls", Capability.SEE_CALLS),
    Entry("Compliance", "reporting:decisions", Capability.SEE_CALLS),
    Entry("Campaigns", "campaigns:campaigns", Capability.SEE_SETUP),
    Entry("Leads", "campaigns:lists", Capability.SEE_SETUP),
    Entry("Trunks", "calls:trunks", Capability.MANAGE_TRUNKS, setup=True),
    Entry("Do not call", "compliance:dnc", Capability.MANAGE_DNC, setup=True),
    Entry("Integrations", "integrations:hooks", Capability.MANAGE_INTEGRATIONS, setup=True),
    Entry("People", "accounts:people", Capability.MANAGE_PEOPLE, setup=True),
    Entry("Organisation", "accounts:organisation", Capability.MANAGE_PEOPLE, setup=True),
    Entry("Audit log", "accounts:audit", Capability.MANAGE_PEOPLE, setup=True),
)
COMPLIANCE_TABS = (
    Entry("Decisions", "reporting:decisions", Capability.SEE_CALLS),
    Entry("Why", "reporting:why", Capability.SEE_CALLS),
    Entry("Monthly report", "reporting:compliance_report", Capability.SEE_CALLS),
    Entry("Caller IDs", "compliance:caller_ids", Capability.SEE_SETUP),
    Entry("Lists", "compliance:lists", Capability.MANAGE_DNC),
    Entry("Rules", "compliance:rules", Capability.SEE_SETUP),
    Entry("Consent", "compliance:consent", Capability.MANAGE_DNC),
    Entry("Signing", "compliance:signing", Capability.MANAGE_TRUNKS),
)
"""The sub-navigation that all pages of compliance share (``templates/compliance/tabs.html``)."""


@dataclass(frozen=True)
class Link:
    """An entry as the frame draws it."""

    label: str
    url: str
    current: bool


def links(user: User, path: str, *, setup: bool) -> list[Link]:
    """The pages the person may open; the one whose address begins ``path`` the longest is current."""
    return [link for link, entry in _allowed(ENTRIES, user, path) if entry.setup is setup]


def compliance_tabs(user: User, path: str) -> list[Link]:
    """The pages of compliance that the person may open."""
    return [link for link, _ in _allowed(COMPLIANCE_TABS, user, path)]


def _allowed(entries: tuple[Entry, ...], user: User, path: str) -> list[tuple[Link, Entry]]:
    allowed = [entry for entry in entries if user.can(entry.capability)]
    urls = {entry: reverse(entry.view) for entry in allowed}
    current = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    return [(Link(e.label, urls[e], urls[e] == current), e) for e in allowed]
