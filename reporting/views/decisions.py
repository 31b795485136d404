"""The gate's decisions, newest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from campaigns.models import Campaign
from compliance.clock import gate_now
from compliance.evidence.words import told
from compliance.models import Decision
from compliance.numbers import to_e164
from reporting.compliance_forms import DecisionSearchForm
from reporting.numbers import shown_number
from reporting.selectors.decisions import (
    DecisionPage,
    DecisionSearch,
    decision_page,
    refusal_counts,
    search_decisions,
)
from reporting.why.masking import without


@require_safe
@requires(Capability.SEE_CALLS)
def decisions(request: SignedInRequest) -> HttpResponse:
    """Those that fit, with the refusals of the same time and campaign by reason."""
    form = DecisionSearchForm(request.user, request.GET)
    context: dict[str, object] = {"form": form, "page": DecisionPage([], 0, 0)}
    if form.is_valid():
        search = form.search(gate_now())
        page = _page(request, search)
        organisation = request.user.organisation_id
        counts = refusal_counts(organisation, search)
        context |= {"page": page, "rows": _rows(request, page), "counts": counts}
    status = 200 if form.is_valid() else 422
    return render(request, "reporting/decisions.html", context, status=status)


def _page(request: SignedInRequest, search: DecisionSearch) -> DecisionPage:
    found = search_decisions(request.user.organisation_id, search)
    return decision_page(found, older=_place(request, "older"), newer=_place(request, "newer"))


def _place(request: SignedInRequest, name: str) -> int:
    """A place in the chain; an address that names none shows the newest decisions."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _rows(request: SignedInRequest, page: DecisionPage) -> list[dict[str, object]]:
    names = dict(Campaign.objects.filter(organisation=request.user.organisation_id).values_list("pk", "name"))
    return [_row(request, decision, names) for decision in page.decisions]


def _row(request: SignedInRequest, decision: Decision, names: dict[int, str]) -> dict[str, object]:
    whole = to_e164(decision.number) if decision.number else ""
    shown = shown_number(request.user, whole) if whole else ""
    words = told(decision)
    return {
        "decision": decision,
        "told": without(words, whole, shown) if whole != shown else words,
        "number": shown or "not a number",
        "shown": _shown(decision),
        "campaign": names.get(decision.campaign, "removed"),
    }


def _shown(decision: Decision) -> str:
    """The short form of what a permitted dial showed."""
    number = decision.caller_id or "the trunk's own number"
    return f"Showed {number}, attested {decision.attestation}" if decision.attestation else f"Showed {number}"
