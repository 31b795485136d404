"""The commands of the floor's socket, each a call of the service that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404

from accounts.choices import Capability
from accounts.models import User
from campaigns.models import Campaign
from campaigns.services.campaign_status import (
    ChangedMeanwhile,
    NotReady,
    drain_campaign,
    pause_campaign,
    start_campaign,
    stop_campaign,
)
from campaigns.services.save_campaign import SettingsChanged
from campaigns.states import IllegalStep
from dialer.bus.schemas import Done, Failed
from dialer.live.commands import Arguments, Commands, CommandSpec, NoArguments
from reporting.services.switch_dialing import resume_all, stop_all

from .access import access_floor_campaign
from .live_settings import BadValue, ChangeArguments, change_settings, live_settings
from .selectors.floor import floor_rows


class CampaignArguments(Arguments, frozen=True, kw_only=True):
    """The campaign that is meant."""

    campaign: int


CAMPAIGN_VERBS: dict[str, Callable[[int, User], Campaign]] = {
    "start": start_campaign,
    "pause": pause_campaign,
    "drain": drain_campaign,
    "stop": stop_campaign,
}
COMMANDS: Commands = {
    **{name: CommandSpec(CampaignArguments, Capability.RUN_FLOOR) for name in CAMPAIGN_VERBS},
    "settings": CommandSpec(CampaignArguments, Capability.SEE_SETUP),
    "change_settings": CommandSpec(ChangeArguments, Capability.EDIT_CAMPAIGNS),
    "stop_all": CommandSpec(NoArguments, Capability.RUN_FLOOR),
    "resume_all": CommandSpec(NoArguments, Capability.RUN_FLOOR),
}


def run(person: User, name: str, args: Any) -> Done | Failed:
    """Carry out a checked command; the answer's ``rows`` are the floor as it stands afterwards."""
    try:
        data = _do(person, name, args)
    except Http404:
        return Failed(code="not_found", message="This campaign does not exist any more. Load the page again.")
    except NotReady as error:
        return Failed(code="refused", message=str(error))
    except (IllegalStep, ChangedMeanwhile) as error:
        return Failed(code="wrong_state", message=str(error))
    except SettingsChanged as error:
        return Failed(code="changed", message=str(error))
    except BadValue as error:
        return Failed(code="bad_value", message=str(error))
    return Done(data={**data, "rows": floor_rows(person.organisation_id)})


def _do(person: User, name: str, args: Any) -> dict[str, Any]:
    if name == "stop_all":
        return {"live_calls": stop_all(person)}
    if name == "resume_all":
        resume_all(person)
        return {}
    if name == "settings":
        return {"settings": live_settings(person, args.campaign)}
    if name == "change_settings":
        return {"settings": change_settings(person, args)}
    campaign = access_floor_campaign(person, args.campaign)
    CAMPAIGN_VERBS[name](campaign.pk, person)
    return {}
