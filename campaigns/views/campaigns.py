"""Campaigns: see, make, change, run."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from campaigns.access import access_campaign
from campaigns.choices import METHOD_NOTES, CampaignStatus, Method
from campaigns.forms.campaign import (
    CampaignForm,
    DispositionFormSet,
    MessageForm,
    NewCampaignForm,
    RecycleForm,
)
from campaigns.history import recent_changes
from campaigns.lawful import held_back, lawful_rule
from campaigns.models import Campaign
from campaigns.overview import campaign_rows
from campaigns.prompts.wav import BadPrompt
from campaigns.services.campaign_status import (
    ChangedMeanwhile,
    NotReady,
    drain_campaign,
    pause_campaign,
    start_campaign,
    stop_campaign,
    what_is_missing,
)
from campaigns.services.create_campaign import create_campaign
from campaigns.services.prepare_prompt import prepare_prompt, prompt_path
from campaigns.services.save_campaign import SettingsChanged, save_campaign
from campaigns.services.save_dispositions import save_dispositions, save_recycle_rules
from campaigns.services.set_message import set_message
from campaigns.states import CampaignStep, IllegalStep, steps_from

sees = requires(Capability.SEE_SETUP)
edits = requires(Capability.EDIT_CAMPAIGNS)
STEPS = {
    CampaignStep.START: start_campaign,
    CampaignStep.PAUSE: pause_campaign,
    CampaignStep.DRAIN: drain_campaign,
    CampaignStep.STOP: stop_campaign,
}
SHOWN_AS = {"abandon_limit": "abandon_percent", "abandon_target": "target_percent"}
"""Setting → the form's field that asks for it in another unit."""
STEP_LOOKS = {
    CampaignStep.START: ("play", "Start"),
    CampaignStep.PAUSE: ("pause", "Pause"),
    CampaignStep.DRAIN: ("drain", "Drain"),
    CampaignStep.STOP: ("stop", "Stop"),
}


@require_safe
@sees
def campaigns(request: SignedInRequest) -> HttpResponse:
    """All campaigns with what is left to dial."""
    return render(request, "campaigns/campaigns.html", {"rows": campaign_rows(request.user.organisation_id)})


