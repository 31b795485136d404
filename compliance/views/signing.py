"""Pages of signers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability

from ..access import access_signer
from ..choices import SignerKind
from ..forms.signing import PemForm, RequestForm, SignerForm, TryForm
from ..models import Certificate, Signer, TrustedRoot
from ..services.save_signer import save_signer
from ..stir.sample import sign_sample
from ..stir.validity import rows

manages = requires(Capability.MANAGE_TRUNKS)


@require_safe
@manages
def signing(request: SignedInRequest) -> HttpResponse:
    """All signers with their certificates, and the authorities that are trusted."""
    return signing_page(request, PemForm())


def signing_page(request: SignedInRequest, roots_form: PemForm, status: int = 200) -> HttpResponse:
    """The page, with the form of the authorities as it stands."""
    now = timezone.now()
    open_ones = Prefetch("certificates", Certificate.objects.filter(retired_at=None))
    signers = Signer.objects.filter(organisation=request.user.organisation_id)
    found = signers.prefetch_related(open_ones, "trunks").order_by("-active", "name")
    context = {
        "signers": [(signer, rows(signer.certificates.all(), now)) for signer in found],
        "roots": TrustedRoot.objects.filter(organisation=request.user.organisation_id),
        "roots_form": roots_form,
        "now": now,
    }
    return render(request, "compliance/signing.html", context, status=status)


@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@manages
def new_signer(request: SignedInRequest) -> HttpResponse:
    """Add one."""
    signer = Signer(organisation=request.user.organisation)
    form = SignerForm(signer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        signer.kind = form.cleaned_data["kind"]
        if _save(request, signer, form):
            return redirect("compliance:signer", signer.pk)
    return render(request, "compliance/new_signer.html", {"form": form})


@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@manages
def signer(request: SignedInRequest, pk: int) -> HttpResponse:
    """A signer's settings and certificates."""
    found = access_signer(request.user, pk)
    form = SignerForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid() and _save(request, found, form):
        return redirect("compliance:signer", pk)
    return signer_page(request, access_signer(request.user, pk), form=form)


@require_POST
@manages
def try_signer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign a call that is not made, and show what was signed."""
    found = access_signer(request.user, pk)
    form = TryForm(request.POST)
    sample = sign_sample(found, timezone.now(), **form.cleaned_data) if form.is_valid() else None
    return signer_page(request, found, try_form=form, sample=sample)


def signer_page(request: SignedInRequest, found: Signer, **forms: Any) -> HttpResponse:
    """The page of one signer, with those of its forms that hold something."""
    context = {
        "signer": found,
        "rows": rows(found.certificates.all(), timezone.now()),
        "is_local": found.kind == SignerKind.LOCAL,
        "form": SignerForm(found),
        "request_form": RequestForm(),
        "try_form": TryForm(),
    }
    return render(request, "compliance/signer.html", context | forms)


def _save(request: SignedInRequest, signer: Signer, form: SignerForm) -> bool:
    try:
        save_signer(signer, request.user, **form.values())
    except ValidationError as error:
        for name, problems in error.message_dict.items():
            form.add_error(name if name in form.fields else None, problems)
        return False
    messages.success(request, f"“{signer.name}” was saved. Calls are signed so from now on.")
    return True
