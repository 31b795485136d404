"""The monthly compliance report as a page, a PDF and a CSV file."""

from __future__ import annotations

import io

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from accounts.services.record_audit import record_audit
from reporting.compliance_forms import MonthForm
from reporting.compliance_report import csv_file, page
from reporting.compliance_report import pdf as pdf_file
from reporting.compliance_report.figures import Report, build
from reporting.compliance_report.month import Month


@require_safe
@requires(Capability.SEE_CALLS)
def report(request: SignedInRequest) -> HttpResponse:
    """The figures of a month; the last whole one when none was asked for."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "reporting/compliance_report.html", {"form": form}, status=422)
    found = _build(request, form)
    return render(request, "reporting/compliance_report.html", {"form": form, **page.context(found)})


@require_safe
@requires(Capability.SEE_CALLS)
def pdf(request: SignedInRequest) -> HttpResponse:
    """The same for paper."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "reporting/compliance_report.html", {"form": form}, status=422)
    found, file = _build(request, form), io.BytesIO()
    pdf_file.write(found, file, request.user.organisation.country)
    return _attachment(request, file.getvalue(), found.month, "application/pdf", "pdf")


@require_safe
@requires(Capability.SEE_CALLS)
def csv(request: SignedInRequest) -> HttpResponse:
    """The same for a spreadsheet."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "reporting/compliance_report.html", {"form": form}, status=422)
    found, file = _build(request, form), io.StringIO(newline="")
    csv_file.write(found, file)
    return _attachment(
        request, file.getvalue().encode("utf-8-sig"), found.month, "text/csv; charset=utf-8", "csv"
    )


def _form(request: SignedInRequest) -> MonthForm:
    return MonthForm({"month": request.GET.get("month") or str(Month.before(timezone.localdate()))})


def _build(request: SignedInRequest, form: MonthForm) -> Report:
    return build(request.user.organisation, form.cleaned_data["month"], timezone.now())


def _attachment(
    request: SignedInRequest, content: bytes, month: Month, content_type: str, suffix: str
) -> HttpResponse:
    organisation = request.user.organisation
    record_audit(organisation, request.user, "compliance_report.taken", str(month), after={"form": suffix})
    name = f"compliance-{month}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)