@require_http_methods(["GET", "HEAD", "POST"])
@edits
def new_campaign(request: SignedInRequest) -> HttpResponse:
    """Make one."""
    form = NewCampaignForm(request.POST or None, instance=Campaign(organisation=request.user.organisation))
    if request.method == "POST" and form.is_valid():
        try:
            campaign = create_campaign(request.user.organisation, request.user, **form.cleaned_data)
            prepare_prompt(campaign, request.user)
        except (ValidationError, BadPrompt) as error:
            put_errors(form, error)
        else:
            messages.success(request, f"“{campaign.name}” was made. Choose its caller IDs and hours.")
            return redirect("campaigns:campaign", campaign.pk)
    return render(request, "campaigns/new_campaign.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@sees
def campaign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Its settings."""
    found = _campaign_for(request, pk)
    form = CampaignForm(request.user.organisation, request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = form.cleaned_data
            changed = save_campaign(
                found, request.user, form.settings(), chosen["caller_ids"], chosen["trunks"], chosen["seen"]
            )
        except ValidationError as error:
            put_errors(form, error)
        except SettingsChanged as error:
            form.add_error(None, f"{error} Save again where yours are meant to hold.")
            form.look_again()
        else:
            messages.success(request, "The settings were saved." if changed else "Nothing was changed.")
            return redirect("campaigns:campaign", pk)
    return campaign_page(request, pk, "settings", {"form": form, **_settings_context(request, pk)})


def _settings_context(request: SignedInRequest, pk: int) -> dict[str, Any]:
    found = access_campaign(request.user, pk)
    return {
        "changes": recent_changes(found),
        "held_back": held_back(found, lawful_rule(found)),
        "method_notes": [(value, Method(value).label, note) for value, note in METHOD_NOTES.items()],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@sees
def dispositions(request: SignedInRequest, pk: int) -> HttpResponse:
    """What agents may say of a call."""
    found = _campaign_for(request, pk)
    formset = DispositionFormSet(request.POST or None, queryset=found.dispositions.all())
    error = ""
    if request.method == "POST" and formset.is_valid():
        rows = [form.instance for form in formset if form.instance.pk or form.has_changed()]
        try:
            save_dispositions(found, request.user, rows)
        except ValidationError as problem:
            error = " ".join(problem.messages)
        else:
            messages.success(request, "The dispositions were saved.")
            return redirect("campaigns:dispositions", pk)
    return campaign_page(request, pk, "dispositions", {"formset": formset, "error": error})


@require_http_methods(["GET", "HEAD", "POST"])
@sees
def recycling(request: SignedInRequest, pk: int) -> HttpResponse:
    """When leads are called again."""
    found = _campaign_for(request, pk)
    form = RecycleForm(request.POST or None, campaign=found)
    if request.method == "POST" and form.is_valid():
        save_recycle_rules(found, request.user, form.wanted())
        messages.success(request, "The rules were saved.")
        return redirect("campaigns:recycling", pk)
    return campaign_page(request, pk, "recycling", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@sees
def message(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a person hears when nobody is free."""
    found = _campaign_for(request, pk)
    form = MessageForm(request.POST or None, request.FILES or None, initial={"text": found.safe_harbour_text})
    if request.method == "POST" and form.is_valid():
        try:
            set_message(found, request.user, form.cleaned_data["text"], form.cleaned_data["recording"])
        except BadPrompt as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The message was made. Listen to it below.")
            return redirect("campaigns:message", pk)
    return campaign_page(request, pk, "message", {"form": form})


@require_safe
@sees
def message_audio(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The message as leads hear it."""
    found = access_campaign(request.user, pk)
    path = prompt_path(found.safe_harbour_prompt)
    if not found.safe_harbour_prompt or not path.is_file():
        raise Http404("This campaign has no message yet.")
    return FileResponse(path.open("rb"), content_type="audio/wav")


@require_POST
@requires(Capability.RUN_FLOOR)
def step(request: SignedInRequest, pk: int) -> HttpResponse:
    """Start, pause, drain or stop it."""
    found = access_campaign(request.user, pk, Capability.RUN_FLOOR)
    try:
        done = STEPS[CampaignStep(request.POST.get("step", ""))](found.pk, request.user)
    except (ValueError, KeyError):
        messages.error(request, "Choose start, pause, drain or stop.")
    except (IllegalStep, NotReady, ChangedMeanwhile) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{done.name}”: {CampaignStatus(done.status).label.lower()}.")
    return redirect("campaigns:campaign", pk)


def _campaign_for(request: SignedInRequest, pk: int) -> Campaign:
    """For seeing, or for changing where the page was sent in."""
    wanted = Capability.EDIT_CAMPAIGNS if request.method == "POST" else Capability.SEE_SETUP
    return access_campaign(request.user, pk, wanted)


def campaign_page(request: SignedInRequest, pk: int, tab: str, more: dict[str, Any]) -> HttpResponse:
    """One of the tabs of a campaign's pages, with what the head of them all shows."""
    found = access_campaign(request.user, pk)
    context = {
        "campaign": found,
        "tab": tab,
        "may_edit": request.user.can(Capability.EDIT_CAMPAIGNS),
        "may_run": request.user.can(Capability.RUN_FLOOR),
        "missing": what_is_missing(found),
        "steps": [(s.value, *STEP_LOOKS[s]) for s in steps_from(CampaignStatus(found.status))],
    }
    return render(request, f"campaigns/{tab}.html", context | more)


def put_errors(form: Any, error: ValidationError | BadPrompt) -> None:
    """A service's errors beside the fields they are about."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for stored, problems in error.error_dict.items():
            name = SHOWN_AS.get(stored, stored)
            form.add_error(name if name in form.fields else None, problems)
    else:
        form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
