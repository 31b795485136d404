"""Reading a campaign's settings and counts for its room."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Organisation
from accounts.sealing import unseal
from agents.models import PauseCode
from campaigns.choices import CampaignStatus
from campaigns.lawful import held_back, lawful_rule
from campaigns.models import Campaign
from campaigns.services.prepare_prompt import playable_prompt
from compliance.clock import gate_now
from compliance.law.abandonment import rule_of, window_start
from compliance.values import CallerIdOffer
from dialer.bus.trunks import TrunkConfig
from dialer.calls.addresses import is_loopback
from dialer.calls.models import Call, Trunk
from dialer.calls.selectors import campaign_counts

from .room.config import DispositionRule, RoomConfig, Tally, TrunkRule
from .rosters import load_roster

STATUS_NOTES = {
    CampaignStatus.STOPPED: "The campaign is stopped",
    CampaignStatus.PAUSED: "The campaign is paused",
    CampaignStatus.DRAINING: "The campaign is draining: calls end, no new ones start",
}


def load_config(campaign_id: int) -> RoomConfig | None:
    """The campaign as it stands in the database, None where it is gone."""
    campaign = Campaign.objects.select_related("organisation").filter(pk=campaign_id).first()
    if campaign is None:
        return None
    organisation = campaign.organisation
    law = lawful_rule(campaign)
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
        caller_ids=_caller_ids(campaign),
        trunks=tuple(_trunk_rule(trunk) for trunk in campaign_trunks(campaign)),
        dispositions=_dispositions(campaign),
        pause_codes=tuple(PauseCode.objects.filter(organisation=organisation).values_list("code", "name")),
        purpose=campaign.purpose,
        topic=campaign.topic,
        consent_need=campaign.consent_need,
        check_reassigned=campaign.check_reassigned,
        roster=load_roster(campaign),
        abandon_target=campaign.abandon_target,
        dial_ratio=campaign.dial_ratio,
        measured_over=str(law.window),
        held_back=held_back(campaign, law),
    )


def _caller_ids(campaign: Campaign) -> tuple[CallerIdOffer, ...]:
    rows = campaign.caller_ids.filter(active=True).order_by("id")
    return tuple(CallerIdOffer(*row) for row in rows.values_list("number", "display_name", "attestation"))


def _by(what: str, who: str, at: datetime | None, zone: str) -> str:
    text = f"{what} by {who}" if who else what
    return f"{text} at {at.astimezone(ZoneInfo(zone)):%H:%M}." if at else f"{text}."


def _status_note(campaign: Campaign, zone: str) -> str:
    what = STATUS_NOTES.get(CampaignStatus(campaign.status), "")
    return _by(what, campaign.status_changed_by, campaign.status_changed_at, zone) if what else ""


def campaign_trunks(campaign: Campaign) -> list[Trunk]:
    """The trunks a campaign may use, best first: its own, or those bound to no campaign."""
    usable = Q(campaigns=campaign) | Q(campaigns__isnull=True)
    rows = Trunk.objects.filter(usable, organisation=campaign.organisation_id, enabled=True)
    return list(rows.distinct().order_by("-priority", "id"))


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


def _dispositions(campaign: Campaign) -> tuple[DispositionRule, ...]:
    return tuple(
        DispositionRule(
            id=row.pk,
            code=row.code,
            name=row.name,
            key=row.key,
            meaning=row.meaning,
            is_machine=row.is_machine,
            is_default=row.is_default,
        )
        for row in campaign.dispositions.filter(active=True)
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
    now = datetime.now(UTC)
    midnight = now.astimezone(ZoneInfo(config.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    organisation = Organisation.objects.get(pk=config.organisation)
    law = rule_of(organisation, config.purpose, gate_now())
    counted_since = window_start(law, now, config.time_zone)
    return Tally(**campaign_counts(config.campaign, midnight.astimezone(UTC), counted_since))


def campaigns_to_run() -> list[int]:
    """Campaigns that need a daemon: all that are not stopped, and stopped ones with a call that has not ended."""
    live = Call.objects.filter(ended_at=None).values("campaign")
    wanted = ~Q(status=CampaignStatus.STOPPED) | Q(pk__in=live)
    return list(Campaign.objects.filter(wanted).values_list("id", flat=True).order_by("id"))
