"""Pages of the ledger of consents."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability

from .. import tasks
from ..access import access_consent, access_consent_import
from ..choices import ConsentFile
from ..consent.drafts import BadConsent
from ..consent.exporting import begin_export
from ..consent.files import BadFile
from ..consent.queries import numbers_of_ledger, rnd_queries
from ..consent.standing import UnknownPlace, exemption, history, permissions
from ..forms.consent import ConsentFileForm, ConsentForm, ConsentSearchForm, RevokeForm
from ..models import Consent, ConsentImport
from ..numbers import normalise, to_digits
from ..services.record_consent import record_consent
from ..services.revoke_consent import revoke_consent
from ..services.stage_consents import stage_consents

manages = requires(Capability.MANAGE_DNC)
LAST_IMPORTS = 20
CSV_TYPE = "text/csv; charset=utf-8"


@require_safe
@manages
def consent(request: SignedInRequest) -> HttpResponse:
    """One number's history, and what may be said to it now."""
    return _page(request)


@require_POST
@manages
def record(request: SignedInRequest) -> HttpResponse:
    """Enter a consent or a relationship."""
    form = ConsentForm(request.user.organisation, request.POST, request.FILES)
    if form.is_valid():
        proof = form.cleaned_data["proof"]
        try:
            record_consent(request.user.organisation_id, form.draft(), request.user.username, proof)
        except BadConsent as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "Entered. The next decision sees it.")
            return _to_number(form.cleaned_data["number"])
    return _page(request, form, status=422)


@require_POST
@manages
def revoke(request: SignedInRequest) -> HttpResponse:
    """Revoke what a number has agreed to."""
    form = RevokeForm(request.user.organisation, request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect("compliance:consent")
    values, who = form.cleaned_data, request.user
    revoke_consent(
        who.organisation_id, values["number"], values["means"], text=values["text"], actor=who.username
    )
    messages.success(request, "Revoked. The next decision obeys it.")
    return _to_number(values["number"])


@require_safe
@manages
def proof(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The file that shows a consent, never opened in the browser."""
    entry = access_consent(request.user, pk)
    if not entry.proof:
        messages.error(request, "This entry has no file.")
        return redirect("compliance:consent")
    suffix = str(entry.proof.name).rpartition(".")[2]
    return FileResponse(
        entry.proof.open("rb"),
        as_attachment=True,
        filename=f"consent-{entry.pk}.{suffix}",
        content_type="application/octet-stream",
    )


@require_safe
@manages
def imports(request: SignedInRequest) -> HttpResponse:
    """Files that came in, and the form for the next."""
    return _imports_page(request, ConsentFileForm())


@require_POST
@manages
def upload(request: SignedInRequest) -> HttpResponse:
    """Take a file in and hand it to the background."""
    form = ConsentFileForm(request.POST, request.FILES)
    if form.is_valid():
        organisation, file = request.user.organisation, form.cleaned_data["file"]
        kind = ConsentFile(form.cleaned_data["kind"])
        try:
            job = stage_consents(
                organisation, request.user, kind, file.name, file.chunks(), form.answered_at()
            )
        except BadFile as error:
            form.add_error("file", str(error))
        else:
            return _send_off(request, job)
    return _imports_page(request, form, status=422)


@require_safe
@manages
def import_job(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where a file stands, and what was wrong with its rows."""
    return render(request, "compliance/consent_import.html", {"job": access_consent_import(request.user, pk)})


@require_POST
@manages
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand a file to the background once more: it goes on where it was cut off."""
    return _send_off(request, access_consent_import(request.user, pk))


@require_safe
@manages
def progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """How far a file is: for the page that shows it."""
    job = access_consent_import(request.user, pk)
    seconds = max((timezone.now() - job.created_at).total_seconds(), 0.001)
    rate = job.rows_done / seconds
    return JsonResponse(
        {
            "running": job.finished_at is None,
            "rows_done": job.rows_done,
            "rows_total": job.rows_total,
            "rows_a_second": round(rate),
            "seconds_left": max(job.rows_total - job.rows_done, 0) / rate if rate else None,
        }
    )


@require_safe
@manages
def export(request: SignedInRequest) -> HttpResponseBase:
    """The whole ledger as CSV."""
    pieces = begin_export(request.user.organisation, request.user)
    return _download(pieces, "consents.csv")


@require_safe
@manages
def questions(request: SignedInRequest) -> HttpResponseBase:
    """The query file for the Reassigned Numbers Database."""
    organisation = request.user.organisation_id
    rows = rnd_queries(organisation, numbers_of_ledger(organisation), timezone.now(), "")
    return _download(_as_csv(rows), "reassigned-numbers-queries.csv")


def _page(request: SignedInRequest, form: ConsentForm | None = None, status: int = 200) -> HttpResponse:
    organisation = request.user.organisation
    asked = (request.POST.get("number") or request.GET.get("number", "")).strip()
    number = normalise(asked, organisation.country) if asked else None
    context: dict[str, Any] = {
        "search": ConsentSearchForm({"number": asked} if asked else None, auto_id="search_%s"),
        "form": form or ConsentForm(organisation, initial={"number": number or ""}),
        "asked": asked,
        "number": number,
        "empty": not Consent.objects.filter(organisation=organisation).exists(),
    }
    if number is not None:
        context |= _about(request, number)
    return render(request, "compliance/consent.html", context, status=status)


def _about(request: SignedInRequest, number: str) -> dict[str, Any]:
    organisation, now = request.user.organisation, timezone.now()
    digits = to_digits(number)
    found: dict[str, Any] = {
        "events": history(organisation.pk, digits, now),
        "exemption": exemption(organisation.pk, digits, now),
        "revoke_form": RevokeForm(organisation, initial={"number": number}, auto_id="revoke_%s"),
    }
    try:
        found["permissions"] = permissions(organisation.pk, digits, now)
    except UnknownPlace as unknown:
        found["unknown_place"] = str(unknown)
    return found


def _to_number(number: str) -> HttpResponse:
    return redirect(reverse("compliance:consent", query={"number": number}))


def _imports_page(request: SignedInRequest, form: ConsentFileForm, status: int = 200) -> HttpResponse:
    jobs = ConsentImport.objects.filter(organisation=request.user.organisation_id)
    context = {"form": form, "jobs": jobs.select_related("created_by")[:LAST_IMPORTS]}
    return render(request, "compliance/consent_imports.html", context, status=status)


def _send_off(request: SignedInRequest, job: ConsentImport) -> HttpResponse:
    try:
        tasks.enter_consents.apply_async((job.pk,), retry=False)
    except OperationalError:
        messages.error(request, "The background work cannot be reached. Start it, then press “Go on”.")
    return redirect("compliance:consent_import", job.pk)


def _download(pieces: Iterator[str], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _as_csv(rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    for row in rows:
        text = io.StringIO()
        csv.writer(text).writerow(row)
        yield text.getvalue()
