"""Fills a scratch database for browser tests: ``python -m tests.accounts.seed``."""

from __future__ import annotations

import datetime as dt
import random

PASSWORD = "blue-harbour-41"
PEOPLE = {
    "ada": ("administrator", "Ada", "Byron"),
    "sam": ("supervisor", "Sam", "Okafor"),
    "rita": ("reader", "Rita", "Lang"),
    "amy": ("agent", "Amy", "Stone"),
    "ben": ("agent", "Ben", "Hale"),
}
OUTCOMES = ("connected",) * 5 + ("no_answer",) * 6 + ("busy", "abandoned", "machine", "failed", "rejected")
CALLS = 180


def seed() -> None:
    """One organisation with people, two campaigns, a trunk and a day of calls."""
    from accounts.models import User
    from accounts.services.create_organisation import create_organisation
    from accounts.services.create_person import create_person

    organisation, ada = create_organisation(
        "Harbour Energy", time_zone="America/New_York", administrator="ada", password=PASSWORD
    )
    for username, (role, first, last) in PEOPLE.items():
        names = {"first_name": first, "last_name": last}
        if username == "ada":
            User.objects.filter(pk=ada.pk).update(**names)
        else:
            create_person(organisation, ada, username=username, role=role, **names)
    # One slow hash for everybody.
    User.objects.update(password=User.objects.get(pk=ada.pk).password)
    create_person(organisation, ada, username="nora", role="agent", first_name="Nora", last_name="West")
    seed_calls(organisation)
    seed_signing(organisation)
    seed_lists(organisation)
    seed_caller_ids(organisation)
    seed_what_if(organisation)


def seed_what_if(organisation) -> None:
    """A simulation that was answered."""
    from accounts.models import User
    from campaigns.models import Campaign
    from reporting.services.run_simulation import run_simulation
    from reporting.services.start_simulation import start_simulation
    from reporting.what_if.simulate import simulate
    from tests.reporting.what_if_makers import short_plan

    campaign = Campaign.objects.get(organisation=organisation, name="Spring renewals")
    sam = User.objects.get(username="sam")
    run_simulation(start_simulation(sam, campaign, None, short_plan(2, 3)).pk, simulate)


def seed_caller_ids(organisation) -> None:
    """A pool of which one rests, with a month of calls."""
    from django.utils import timezone

    from compliance.models import CallerDay, CallerId
    from compliance.services.rest_caller_id import rest_caller_id

    draw, today = random.Random(7), timezone.now().date()
    for number in range(12):
        caller_id = CallerId.objects.create(
            organisation=organisation,
            number=f"+1{('212', '312', '415')[number % 3]}55501{number:02}",
            display_name="Harbour Energy",
            proof="Letter of the carrier, 3 March",
            attestation="AAB"[number % 3],
            daily_limit=100,
            active=number != 11,
        )
        share = draw.uniform(0.12, 0.34)
        for back in range(30):
            dials = draw.randint(20, 100)
            ended = dials - draw.randint(0, 3)
            answered = round(ended * share * draw.uniform(0.8, 1.2))
            CallerDay.objects.create(
                caller_id=caller_id,
                day=today - dt.timedelta(days=back),
                dials=dials,
                ended=ended,
                answered=answered,
                blocked=draw.choice([0, 0, 0, 0, 1]),
                short=answered // 6,
            )
        if number == 0:
            because = "2 calls blocked by networks within 24 hours (603+, 607, 608)"
            rest_caller_id(caller_id, "gate", timezone.now() + dt.timedelta(hours=20), because)


def seed_calls(organisation) -> None:
    """Two campaigns, a trunk, a list and calls of every outcome."""
    from accounts.models import User
    from campaigns.models import Campaign, Disposition, Lead, LeadList
    from dialer.calls.models import Trunk

    trunk = Trunk.objects.create(organisation=organisation, name="Northern SIP", host="127.0.0.1")
    spring = Campaign.objects.create(organisation=organisation, name="Spring renewals", status="running")
    Campaign.objects.create(organisation=organisation, name="Win back", method="progressive")
    sale = Disposition.objects.create(campaign=spring, code="sale", name="Sale", meaning="success", key="1")
    leads = LeadList.objects.create(organisation=organisation, campaign=spring, name="March file")
    lead = Lead.objects.create(
        organisation=organisation, lead_list=leads, first_name="Grace", last_name="Moor", city="Albany"
    )
    agents = list(User.objects.filter(organisation=organisation, username__in=("amy", "ben")))
    draw = random.Random(4)
    for index in range(CALLS):
        make_call(index, draw, spring, trunk, lead, agents, sale)


