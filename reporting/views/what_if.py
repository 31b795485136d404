"""What if: ask, watch, compare."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from campaigns.models import Campaign
from reporting.access import access_simulation
from reporting.models import Simulation
from reporting.selectors.simulations import last_simulations, seconds_left
from reporting.services.start_simulation import UNFINISHED, TooMany, cancel_simulation, start_simulation
from reporting.tasks import answer_what_if
from reporting.what_if.asking import Ground, Question, ground_of
from reporting.what_if.page import context, side_words
from reporting.what_if_forms import HistoryForm

asks = requires(Capability.RUN_FLOOR)


@require_http_methods(["GET", "HEAD", "POST"])
@asks
def what_if(request: SignedInRequest) -> HttpResponse:
    """The question: settings beside those of now, on the history that is shown."""
    earlier = _earlier(request)
    history_form = HistoryForm(request.user.organisation_id, _whose(request, earlier))
    if not history_form.is_valid():
        return _page(
            request, {"history_form": history_form}, 422 if history_form["campaign"].value() else 200
        )
    chosen = history_form.cleaned_data
    ground = ground_of(chosen["campaign"], chosen["list"], timezone.now())
    question = Question(ground, request.POST if request.method == "POST" else None, earlier)
    if request.method == "POST" and (answer := _ask(request, ground, question)) is not None:
        return answer
    parts = {
        "history_form": history_form,
        "ground": ground,
        "question": question,
        "now": side_words(ground.now),
    }
    return _page(request, parts, 422 if request.method == "POST" else 200)


@require_safe
@asks
def simulation(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is, or what came of it."""
    found = access_simulation(request.user, pk)
    parts = {"simulation": found, "running": found.status in UNFINISHED}
    return render(request, "reporting/simulation.html", parts | context(found))


@require_safe
@asks
def progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """How far it is: for the page that shows it."""
    found = access_simulation(request.user, pk)
    return JsonResponse(
        {
            "running": found.status in UNFINISHED,
            "begun": found.seen_at is not None,
            "done": found.progress,
            "seconds_left": seconds_left(found, timezone.now()),
        }
    )


@require_POST
@asks
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """End it."""
    if cancel_simulation(access_simulation(request.user, pk)):
        messages.success(request, "The simulation was cancelled.")
    else:
        messages.error(request, "The simulation had ended already.")
    return redirect("reporting:simulation", pk)


@require_POST
@asks
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand it to the background once more: a run that is alive keeps it."""
    return _send_off(request, access_simulation(request.user, pk))


def _ask(request: SignedInRequest, ground: Ground, question: Question) -> HttpResponse | None:
    """Start what was asked; None where the forms say what is wrong."""
    plan = question.plan()
    if plan is None:
        return None
    try:
        started = start_simulation(request.user, ground.campaign, ground.lead_list, plan)
    except TooMany as problem:
        question.shift.add_error(None, str(problem))
        return None
    return _send_off(request, started)


def _send_off(request: SignedInRequest, found: Simulation) -> HttpResponse:
    """To the background; it waits where no worker can be reached, and the page says so."""
    try:
        answer_what_if.apply_async((found.pk,), retry=False)
    except OperationalError:
        messages.error(
            request, "The background work cannot be reached. Start it: the simulation waits for it."
        )
    return redirect("reporting:simulation", found.pk)


def _earlier(request: SignedInRequest) -> Simulation | None:
    """The question that this one begins from."""
    pk = request.GET.get("from", "")
    return access_simulation(request.user, int(pk)) if pk.isdecimal() and len(pk) < 19 else None


def _whose(request: SignedInRequest, earlier: Simulation | None) -> dict[str, Any]:
    """The campaign and list asked for; without a word the earlier question's, or the campaign that is first."""
    given = request.POST if request.method == "POST" else request.GET
    if given.get("campaign"):
        return {"campaign": given["campaign"], "list": given.get("list", "")}
    if earlier is not None and earlier.campaign_id:
        return {"campaign": earlier.campaign_id, "list": earlier.lead_list_id or ""}
    running_first = Campaign.objects.filter(organisation=request.user.organisation_id).order_by(
        "status", "name"
    )
    return {"campaign": running_first.values_list("pk", flat=True).first(), "list": ""}


def _page(request: SignedInRequest, parts: dict[str, Any], status: int) -> HttpResponse:
    parts["earlier"] = last_simulations(request.user.organisation_id)
    return render(request, "reporting/what_if.html", parts, status=status)
