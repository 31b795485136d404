"""Lists, leads and callbacks."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from campaigns.access import access_callback, access_lead, access_list, shown_number
from campaigns.choices import LeadStatus
from campaigns.forms.leads import LeadForm, LeadSearchForm, ListForm
from campaigns.models import Callback, Lead, LeadList
from campaigns.overview import LEAD_LOOKS, list_rows, status_counts
from campaigns.search import PAGE_ROWS, find_leads
from campaigns.services.save_lead import close_open_callback, retire_lead, save_lead
from campaigns.services.save_list import recycle_list, save_list

from .campaigns import put_errors

sees = requires(Capability.SEE_SETUP)
edits = requires(Capability.EDIT_CAMPAIGNS)
CALLBACK_ROWS = 200


@require_safe
@sees
def lists(request: SignedInRequest) -> HttpResponse:
    """All lists."""
    context = {
        "rows": list_rows(request.user.organisation_id),
        "may_edit": request.user.can(Capability.EDIT_CAMPAIGNS),
        "may_import": request.user.can(Capability.IMPORT_LEADS),
    }
    return render(request, "campaigns/lists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@edits
def new_list(request: SignedInRequest) -> HttpResponse:
    """Make a list."""
    return _list_form(request, LeadList(organisation=request.user.organisation))


@require_http_methods(["GET", "HEAD", "POST"])
@sees
def lead_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """A list: its settings and where its leads stand."""
    wanted = Capability.EDIT_CAMPAIGNS if request.method == "POST" else Capability.SEE_SETUP
    return _list_form(request, access_list(request.user, pk, wanted))


def _list_form(request: SignedInRequest, found: LeadList) -> HttpResponse:
    form = ListForm(request.user.organisation, request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_list(found, request.user, form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, f"The list “{saved.name}” was saved.")
            return redirect("campaigns:list", saved.pk)
    context = {
        "form": form,
        "lead_list": LeadList.objects.filter(pk=found.pk).select_related("campaign").first(),
        "counts": status_counts(found) if found.pk else [],
        "imports": found.imports.all()[:10] if found.pk else [],
        "may_edit": request.user.can(Capability.EDIT_CAMPAIGNS),
        "may_import": request.user.can(Capability.IMPORT_LEADS),
    }
    return render(request, "campaigns/list.html", context)


@require_POST
@edits
def recycle(request: SignedInRequest, pk: int) -> HttpResponse:
    """Dial the list's finished leads once more."""
    found = access_list(request.user, pk, Capability.EDIT_CAMPAIGNS)
    count = recycle_list(found, request.user, [LeadStatus.EXHAUSTED])
    messages.success(request, f"{count:,} leads that had no attempts left are new again.")
    return redirect("campaigns:list", pk)


@require_safe
@sees
def leads(request: SignedInRequest) -> HttpResponse:
    """Search leads."""
    form = LeadSearchForm(request.user.organisation, request.GET or None)
    words = form.cleaned_data if form.is_bound and form.is_valid() else {}
    after = request.GET.get("after", "")
    found, more = find_leads(request.user.organisation_id, words, int(after) if after.isdecimal() else 0)
    rows = [
        (
            lead,
            *LEAD_LOOKS.get(lead.status, ("", "")),
            [shown_number(request.user, p.number) for p in lead.phones.all()],
        )
        for lead in found
    ]
    context = {"form": form, "rows": rows, "more": more, "first": not after, "page_rows": PAGE_ROWS}
    return render(request, "campaigns/leads.html", context)


def _lead_row(request: SignedInRequest, lead: Lead) -> tuple[Lead, str, str, list[str]]:
    """The lead, its badge's tone and icon, its numbers as the person may see them."""
    tone, icon = LEAD_LOOKS.get(lead.status, ("", ""))
    return lead, tone, icon, [shown_number(request.user, phone.number) for phone in lead.phones.all()]


@require_http_methods(["GET", "HEAD", "POST"])
@edits
def new_lead(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a lead to a list by hand."""
    found = access_list(request.user, pk, Capability.EDIT_CAMPAIGNS)
    country = request.user.organisation.country
    return _lead_form(request, Lead(lead_list=found, organisation=found.organisation, country=country))


@require_http_methods(["GET", "HEAD", "POST"])
@sees
def lead(request: SignedInRequest, pk: int) -> HttpResponse:
    """A lead: what is known, where it stands, what may be changed."""
    wanted = Capability.EDIT_CAMPAIGNS if request.method == "POST" else Capability.SEE_SETUP
    return _lead_form(request, access_lead(request.user, pk, wanted))


def _lead_form(request: SignedInRequest, found: Lead) -> HttpResponse:
    phones = list(found.phones.all()) if found.pk else []
    numbers = "\n".join(phone.number for phone in phones)
    form = LeadForm(request.POST or None, instance=found, initial={"numbers": numbers})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in LeadForm.Meta.fields}
        try:
            saved = save_lead(found, request.user, values, form.cleaned_data["numbers"])
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, "The lead was saved.")
            return redirect("campaigns:lead", saved.pk)
    tone, icon = LEAD_LOOKS.get(found.status, ("", ""))
    context = {
        "form": form,
        "lead": found,
        "lead_list": found.lead_list,
        "phones": [(phone, shown_number(request.user, phone.number)) for phone in phones],
        "callback": found.callbacks.filter(done_at=None).select_related("agent").first()
        if found.pk
        else None,
        "tone": tone,
        "icon": icon,
        "may_edit": request.user.can(Capability.EDIT_CAMPAIGNS) and request.user.can(Capability.SEE_NUMBERS),
    }
    return render(request, "campaigns/lead.html", context)


@require_POST
@edits
def retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Never dial the lead again."""
    found = access_lead(request.user, pk, Capability.EDIT_CAMPAIGNS)
    if retire_lead(found.pk, request.user):
        messages.success(request, "The lead will not be dialed again.")
    else:
        messages.error(request, "The lead is in a call, or was done already. Look at its status.")
    return redirect("campaigns:lead", pk)


@require_safe
@sees
def callbacks(request: SignedInRequest) -> HttpResponse:
    """Promised calls, the next first."""
    rows = Callback.objects.filter(organisation=request.user.organisation_id, done_at=None)
    context = {
        "rows": rows.select_related("lead", "agent", "campaign").order_by("due_at")[:CALLBACK_ROWS],
        "now": timezone.now(),
        "limit": CALLBACK_ROWS,
        "may_edit": request.user.can(Capability.EDIT_CAMPAIGNS),
    }
    return render(request, "campaigns/callbacks.html", context)


@require_POST
@edits
def close_callback(request: SignedInRequest, pk: int) -> HttpResponse:
    """The call is not wanted any more."""
    if close_open_callback(access_callback(request.user, pk), request.user):
        messages.success(request, "The callback was closed; the lead waits with the others.")
    else:
        messages.error(request, "This callback was called or closed already.")
    return redirect("campaigns:callbacks")
