"""Reading a campaign's settings and counts for its room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Organisation
from accounts.sealing import unseal
from agents.models import PauseCode
from campaigns.choices import CampaignStatus
from campaigns.lawful import held_back, lawful_rules
from campaigns.models import Campaign, Disposition
from campaigns.services.prepare_prompt import playable_prompt
from compliance.clock import gate_now
from compliance.law.abandonment import rule_of, window_start
from compliance.models import CallerId
from compliance.values import CallerIdOffer
from dialer.bus.trunks import TrunkConfig
from dialer.calls.addresses import is_loopback
from dialer.calls.models import Call, Trunk
from dialer.calls.selectors import campaign_counts

from .room.config import DispositionRule, RoomConfig, Tally, TrunkRule
from .rosters import load_rosters

STATUS_NOTES = {
    CampaignStatus.STOPPED: "The campaign is stopped",
    CampaignStatus.PAUSED: "The campaign is paused",
    CampaignStatus.DRAINING: "The campaign is draining: calls end, no new ones start",
}


def load_config(campaign_id: int) -> RoomConfig | None:
    """The campaign as it stands in the database, None where it is gone."""
    return load_configs([campaign_id]).get(campaign_id)


def load_configs(campaign_ids: Collection[int]) -> dict[int, RoomConfig]:
    """Campaigns as they stand in the database, with a constant number of queries an organisation."""
    found = Campaign.objects.select_related("organisation").in_bulk(list(campaign_ids))
    beside = _Beside(list(found.values()))
    return {pk: _config(campaign, beside) for pk, campaign in found.items()}


class _Beside:
    """What stands in other tables, by campaign or organisation."""

    def __init__(self, campaigns: list[Campaign]) -> None:
        organisations = {campaign.organisation_id: campaign.organisation for campaign in campaigns}
        purposes = {campaign.purpose for campaign in campaigns}
        self.laws = {pk: lawful_rules(each, purposes) for pk, each in organisations.items()}
        self.caller_ids = _caller_ids(campaigns)
        self.trunks = _trunks(campaigns)
        self.dispositions = _dispositions(campaigns)
        codes = PauseCode.objects.filter(organisation__in=organisations)
        self.pause_codes = _grouped(codes.values_list("organisation", "code", "name"))
        self.rosters = load_rosters(campaigns)


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    """Rows by their first column, without it, in their order."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *rest in rows:
        found[key].append(tuple(rest))
    return found


def _config(campaign: Campaign, beside: _Beside) -> RoomConfig:
    organisation = campaign.organisation
    law = beside.laws[organisation.pk][campaign.purpose]
    stopped_at = organisation.dialing_stopped_at
    return RoomConfig(
        campaign=campaign.pk,
        organisation=organisation.pk,
        name=campaign.name,
        method=campaign.method,
        status=campaign.status,
        status_note=_status_note(campaign, organisation.time_zone),
        dialing_stopped=stopped_at is not None,
        stopped_note=_by(
            "All dialing is stopped", organisation.dialing_stopped_by, stopped_at, organisation.time_zone
        ),
        abandon_limit=min(campaign.abandon_limit, law.limit),
        ring_limit_s=float(max(campaign.ring_limit_s, law.ring_s)),
        answer_wait_s=min(campaign.answer_wait_s, law.answer_wait_s),
        line_limit=campaign.line_limit,
        wrapup_limit_s=float(campaign.wrapup_limit_s),
        preview_limit_s=float(campaign.preview_limit_s),
        max_attempts=campaign.max_attempts,
        opens=campaign.opens,
        closes=campaign.closes,
        weekdays=campaign.weekdays,
        time_zone=organisation.time_zone,
        script=campaign.script,
        mask_numbers=campaign.mask_numbers,
        safe_harbour=playable_prompt(campaign),
        caller_ids=tuple(CallerIdOffer(*row) for row in beside.caller_ids[campaign.pk]),
        trunks=beside.trunks[campaign.pk],
        dispositions=tuple(DispositionRule(*row) for row in beside.dispositions[campaign.pk]),
        pause_codes=tuple(beside.pause_codes[organisation.pk]),
        purpose=campaign.purpose,
        topic=campaign.topic,
        consent_need=campaign.consent_need,
        check_reassigned=campaign.check_reassigned,
        roster=beside.rosters[campaign.pk],
        abandon_target=campaign.abandon_target,
        dial_ratio=campaign.dial_ratio,
        measured_over=str(law.window),
        held_back=held_back(campaign, law),
    )


