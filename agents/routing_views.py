"""Pages of routing: a campaign's agents, a person's skills and campaigns, the organisation's skills."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, access_person, check_capability, requires
from accounts.choices import Capability
from accounts.models import User
from campaigns.access import access_campaign, access_skill
from campaigns.models import Campaign, Skill
from campaigns.services.save_campaign import save_campaign
from campaigns.services.save_skill import delete_skill, save_skill
from campaigns.views.campaigns import campaign_page

from .forms import RanksForm, RoutingForm, SkillForm
from .selectors import people_who_take_calls
from .services.save_talents import save_shared_agents, save_talents


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.SEE_SETUP)
def campaign_agents(request: SignedInRequest, pk: int) -> HttpResponse:
    """How a campaign routes, and which agents it shares with others."""
    posted = request.method == "POST"
    found = access_campaign(request.user, pk, Capability.EDIT_CAMPAIGNS if posted else Capability.SEE_SETUP)
    routing = RoutingForm(request.POST or None, initial={"routing": found.routing})
    people = [(who.pk, who.display_name) for who in people_who_take_calls(found.organisation_id)]
    known = dict(found.shared_agents.values_list("agent", "rank"))
    ranks = RanksForm(request.POST or None, rows=people, known=known, prefix="rank")
    if posted and routing.is_valid() and ranks.is_valid():
        changed = save_campaign(found, request.user, routing.cleaned_data)
        changed |= save_shared_agents(found, request.user, ranks.wanted())
        messages.success(request, "The routing was saved." if changed else "Nothing was changed.")
        return redirect("routing:campaign", pk)
    return campaign_page(request, pk, "agents", {"routing": routing, "ranks": ranks})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.MANAGE_PEOPLE)
def person_talents(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a person can, and the campaigns that share them."""
    person = access_person(request.user, pk)
    levels, ranks = _level_form(request, person), _rank_form(request, person)
    if request.method == "POST" and levels.is_valid() and ranks.is_valid():
        changed = save_talents(person, request.user, levels.wanted(), ranks.wanted())
        messages.success(request, "Skills and campaigns were saved." if changed else "Nothing was changed.")
        return redirect("routing:person", pk)
    return render(request, "routing/person.html", {"person": person, "levels": levels, "ranks": ranks})


def _level_form(request: SignedInRequest, person: User) -> RanksForm:
    rows = Skill.objects.filter(organisation=person.organisation_id).values_list("id", "name")
    known = dict(person.skills.values_list("skill", "level"))
    return RanksForm(request.POST or None, rows=rows, known=known, prefix="level")


def _rank_form(request: SignedInRequest, person: User) -> RanksForm:
    rows = Campaign.objects.filter(organisation=person.organisation_id).values_list("id", "name")
    known = dict(person.campaigns.values_list("campaign", "rank"))
    return RanksForm(request.POST or None, rows=rows, known=known, prefix="rank")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.SEE_SETUP)
def skills(request: SignedInRequest) -> HttpResponse:
    """The organisation's skills; make another."""
    if request.method == "POST":
        check_capability(request.user, Capability.EDIT_CAMPAIGNS)
    form = SkillForm(request.POST or None, instance=Skill(organisation=request.user.organisation))
    if request.method == "POST" and form.is_valid() and _saved(request, form, form.instance):
        return redirect("routing:skills")
    rows = Skill.objects.filter(organisation=request.user.organisation_id)
    counted = rows.annotate(people=Count("agents", distinct=True), asked=Count("lists", distinct=True))
    context = {
        "form": form,
        "rows": counted.order_by("name"),
        "may_edit": request.user.can(Capability.EDIT_CAMPAIGNS),
    }
    return render(request, "routing/skills.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.EDIT_CAMPAIGNS)
def skill(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a skill."""
    found = access_skill(request.user, pk)
    name = found.name
    form = SkillForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid() and _saved(request, form, access_skill(request.user, pk)):
        return redirect("routing:skills")
    return render(request, "routing/skill.html", {"form": form, "skill": found, "name": name})


def _saved(request: SignedInRequest, form: SkillForm, found: Skill) -> bool:
    if not found.pk:
        found = Skill(organisation=request.user.organisation)
    try:
        save_skill(found, request.user, form.cleaned_data["name"])
    except ValidationError:
        form.add_error("name", "There is a skill of this name already.")
        return False
    messages.success(request, f"The skill “{found.name}” was saved.")
    return True


@require_POST
@requires(Capability.EDIT_CAMPAIGNS)
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a skill away."""
    found = access_skill(request.user, pk)
    delete_skill(found, request.user)
    messages.success(request, f"The skill “{found.name}” was taken away.")
    return redirect("routing:skills")
