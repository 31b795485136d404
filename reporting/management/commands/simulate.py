"""``manage.py simulate --campaign NAME --agents 15 --target 2``: a shift in virtual time, with nothing changed."""

from __future__ import annotations

import sys
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.organisations import find_organisation
from campaigns.models import Campaign, LeadList
from reporting.what_if.history import no_history, read_history
from reporting.what_if.outcome import Outcome
from reporting.what_if.plan import LAWFUL_PERCENT, PACED, make_plan, side_name
from reporting.what_if.present import frame_of, law_of, present_agents, present_settings
from reporting.what_if.simulate import Tick, simulate
from reporting.what_if.text import lines, progress_bar
from reporting.what_if.values import BadPlan, Frame, Plan, Settings

USUAL_AGENTS, USUAL_HOURS, USUAL_DAYS = 20, 4.0, 3
CHOICES = ("agents", "method", "target", "ratio", "lines")
FIELDS = {"ratio": "dial_ratio", "lines": "line_limit"}
"""Option → field of ``Settings`` where the names differ."""
PERCENT = 100


class Command(BaseCommand):
    """Reads records and settings, changes nothing; needs neither Redis nor a running engine."""

    help = "Simulate a shift with the real engine in virtual time: what if there were 15 agents and a target of 2 %?"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose history, which shift, what is different."""
        history = parser.add_argument_group(
            "history", "whose call records say how people answer; left out: usual figures"
        )
        history.add_argument("--organisation", metavar="NAME", help="needed where there are several")
        history.add_argument("--campaign", metavar="NAME")
        history.add_argument(
            "--list", metavar="NAME", dest="list_name", help="only calls with leads of this list"
        )
        change = parser.add_argument_group("what if", "what is left out stays as the campaign has it")
        change.add_argument("--agents", type=int, metavar="N")
        change.add_argument("--method", choices=[method.value for method in PACED])
        change.add_argument(
            "--target", type=float, metavar="PERCENT", help=f"abandoned at most, 0 to {LAWFUL_PERCENT:g}"
        )
        change.add_argument(
            "--ratio", type=float, metavar="LINES", help="lines a ready agent, for the fixed ratio"
        )
        change.add_argument("--lines", type=int, metavar="N", help="lines at once at most")
        shift = parser.add_argument_group("shift")
        shift.add_argument("--hours", type=float, default=USUAL_HOURS)
        shift.add_argument(
            "--starts",
            type=int,
            metavar="HOUR",
            help="hour of the day, 0 to 23; left out: as the campaign opens",
        )
        shift.add_argument("--days", type=int, default=USUAL_DAYS, help="how many days are simulated")
        shift.add_argument(
            "--seed", type=int, action="append", metavar="N", help="a day by its seed; repeatable"
        )
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Simulate and print."""
        try:
            plan = _plan(options)
            outcomes = simulate(plan, self._tick())
        except BadPlan as problem:
            raise CommandError(str(problem)) from problem
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
        if options["json"]:
            self.stdout.write(_json(plan, outcomes))
            return
        for line in lines(plan, outcomes):
            self.stdout.write(line)

    def _tick(self) -> Tick:
        """A progress bar where somebody watches."""
        if not sys.stderr.isatty():
            return lambda done: None
        return lambda done: self.stderr.write(f"\r{progress_bar(done)}", ending="")


def _plan(options: dict[str, Any]) -> Plan:
    """The question. Raises ``BadPlan`` or ``CommandError``."""
    seeds = options["seed"] or range(1, options["days"] + 1)
    if not options["campaign"] and not options["list_name"]:
        side = _changed(Settings("A usual campaign", USUAL_AGENTS), options)
        starts = Frame().starts_hour if options["starts"] is None else options["starts"]
        return make_plan([side], Frame(starts_hour=starts, hours=options["hours"]), no_history(), seeds)
    campaign, lead_list = _whose(options)
    law = law_of(campaign, timezone.now())
    starts = campaign.opens.hour if options["starts"] is None else options["starts"]
    now = present_settings(campaign, present_agents(campaign), law)
    frame = frame_of(campaign, law, starts, options["hours"])
    return make_plan(_sides(now, options), frame, read_history(campaign, lead_list, timezone.now()), seeds)


def _sides(now: Settings, options: dict[str, Any]) -> list[Settings]:
    """The campaign as it is, unless it has no agents, and what is asked, where that differs."""
    if not now.agents and options["agents"] is None:
        raise BadPlan(
            "Nobody is signed in to this campaign or has talked in it lately. Give the number with --agents."
        )
    asked = _changed(now, options)
    if not now.agents:
        return [msgspec.structs.replace(asked, name=f"{asked.agents} agents")]
    named = msgspec.structs.replace(asked, name=side_name(now, asked))
    return [now] if asked == now else [now, named]


def _changed(side: Settings, options: dict[str, Any]) -> Settings:
    given = {FIELDS.get(name, name): options[name] for name in CHOICES if options[name] is not None}
    if "target" in given:
        given["target"] /= PERCENT
    return msgspec.structs.replace(side, **given)


def _whose(options: dict[str, Any]) -> tuple[Campaign, LeadList | None]:
    """The campaign and the list by name, within the organisation."""
    organisation = find_organisation(options["organisation"])
    campaigns = Campaign.objects.filter(organisation=organisation).select_related("organisation")
    lead_list = None
    if options["list_name"]:
        lists = LeadList.objects.filter(organisation=organisation, campaign__isnull=False)
        lead_list = lists.filter(name=options["list_name"]).first()
        if lead_list is None:
            raise CommandError(f"No campaign of {organisation} has a list “{options['list_name']}”.")
    wanted = {"name": options["campaign"]} if options["campaign"] else {"lists": lead_list}
    campaign = campaigns.filter(**wanted).first()
    if campaign is None:
        raise CommandError(f"There is no campaign “{options['campaign']}” in {organisation}.")
    if lead_list is not None and lead_list.campaign_id != campaign.pk:
        raise CommandError(f"“{lead_list}” is not a list of “{campaign}”.")
    return campaign, lead_list


def _json(plan: Plan, outcomes: tuple[Outcome, ...]) -> str:
    return msgspec.json.format(msgspec.json.encode({"plan": plan, "outcomes": outcomes})).decode()
