"""What a drill runs on: an organisation, a campaign, agents, a trunk, and the leads of the file."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from accounts.choices import Role
from accounts.models import Organisation, User
from campaigns.models import Campaign
from campaigns.services.campaign_status import start_campaign
from campaigns.services.create_campaign import create_campaign
from compliance.choices import ConsentNeed, Purpose
from compliance.models import CallerId
from dialer.calls.models import Trunk

from .rules import Listed, prepare_rules
from .scratch import parse_trunk

ORGANISATION = "Drill"
CALLER_ID = "+12125550199"
RING_LIMIT_S = 18


@dataclass(frozen=True, slots=True)
class Plan:
    """What the operator asked for."""

    leads: Path
    agents: int
    trunk: str | None
    seconds: float
    method: str
    talk: str
    wrap: str
    lines: int
    cps: float
    delay_scale: float
    """Multiplies the waits of the practice carrier's far ends before they answer."""
    purpose: str = Purpose.INFORMATION
    lists: tuple[Listed, ...] = ()
    consents: Path | None = None
    consent_need: str = ConsentNeed.LAW
    reassigned: Path | None = None
    """Answers of the Reassigned Numbers Database; with them only "no" permits."""

    @property
    def practice(self) -> bool:
        """Whether the practice carrier is the far end."""
        return self.trunk is None


def prepare(plan: Plan) -> Campaign:
    """Write it all to the scratch database and start the campaign. Raises what the importer raises for a bad file."""
    call_command("migrate", interactive=False, verbosity=0)
    organisation = Organisation.objects.create(name=ORGANISATION)
    supervisor = User.objects.create(username="supervisor", organisation=organisation, role=Role.SUPERVISOR)
    _hire(organisation, plan.agents)
    host, port, transport = (
        parse_trunk(plan.trunk) if plan.trunk else ("127.0.0.1", settings.CARRIER_PORT, "udp")
    )
    Trunk.objects.create(
        organisation=organisation, name="Drill", host=host, port=port, transport=transport, cps_limit=plan.cps
    )
    campaign = create_campaign(
        organisation,
        "drill",
        "Drill",
        method=plan.method,
        opens="00:00",
        closes="23:59:59",
        ring_limit_s=RING_LIMIT_S,
        line_limit=plan.lines,
        mask_numbers=False,
        purpose=plan.purpose,
        consent_need=plan.consent_need,
        check_reassigned=plan.reassigned is not None,
    )
    # A drill calls all of its leads, however often its one caller ID is turned away.
    shown = CallerId.objects.create(organisation=organisation, number=CALLER_ID, rests_by_itself=False)
    campaign.caller_ids.add(shown)
    call_command(
        "import_leads", str(plan.leads), list_name="Drill", campaign=campaign.name, stdout=io.StringIO()
    )
    prepare_rules(campaign, plan.lists, plan.consents, plan.reassigned)
    return start_campaign(campaign.pk, supervisor)


def _hire(organisation: Organisation, count: int) -> None:
    password = secrets.token_urlsafe(16)
    first = User(username="practice1", organisation=organisation, role=Role.AGENT)
    first.set_password(password)
    people = [
        User(username=f"practice{n}", organisation=organisation, role=Role.AGENT) for n in range(1, count + 1)
    ]
    for person in people:
        person.password = first.password
    User.objects.bulk_create(people)
    path = Path(settings.DATA_DIR) / "practice_password"
    path.touch(mode=0o600)
    path.write_text(password)
