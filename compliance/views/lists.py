"""Pages of large lists and wildcards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability

from .. import tasks
from ..access import access_list, access_wildcard
from ..choices import VersionStatus
from ..clock import gate_now
from ..forms.lists import ChangeForm, ListForm, LoadForm, NumberForm, WildcardForm
from ..lists import files
from ..lists.problems import BadFile, Busy, Damaged
from ..lists.standing import on_which, row_of, state_of
from ..models import DncChange, DncList, DncVersion, Wildcard
from ..numbers import normalise, to_digits
from ..services.add_wildcard import add_wildcard
from ..services.apply_changes import apply_changes
from ..services.create_list import create_list
from ..services.remove_wildcard import remove_wildcard
from ..services.stage_upload import keep_upload, stage_upload
from ..services.switch_list import switch_list

manages = requires(Capability.MANAGE_DNC)
RUNNING = (VersionStatus.STAGED, VersionStatus.LOADING)
CHANGE_MOST_BYTES = 32 * 1024 * 1024
"""Changes are applied while the page waits: about a million lines."""
SHOWN_VERSIONS, SHOWN_CHANGES = 20, 20
LOOKS = {
    VersionStatus.STAGED: ("", "hourglass"),
    VersionStatus.LOADING: ("accent", "hourglass"),
    VersionStatus.READY: ("good", "check"),
    VersionStatus.FAILED: ("bad", "alert"),
    VersionStatus.RETIRED: ("", "clock"),
}
"""Tone and icon of a version's badge."""


@require_safe
@manages
def lists(request: SignedInRequest) -> HttpResponse:
    """All lists and wildcards, and what is wrong with them."""
    return _lists_page(request, WildcardForm())


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def new_list(request: SignedInRequest) -> HttpResponse:
    """Set one up."""
    form = ListForm(request.user.organisation, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_list(request.user.organisation, request.user, **form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, f"{made.name} was made. Load its numbers now.")
            return redirect("compliance:list", made.pk)
    return render(request, "compliance/new_list.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@manages
def one_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """One list with its versions, and the way to newer ones."""
    return _list_page(request, access_list(request.user, pk))


@require_POST
@manages
def load(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take in the whole list; it is loaded in the background."""
    dnc_list, form = access_list(request.user, pk), LoadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list_page(request, dnc_list, load_form=form)
    file, as_of = form.cleaned_data["file"], form.cleaned_data["as_of"]
    shrink = form.cleaned_data["accept_shrink"]
    try:
        version = stage_upload(dnc_list, request.user, file.name, file.chunks(), as_of, shrink)
    except BadFile as error:
        form.add_error("file", str(error))
        return _list_page(request, dnc_list, load_form=form)
    try:
        tasks.load_list_version.apply_async((version.pk,), retry=False)
    except OperationalError:
        messages.error(request, "The background work cannot be reached; the file is loaded when it is back.")
    return redirect("compliance:list", pk)


@require_POST
@manages
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Apply additions and deletions at once."""
    dnc_list, form = access_list(request.user, pk), ChangeForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            made = _apply(request, dnc_list, form)
        except (BadFile, Busy, Damaged) as error:
            form.add_error("file", str(error))
        else:
            messages.success(
                request, f"Change {made.sequence}: {made.added:,} added, {made.removed:,} deleted."
            )
            return redirect("compliance:list", pk)
    return _list_page(request, dnc_list, change_form=form)


@require_POST
@manages
def switch(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take it out of use, or into use again."""
    dnc_list = access_list(request.user, pk)
    switch_list(dnc_list, request.POST.get("active") == "1", request.user)
    messages.success(request, f"{dnc_list.name} is {'in' if dnc_list.active else 'out of'} use.")
    return redirect("compliance:list", pk)


@require_safe
@manages
def progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """How far a running load is: for the page that shows it."""
    version = _running(access_list(request.user, pk))
    if version is None:
        return JsonResponse({"running": False})
    loading = version.status == VersionStatus.LOADING
    state = {"running": True, "loading": loading, "done": version.bytes_done, "total": version.bytes_total}
    return JsonResponse(state)


@require_POST
@manages
def add_prefix(request: SignedInRequest) -> HttpResponse:
    """Block a prefix."""
    form = WildcardForm(request.POST)
    if form.is_valid():
        try:
            values = form.cleaned_data
            made = add_wildcard(request.user.organisation, values["begins"], request.user, values["note"])
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, f"Numbers that begin with +{made.prefix} are not called any more.")
            return redirect("compliance:lists")
    return _lists_page(request, form)


@require_POST
@manages
def remove_prefix(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a block away."""
    wildcard = access_wildcard(request.user, pk)
    remove_wildcard(wildcard, request.user)
    messages.success(request, f"Numbers that begin with +{wildcard.prefix} may be called again.")
    return redirect("compliance:lists")


def _apply(request: SignedInRequest, dnc_list: DncList, form: ChangeForm) -> DncChange:
    file = form.cleaned_data["file"]
    if file.size > CHANGE_MOST_BYTES:
        most = CHANGE_MOST_BYTES // 1024**2
        raise BadFile(f"Changes of more than {most} MB are applied with manage.py dnc apply.")
    path = keep_upload(files.new_name(dnc_list.pk, "upload"), file.chunks())
    try:
        return apply_changes(
            dnc_list,
            path,
            form.cleaned_data["as_of"],
            request.user,
            adding=form.adding,
            source_name=file.name,
            accept_shrink=form.cleaned_data["accept_shrink"],
        )
    finally:
        path.unlink(missing_ok=True)


def _lists_page(request: SignedInRequest, form: WildcardForm) -> HttpResponse:
    organisation = request.user.organisation
    asked = request.GET.get("number", "").strip()
    number = normalise(asked, organisation.country) if asked else None
    running = DncVersion.objects.filter(dnc_list__organisation=organisation, status__in=RUNNING)
    context = {
        "state": state_of(organisation.pk, gate_now()),
        "off": DncList.objects.filter(organisation=organisation, active=False),
        "wildcards": Wildcard.objects.filter(organisation=organisation),
        "form": form,
        "search": NumberForm(request.GET or None),
        "asked": asked,
        "number": number,
        "found": on_which(organisation.pk, to_digits(number)) if number else [],
        "running": set(running.values_list("dnc_list_id", flat=True)),
    }
    return render(request, "compliance/lists.html", context, status=422 if form.errors else 200)


def _list_page(
    request: SignedInRequest,
    dnc_list: DncList,
    load_form: LoadForm | None = None,
    change_form: ChangeForm | None = None,
) -> HttpResponse:
    versions = dnc_list.versions.select_related("created_by")[:SHOWN_VERSIONS]
    changes = DncChange.objects.filter(version__dnc_list=dnc_list).select_related("version", "created_by")
    context: dict[str, Any] = {
        "dnc_list": dnc_list,
        "row": row_of(dnc_list, gate_now()),
        "versions": [(version, *LOOKS[VersionStatus(version.status)]) for version in versions],
        "changes": changes.order_by("-id")[:SHOWN_CHANGES],
        "running": _running(dnc_list),
        "load_form": load_form or LoadForm(),
        "change_form": change_form or ChangeForm(auto_id="change_%s"),
    }
    status = 422 if load_form or change_form else 200
    return render(request, "compliance/list.html", context, status=status)


def _running(dnc_list: DncList) -> DncVersion | None:
    return dnc_list.versions.filter(status__in=RUNNING).first()


def _add_errors(form: Form, error: ValidationError) -> None:
    for name, problems in error.message_dict.items():
        form.add_error(name if name in form.fields else None, problems)