def make_call(index, draw, campaign, trunk, lead, agents, sale):
    """One call that ended, with its events."""
    from django.utils import timezone

    from dialer.calls.models import Call, CallEvent

    outcome = draw.choice(OUTCOMES)
    placed = timezone.now() - dt.timedelta(seconds=40 + 20 * index)
    ringing = placed + dt.timedelta(seconds=draw.uniform(0.3, 1.2))
    answered = outcome in ("connected", "abandoned", "machine")
    answered_at = ringing + dt.timedelta(seconds=draw.uniform(3, 14)) if answered else None
    connected_at = (
        answered_at + dt.timedelta(milliseconds=draw.randint(40, 140)) if outcome == "connected" else None
    )
    ended_at = (answered_at or ringing) + dt.timedelta(seconds=draw.uniform(6, 130))
    call = Call.objects.create(
        id=f"{index:032x}",
        organisation=campaign.organisation,
        campaign=campaign,
        lead=lead,
        number=f"+1518555{index:04}",
        kind="auto",
        caller_id="+15185550100",
        trunk=trunk,
        node="line-1",
        agent=draw.choice(agents) if connected_at else None,
        stage="ended",
        placed_at=placed,
        ringing_at=ringing,
        answered_at=answered_at,
        connected_at=connected_at,
        heard_at=connected_at + dt.timedelta(milliseconds=45) if connected_at else None,
        screen_at=connected_at + dt.timedelta(milliseconds=30) if connected_at else None,
        message_at=answered_at + dt.timedelta(seconds=2) if outcome == "abandoned" else None,
        ended_at=ended_at,
        outcome=outcome,
        ended_by="far" if answered else "ring_limit",
        sip_code=200 if answered else {"busy": 486, "failed": 503, "rejected": 603}.get(outcome, 487),
        sip_reason="OK" if answered else "Request Terminated",
        attestation="A",
        disposition=sale if connected_at else None,
        disposed_at=ended_at + dt.timedelta(seconds=9) if connected_at else None,
        quality={
            "codec": "PCMU",
            "rx_packets": 2210,
            "rx_lost": 2,
            "rx_jitter_ms": 3.1,
            "tx_packets": 2214,
            "tx_lost": 0,
            "tx_jitter_ms": 2.4,
            "rtt_ms": 18.0,
        }
        if answered
        else {},
    )
    steps = (
        ("placed", placed),
        ("ringing", ringing),
        ("answered", answered_at),
        ("connected", connected_at),
        ("ended", ended_at),
    )
    CallEvent.objects.bulk_create(
        CallEvent(call=call, at=at, kind=kind, data={"trunk": trunk.name} if kind == "placed" else {})
        for kind, at in steps
        if at
    )
    return call


def seed_lists(organisation):
    """A registry in force with a change, a list that is too old, one that was never loaded, and blocked prefixes."""
    import tempfile
    from pathlib import Path

    from django.utils import timezone

    from compliance.services.add_wildcard import add_wildcard
    from compliance.services.apply_changes import apply_changes
    from compliance.services.create_list import create_list
    from compliance.services.load_list import load_list

    today = timezone.now().date()
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "2026-11-registry.txt"
        file.write_text("".join(f"212,55{number:05}\n" for number in range(4000)))
        registry = create_list(organisation, "ada", name="National registry", kind="national", country="US")
        load_list(registry, file, today - dt.timedelta(days=3), "ada")
        file.write_text("212,5609999,x,A\n212,5500001,x,D\n")
        apply_changes(registry, file, today - dt.timedelta(days=1), "ada")
        file.write_text("3055550100\n3055550101\n")
        florida = create_list(organisation, "ada", name="Florida", kind="state", country="US", state="FL")
        load_list(florida, file, today - dt.timedelta(days=40), "ada")
    create_list(organisation, "ada", name="Known litigators", kind="litigator")
    add_wildcard(organisation, "212-976", "ada", "Premium lines")
    add_wildcard(organisation, "+4470", "ada", "Personal numbers")


def seed_signing(organisation):
    """A signer with a certificate that signs, and a request for the next one."""
    from django.utils import timezone

    from compliance.services.request_certificate import request_certificate
    from tests.compliance.stir.authority import new_authority
    from tests.compliance.stir.makers import certify, local_signer, trust

    now = timezone.now()
    day = dt.timedelta(days=1)
    authority = new_authority(now - 300 * day, now + 3000 * day)
    trust(organisation, authority, now)
    signer = local_signer(organisation, "Harbour key")
    certify(signer, authority, now, starts=now - 70 * day, ends=now + 20 * day)
    request_certificate(signer, "ada", "1234")


if __name__ == "__main__":
    import django

    django.setup()
    seed()
