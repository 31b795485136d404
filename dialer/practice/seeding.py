"""Fills an installation for practice: people, a trunk to the practice carrier, a campaign and fictional
leads.
"""

from __future__ import annotations

import json
import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from accounts.choices import Role
from accounts.models import Organisation, User
from accounts.services.create_organisation import create_organisation
from accounts.services.create_person import create_person
from accounts.services.set_password import set_password
from campaigns.choices import Duplicates, ImportStatus, Method, Scope
from campaigns.importing.commit import commit
from campaigns.importing.mapping import read_options
from campaigns.importing.validate import validate
from campaigns.models import Campaign, ImportJob, LeadList
from campaigns.services.create_campaign import create_campaign
from campaigns.services.prepare_prompt import prepare_prompt
from campaigns.services.run_import import start_commit, start_validation
from campaigns.services.stage_import import stage_import
from compliance.choices import Attestation, ListKind
from compliance.clock import gate_now
from compliance.models import CallerId, DncList
from compliance.services.create_list import create_list
from compliance.services.load_list import load_list
from compliance.services.save_caller_id import save_caller_id
from dialer.calls.models import Trunk
from dialer.calls.services.save_trunk import save_trunk

ORGANISATION = CAMPAIGN = "Practice"
LIST = "Practice leads"
TRUNK = "Practice carrier"
CALLER_IDS = tuple(f"+1{area}5550100" for area in ("212", "312", "415", "617", "713"))
"""One near most leads."""
REGISTRY = "Practice registry"
REGISTRY_AGE_DAYS = 7
"""Delivered anew when it is older, as a national registry is."""
CARRIER_USER = CARRIER_PASSWORD = "practice"  # noqa: S105
"""What the practice carrier asks for at the endings that want credentials; it guards nothing."""
DATA = Path(settings.BASE_DIR) / "campaigns" / "data"
LEADS, REGISTERED = DATA / "practice_leads.csv", DATA / "practice_registry.txt"
ACCOUNTS_FILE, PASSWORD_FILE = "demo_accounts.json", "practice_password"
SCRIPT = """Hello, am I speaking with {{ first_name }} {{ last_name }}?

My name is {{ agent_name }}, calling from Practice. You have our {{ Plan }} plan at {{ address }}, {{ city }}.

I would like to tell you what is new in it. Do you have two minutes?

If they have no time: offer to call back at a time that suits them."""
ROLES = {
    "administrator": Role.ADMINISTRATOR,
    "supervisor": Role.SUPERVISOR,
    "agent": Role.AGENT,
    "reader": Role.READER,
}
"""Sign-in name → role."""
ACTOR = "seed_demo"


def seed_people() -> tuple[Organisation, dict[str, dict[str, str]], bool]:
    """The organisation, its accounts by name, and whether they are new; passwords stay as they were first
    made.
    """
    path = Path(settings.DATA_DIR) / ACCOUNTS_FILE
    accounts: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    new = not accounts
    for name in ROLES:
        accounts.setdefault(name, {"username": name, "password": secrets.token_urlsafe(12)})
    organisation = _organisation(accounts["administrator"]["password"])
    for name, role in ROLES.items():
        _person(organisation, name, role, accounts[name]["password"], change=new)
    _write_private(path, json.dumps(accounts, indent=2))
    return organisation, accounts, new


def seed_practice_agents(organisation: Organisation, count: int) -> None:
    """``practice1`` to ``practiceN``, who share one password."""
    path = Path(settings.DATA_DIR) / PASSWORD_FILE
    new = not path.exists()
    if new:
        _write_private(path, secrets.token_urlsafe(18))
    password = path.read_text().strip()
    for number in range(1, count + 1):
        _person(organisation, f"practice{number}", Role.AGENT, password, change=new)


def seed_campaign(organisation: Organisation) -> Campaign:
    """The campaign with its trunk, caller ID, message and list; what exists is kept as it is."""
    campaign = Campaign.objects.filter(organisation=organisation, name=CAMPAIGN).first()
    if campaign is None:
        campaign = create_campaign(
            organisation, ACTOR, CAMPAIGN, method=Method.PREDICTIVE, mask_numbers=False, script=SCRIPT
        )
    campaign.caller_ids.add(*(_caller_id(organisation, number) for number in CALLER_IDS))
    _trunk(organisation, campaign)
    LeadList.objects.get_or_create(organisation=organisation, name=LIST, defaults={"campaign": campaign})
    if not campaign.safe_harbour_prompt:
        prepare_prompt(campaign, ACTOR)
    return campaign


def seed_registry(organisation: Organisation) -> None:
    """A national registry that holds a few of the leads: without one no sales call would be permitted."""
    found = DncList.objects.filter(organisation=organisation, name=REGISTRY).first()
    yesterday = gate_now().date() - timedelta(days=1)
    if found is None:
        found = create_list(organisation, ACTOR, name=REGISTRY, kind=ListKind.NATIONAL, country="US")
    elif found.current is not None and (yesterday - found.current.fresh_as_of).days < REGISTRY_AGE_DAYS:
        return
    load_list(found, REGISTERED, yesterday, ACTOR)


def seed_leads(organisation: Organisation) -> ImportJob | None:
    """Bring the bundled leads in by the same importer as any file; None where the list holds leads already."""
    lead_list = LeadList.objects.get(organisation=organisation, name=LIST)
    if lead_list.leads.exists():
        return None
    job = stage_import(lead_list, None, LEADS.name, [LEADS.read_bytes()])
    start_validation(
        job, job.mapping | read_options(["Plan=custom"], job.columns), "US", Duplicates.SKIP, Scope.LIST
    )
    job = validate(job.pk)
    if job.status != ImportStatus.READY:
        raise RuntimeError(f"The bundled leads do not pass the check: {job.message}")
    start_commit(job, ACTOR)
    return commit(job.pk)


def _organisation(password: str) -> Organisation:
    found = Organisation.objects.filter(name=ORGANISATION).first()
    if found is not None:
        return found
    return create_organisation(
        ORGANISATION, time_zone="America/New_York", administrator="administrator", password=password
    )[0]


def _person(organisation: Organisation, username: str, role: str, password: str, *, change: bool) -> None:
    person = User.objects.filter(username=username).first()
    if person is None:
        create_person(organisation, ACTOR, username=username, role=role, password=password)
    elif change and person.organisation_id == organisation.pk:
        set_password(person, password, User.objects.get(organisation=organisation, username="administrator"))


def _caller_id(organisation: Organisation, number: str) -> CallerId:
    found = CallerId.objects.filter(organisation=organisation, number=number).first()
    return found or save_caller_id(
        CallerId(organisation=organisation),
        ACTOR,
        number=number,
        display_name="Practice",
        proof="A fictional number (555-0100 to 555-0199), shown to the practice carrier only",
        attestation=Attestation.A,
        # Some far ends of the practice plan answer as networks do that block a number.
        rests_by_itself=False,
        active=True,
    )


def _trunk(organisation: Organisation, campaign: Campaign) -> None:
    trunk = Trunk.objects.filter(organisation=organisation, name=TRUNK).first()
    where = {"name": TRUNK, "host": "127.0.0.1", "port": settings.CARRIER_PORT, "username": CARRIER_USER}
    if trunk is None:
        new = Trunk(organisation=organisation)
        save_trunk(new, ACTOR, where, campaigns=[campaign], password=CARRIER_PASSWORD)
    elif trunk.port != settings.CARRIER_PORT:
        save_trunk(trunk, ACTOR, where)


def _write_private(path: Path, text: str) -> None:
    """Readable by its owner from the first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
