"""The installation of the browser tests: a call centre with people who have names, and leads who talk long."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.scratch_database import put_database

from .installation import Installation, sql_time, until

ORGANISATION = "Harbour Energy"
PASSWORD = "blue-harbour-41"
SUPERVISOR = "sam"
AGENTS = ("amy", "ben", "cleo", "dora", "eli", "fay", "gus", "hal")
"""One for each test: what one leaves behind does not disturb the next."""
TALKS, PREVIEWS, BY_HAND = "Spring renewals", "Key accounts", "Front desk"
"""A progressive, a preview and a manual campaign."""
FIRST_NAMES = ("Grace", "Hugo", "Ida", "Jonas", "Kim", "Lena", "Milo", "Nina", "Otto", "Pia", "Rosa", "Theo")
LAST_NAMES = {"212": "Moor", "347": "Lund", "516": "Vale", "646": "Reed"}
LEADS = {
    TALKS: [(first, area) for area in ("212", "347") for first in FIRST_NAMES],
    PREVIEWS: [(first, "516") for first in FIRST_NAMES],
    BY_HAND: [("Vera", "646")],
}
UNWANTED = "+17185550101"
"""On the own do-not-call list."""
TALK_SCALE = "30"
"""Four minutes at least: longer than a test."""


def number_of(first: str, area: str) -> str:
    """A fictional number whose last two digits belong to people who answer after two seconds."""
    place = FIRST_NAMES.index(first) if first in FIRST_NAMES else len(FIRST_NAMES)
    return f"+1{area}55501{place:02}"


def name_of(first: str, area: str) -> str:
    """As consoles show it."""
    return f"{first} {LAST_NAMES[area]}"


PEOPLE = {name_of(*lead): number_of(*lead) for leads in LEADS.values() for lead in leads}
"""Every lead's number by name."""


class Office(Installation):
    """The product, and the carrier with tapes of what its far ends hear."""

    def open(self) -> None:
        """Seed and start."""
        put_database(self.home)
        self.manage("shell", "-v", "0", "-c", "from tests.stack.office import seed; seed()")
        self.tapes.mkdir()
        report = ("--report", str(self.home / "carrier.json"), "--tapes", str(self.tapes))
        self.start("carrier", "carrier", *report, "--talk-scale", TALK_SCALE)
        self.up()

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.environment['PACELINE_PORT']}"

    @cached_property
    def tapes(self) -> Path:
        """Folder of what far ends hear."""
        return self.home / "tapes"

    def call_to(self, number: str) -> dict[str, Any]:
        """The record of the only call to this number."""
        (call,) = self.calls_to(number)
        return call

    def calls_to(self, number: str) -> list[dict[str, Any]]:
        """The records of all calls to this number."""
        return self.rows("SELECT * FROM calls_call WHERE number = ?", number)

    def ended_call_to(self, number: str) -> dict[str, Any]:
        """The same, once the record is complete."""
        return until(
            lambda: (call := self.call_to(number))["ended_at"] and call, 20, f"the call to {number} has ended"
        )

    def disposition_of(self, number: str) -> str:
        """What the agent said of the only call to this number."""
        query = """SELECT d.name FROM calls_call c JOIN campaigns_disposition d ON d.id = c.disposition_id
                   WHERE c.number = ?"""
        (row,) = until(lambda: self.rows(query, number), 20, f"the call to {number} is disposed of")
        return str(row["name"])

    def calls_placed_between(self, start: float, end: float) -> int:
        """Call records of this span of Unix time."""
        query = "SELECT count(*) FROM calls_call WHERE placed_at BETWEEN ? AND ?"
        return self.count(query, sql_time(start), sql_time(end))

    def far_end(self, number: str) -> dict[str, Any]:
        """What the carrier wrote of the call to this number, once it has ended."""
        path = self.home / "carrier.jsonl"

        def look() -> dict[str, Any] | None:
            entries = [json.loads(line) for line in path.read_text().splitlines()]
            return next((entry for entry in entries if entry["number"] == number), None)

        found = until(look, 20, f"the far end {number} has seen its call end")
        assert found is not None
        return found


def seed() -> None:
    """Fill the scratch database; runs within the installation."""
    from django.conf import settings

    from accounts.choices import Role
    from accounts.models import User
    from accounts.services.create_organisation import create_organisation
    from accounts.services.create_person import create_person
    from campaigns.services.campaign_status import start_campaign
    from compliance.choices import DncSource
    from compliance.models import CallerId
    from compliance.services.add_to_dnc import add_to_dnc
    from compliance.services.save_caller_id import save_caller_id
    from dialer.calls.models import Trunk
    from dialer.calls.services.save_trunk import save_trunk

    organisation, boss = create_organisation(
        ORGANISATION, time_zone="America/New_York", administrator="ada", password=PASSWORD
    )
    for username, role in {SUPERVISOR: Role.SUPERVISOR, **dict.fromkeys(AGENTS, Role.AGENT)}.items():
        create_person(organisation, boss, username=username, role=role, first_name=username.title())
    # One slow hash for everybody.
    User.objects.update(password=User.objects.get(pk=boss.pk).password)
    caller_id = save_caller_id(
        CallerId(organisation=organisation),
        boss,
        number="+12125550199",
        display_name=ORGANISATION,
        proof="A fictional number, shown to the practice carrier only",
        active=True,
    )
    where = {"name": "Practice carrier", "host": "127.0.0.1", "port": settings.CARRIER_PORT}
    save_trunk(Trunk(organisation=organisation), boss, where)
    add_to_dnc(organisation.pk, [UNWANTED], DncSource.MANUAL, actor=boss.username)
    for name, method in {TALKS: "progressive", PREVIEWS: "preview", BY_HAND: "manual"}.items():
        start_campaign(_campaign(boss, name, method, caller_id), boss)


def _campaign(boss: Any, name: str, method: str, caller_id: Any) -> int:
    from campaigns.models import Lead, LeadList
    from campaigns.services.create_campaign import create_campaign
    from campaigns.services.save_lead import save_lead

    campaign = create_campaign(
        boss.organisation,
        boss,
        name,
        method=method,
        purpose="information",
        opens="00:00",
        closes="23:59:59",
        mask_numbers=method == "preview",
        script="Hello {{ first_name }}, this is Harbour Energy.",
    )
    campaign.caller_ids.add(caller_id)
    leads = LeadList.objects.create(organisation=boss.organisation, campaign=campaign, name=f"{name}, March")
    for first, area in LEADS[name]:
        values = {"first_name": first, "last_name": LAST_NAMES[area], "city": "Albany", "state": "NY"}
        save_lead(Lead(lead_list=leads), boss, values, [number_of(first, area)])
    return int(campaign.pk)
