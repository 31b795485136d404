"""An installation to practise with."""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest
from django.core.management import call_command

from accounts.models import User
from campaigns.choices import CampaignStatus
from campaigns.models import Campaign, Lead, LeadPhone
from compliance.law.zones import zones_of
from dialer.calls.models import Trunk
from dialer.practice.seeding import LEADS

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_seeding_makes_a_campaign_that_runs_and_may_be_repeated(settings, capsys):
    call_command("seed_demo", practice_agents=2, campaign_running=True)
    printed = capsys.readouterr().out
    call_command("seed_demo", practice_agents=3, campaign_running=True)
    accounts = json.loads((settings.DATA_DIR / "demo_accounts.json").read_text())
    assert all(who["password"] in printed for who in accounts.values())
    assert accounts["agent"]["password"] not in capsys.readouterr().out
    assert Campaign.objects.get().status == CampaignStatus.RUNNING
    assert (Lead.objects.count(), Trunk.objects.get().port) == (1000, settings.CARRIER_PORT)
    for name, who in accounts.items():
        assert User.objects.get(username=name).check_password(who["password"])
    shared = (settings.DATA_DIR / "practice_password").read_text()
    assert all(User.objects.get(username=f"practice{n}").check_password(shared) for n in (1, 2, 3))


@pytest.mark.parametrize("name", ["demo_accounts.json", "practice_password"])
def test_passwords_are_readable_by_their_owner_only(settings, name):
    call_command("seed_demo", practice_agents=1)
    assert (settings.DATA_DIR / name).stat().st_mode & 0o777 == 0o600


def test_a_lost_file_of_passwords_is_made_anew_and_the_passwords_hold(settings):
    call_command("seed_demo", practice_agents=1)
    (settings.DATA_DIR / "demo_accounts.json").unlink()
    call_command("seed_demo", practice_agents=1)
    accounts = json.loads((settings.DATA_DIR / "demo_accounts.json").read_text())
    assert User.objects.get(username="reader").check_password(accounts["reader"]["password"])


def test_the_bundled_leads_are_fictional_consistent_and_spread_over_the_practice_plan(settings):
    call_command("seed_demo")
    numbers = list(LeadPhone.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 1000
    assert all(number[5:8] == "555" and number[8:10] == "01" for number in numbers)
    assert set(Counter(number[-2:] for number in numbers).values()) == {10}


def test_each_bundled_lead_lies_in_one_zone_by_number_and_zip_alike():
    with LEADS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert len(zones_of("+1" + "".join(c for c in row["Phone"][2:] if c.isdigit()), row["ZIP"])) == 1