def _caller_ids(campaigns: Collection[Campaign]) -> dict[int, list[tuple[Any, ...]]]:
    rows = CallerId.objects.filter(campaign__in=campaigns, active=True).order_by("id")
    return _grouped(rows.values_list("campaign", "number", "display_name", "attestation"))


def _dispositions(campaigns: Collection[Campaign]) -> dict[int, list[tuple[Any, ...]]]:
    rows = Disposition.objects.filter(campaign__in=campaigns, active=True)
    return _grouped(rows.values_list("campaign", *(field.name for field in fields(DispositionRule))))


def _by(what: str, who: str, at: datetime | None, zone: str) -> str:
    text = f"{what} by {who}" if who else what
    return f"{text} at {at.astimezone(ZoneInfo(zone)):%H:%M}." if at else f"{text}."


def _status_note(campaign: Campaign, zone: str) -> str:
    what = STATUS_NOTES.get(CampaignStatus(campaign.status), "")
    return _by(what, campaign.status_changed_by, campaign.status_changed_at, zone) if what else ""


def _trunks(campaigns: Collection[Campaign]) -> dict[int, tuple[TrunkRule, ...]]:
    """The trunks that each campaign may use, best first: its own, or those bound to no campaign."""
    organisations = {campaign.organisation_id for campaign in campaigns}
    rows = Trunk.objects.filter(organisation__in=organisations, enabled=True).order_by("-priority", "id")
    bound = _grouped(Trunk.campaigns.through.objects.filter(trunk__in=rows).values_list("trunk", "campaign"))
    return {
        campaign.pk: tuple(
            _trunk_rule(trunk)
            for trunk in rows
            if trunk.organisation_id == campaign.organisation_id
            and (trunk.pk not in bound or (campaign.pk,) in bound[trunk.pk])
        )
        for campaign in campaigns
    }


def campaign_trunks(campaign: Campaign) -> tuple[TrunkRule, ...]:
    """The trunks that one campaign may use, best first."""
    return _trunks([campaign])[campaign.pk]


def _trunk_rule(trunk: Trunk) -> TrunkRule:
    return TrunkRule(
        id=trunk.pk,
        name=trunk.name,
        version=trunk.version,
        priority=trunk.priority,
        channel_limit=trunk.channel_limit,
        cps_limit=trunk.cps_limit,
        is_loopback=is_loopback(trunk.host),
        signer=trunk.signer_id or 0,
    )


def load_trunk(trunk_id: int) -> TrunkConfig | None:
    """A trunk as line nodes need it, password opened."""
    trunk = Trunk.objects.filter(pk=trunk_id).first()
    if trunk is None:
        return None
    return TrunkConfig(
        id=trunk.pk,
        version=trunk.version,
        host=trunk.host,
        port=trunk.port,
        transport=trunk.transport,
        username=trunk.username,
        password=unseal(trunk.password_sealed, "trunk-password") if trunk.password_sealed else "",
        register=trunk.register,
        srtp=trunk.srtp,
        verify_tls=trunk.verify_tls,
        channel_limit=trunk.channel_limit,
        cps_limit=trunk.cps_limit,
        number_prefix=trunk.number_prefix,
        plus=trunk.plus,
        from_domain=trunk.from_domain,
    )


def load_tally(config: RoomConfig) -> Tally:
    """Today's counts, today being the organisation's, and the account of the legal window."""
    return load_tallies([config])[config.campaign]


def load_tallies(configs: Iterable[RoomConfig]) -> dict[int, Tally]:
    """The same by campaign, with a constant number of queries for those that are counted alike."""
    alike: dict[tuple[int, str], list[RoomConfig]] = defaultdict(list)
    for config in configs:
        alike[config.organisation, config.purpose].append(config)
    return {
        campaign: Tally(**counts)
        for (organisation, purpose), group in alike.items()
        for campaign, counts in _counts(organisation, purpose, group).items()
    }


def _counts(organisation: int, purpose: str, group: list[RoomConfig]) -> dict[int, dict[str, Any]]:
    now, zone = datetime.now(UTC), group[0].time_zone
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    law = rule_of(Organisation.objects.get(pk=organisation), purpose, gate_now())
    counted_since = window_start(law, now, zone)
    return campaign_counts([config.campaign for config in group], midnight.astimezone(UTC), counted_since)


def campaigns_to_run() -> list[int]:
    """Campaigns that need a daemon: all that are not stopped, and stopped ones with a call that has not ended."""
    live = Call.objects.filter(ended_at=None).values("campaign")
    wanted = ~Q(status=CampaignStatus.STOPPED) | Q(pk__in=live)
    return list(Campaign.objects.filter(wanted).values_list("id", flat=True).order_by("id"))
