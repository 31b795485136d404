"""Pages of the certificates of a signer, and of the authorities that give them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability

from ..access import access_certificate, access_root, access_signer
from ..forms.signing import InstallForm, PemForm, RequestForm
from ..services.install_certificate import install_certificate
from ..services.request_certificate import request_certificate
from ..services.retire_certificate import retire_certificate
from ..services.trust_root import distrust_root, trust_roots
from ..services.use_certificate import use_certificate
from ..stir.published import why_not_published
from .signing import signer_page, signing_page

manages = requires(Capability.MANAGE_TRUNKS)


@require_POST
@manages
def request_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new key and its request."""
    signer = access_signer(request.user, pk)
    form = RequestForm(request.POST)
    if form.is_valid():
        try:
            made = request_certificate(signer, request.user, form.cleaned_data["spc"])
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, "The key is made. Send the request to your authority (STI-CA).")
            return redirect("compliance:certificate", made.pk)
    return signer_page(request, signer, request_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def certificate(request: SignedInRequest, pk: int) -> HttpResponse:
    """A request with its download; takes the authority's answer."""
    found = access_certificate(request.user, pk)
    form = InstallForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        chain, x5u = form.cleaned_data["pem"], form.cleaned_data["x5u"]
        try:
            installed = install_certificate(found, request.user, chain=chain, x5u=x5u, now=timezone.now())
        except ValidationError as error:
            _tell(form, error, chain="pem")
        else:
            state = "It signs from now on." if installed.in_use else "Let it sign when you are ready."
            messages.success(request, f"The certificate is installed. {state}")
            return redirect("compliance:signer", installed.signer_id)
    return render(request, "compliance/certificate.html", {"certificate": found, "form": form})


@require_safe
@manages
def download_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """The request (CSR) as a file."""
    return _pem_file(access_certificate(request.user, pk).csr, "request.csr")


@require_safe
@manages
def download_chain(request: SignedInRequest, pk: int) -> HttpResponse:
    """The chain as it must lie where verifiers fetch it."""
    return _pem_file(access_certificate(request.user, pk).chain, "shaken.pem")


@require_POST
@manages
def look_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Fetch the chain from its address as a verifier does."""
    found = access_certificate(request.user, pk)
    problem = why_not_published(found)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, "The chain lies at its address. Verifiers will find it.")
    return redirect("compliance:certificate", pk)


@require_POST
@manages
def use(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let this one sign."""
    found = access_certificate(request.user, pk)
    try:
        use_certificate(found, request.user, timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "It signs from now on. Retire the one before when you are sure.")
    return redirect("compliance:signer", found.signer_id)


@require_POST
@manages
def retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """End it and destroy its key."""
    found = access_certificate(request.user, pk)
    try:
        retire_certificate(found, request.user, timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Its key is destroyed.")
    return redirect("compliance:signer", found.signer_id)


@require_POST
@manages
def trust(request: SignedInRequest) -> HttpResponse:
    """Trust authorities."""
    form = PemForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            made = trust_roots(
                request.user.organisation, request.user, form.cleaned_data["pem"], timezone.now()
            )
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, f"Newly trusted: {len(made)}.")
            return redirect("compliance:signing")
    return signing_page(request, form, 422)


@require_POST
@manages
def distrust(request: SignedInRequest, pk: int) -> HttpResponse:
    """Trust an authority no longer."""
    root = access_root(request.user, pk)
    distrust_root(root, request.user)
    messages.success(request, f"“{root.name}” is trusted no longer.")
    return redirect("compliance:signing")


def _pem_file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/x-pem-file", headers=headers)


def _tell(form: PemForm | RequestForm, error: ValidationError, **other_names: str) -> None:
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, problems in found.items():
        field = other_names.get(name, name)
        form.add_error(field if field in form.fields else None, problems)
