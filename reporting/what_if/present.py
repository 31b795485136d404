"""A campaign's present settings, as one side of a comparison."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from agents.models import AgentSession
from campaigns.models import Campaign
from compliance.law.abandonment import AbandonmentRule, rule_of
from dialer.calls.models import Call
from dialer.engine.configs import campaign_trunks

from .plan import NOW, PACED
from .values import Frame, Settings

NO_LIMIT_CALLS_PER_S = 100.0
"""What a trunk without a limit takes: more than any room here places."""

SLOWEST_CALLS_PER_S, SHORTEST_WAIT_S = 1.0, 0.1
"""The least that the simulated engine takes."""


def present_agents(campaign: Campaign) -> int:
    """How many are signed in to the campaign; where none is, how many talked in it on its last day of calls."""
    signed_in = AgentSession.objects.filter(campaign=campaign, ended_at=None).count()
    return signed_in or _agents_of_last_day(campaign)


def _agents_of_last_day(campaign: Campaign) -> int:
    talks = Call.objects.filter(organisation=campaign.organisation_id, campaign=campaign, agent__isnull=False)
    last = talks.aggregate(last=Max("placed_at"))["last"]
    if last is None:
        return 0
    since = last.replace(hour=0, minute=0, second=0, microsecond=0)
    return talks.filter(placed_at__gte=since).values("agent").distinct().count()


def law_of(campaign: Campaign, now: datetime) -> AbandonmentRule:
    """What the law holds the campaign to."""
    return rule_of(campaign.organisation, campaign.purpose, now)


def present_settings(campaign: Campaign, agents: int, law: AbandonmentRule) -> Settings:
    """How the campaign dials today; a campaign that does not dial by itself is taken as a predictive one."""
    limit = min(campaign.abandon_limit, law.limit)
    target = limit if campaign.abandon_target is None else min(campaign.abandon_target, limit)
    method = campaign.method if campaign.method in PACED else next(iter(PACED)).value
    return Settings(
        name=NOW,
        agents=agents,
        method=method,
        target=target,
        dial_ratio=campaign.dial_ratio,
        line_limit=_lines(campaign),
    )


def _lines(campaign: Campaign) -> int:
    """The campaign's limit, or what its trunks carry at once where that is less and all of them have a limit."""
    channels = [trunk.channel_limit for trunk in campaign_trunks(campaign)]
    carried = sum(channels) if channels and all(channels) else campaign.line_limit
    return max(min(campaign.line_limit, carried), 1)


def frame_of(campaign: Campaign, law: AbandonmentRule, starts_hour: int, hours: float) -> Frame:
    """The settings that no side changes, and the shift."""
    rates = [trunk.cps_limit for trunk in campaign_trunks(campaign)]
    return Frame(
        starts_hour=starts_hour,
        hours=hours,
        calls_per_s=max(sum(rates), SLOWEST_CALLS_PER_S) if rates and all(rates) else NO_LIMIT_CALLS_PER_S,
        answer_wait_s=max(min(campaign.answer_wait_s, law.answer_wait_s), SHORTEST_WAIT_S),
        ring_limit_s=float(max(campaign.ring_limit_s, law.ring_s)),
        wrapup_limit_s=float(campaign.wrapup_limit_s),
        lawful_share=law.limit,
    )
