"""The people of an organisation: list, take in, change, close."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, access_person, requires
from accounts.choices import Capability, Role
from accounts.forms import PasswordForm, PersonForm, RoleForm
from accounts.models import User
from accounts.selectors import people_of
from accounts.services.administrators import LastAdministrator
from accounts.services.change_role import change_role
from accounts.services.create_person import create_person
from accounts.services.deactivate_person import deactivate_person, reactivate_person
from accounts.services.set_password import invitation_path, set_password

PAGE_ROWS = 50
administers = requires(Capability.MANAGE_PEOPLE)


@require_safe
@administers
def people(request: SignedInRequest) -> HttpResponse:
    """Everybody in the organisation."""
    page = Paginator(people_of(request.user), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page_obj": page})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@administers
def new_person(request: SignedInRequest) -> HttpResponse:
    """Take somebody in."""
    form = PersonForm(request.POST or None, initial={"role": Role.AGENT})
    if request.method == "POST" and form.is_valid():
        try:
            person = create_person(request.user.organisation, request.user, **form.cleaned_data)
        except ValidationError as error:
            _put_errors(form, error)
        else:
            messages.success(request, f"{person.display_name} was added.")
            return redirect("accounts:person", person.pk)
    return render(request, "accounts/new_person.html", {"form": form})


@require_safe
@administers
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person, and what may be changed."""
    return _person_page(request, access_person(request.user, pk))


@require_POST
@administers
def role(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the person another role."""
    somebody, form = access_person(request.user, pk), RoleForm(request.POST)
    if not form.is_valid():
        return _person_page(request, somebody, role_form=form)
    return _change(
        request, somebody, lambda: change_role(somebody, form.cleaned_data["role"], request.user), "The role"
    )


@sensitive_post_parameters("password")
@require_POST
@administers
def password(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the person another password."""
    somebody, form = access_person(request.user, pk), PasswordForm(request.POST)
    if form.is_valid():
        try:
            set_password(somebody, form.cleaned_data["password"], request.user)
        except ValidationError as error:
            form.add_error("password", error)
        else:
            messages.success(request, f"{somebody.display_name} has a new password.")
            return redirect("accounts:person", pk)
    return _person_page(request, somebody, password_form=form)


@require_POST
@administers
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a link, this once, with which the person sets a password of their own."""
    somebody = access_person(request.user, pk)
    link = request.build_absolute_uri(invitation_path(somebody, request.user))
    return _person_page(request, somebody, link=link)


@require_POST
@administers
def active(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close the account, or open it again."""
    somebody = access_person(request.user, pk)
    verb = reactivate_person if request.POST.get("active") == "yes" else deactivate_person
    return _change(request, somebody, lambda: verb(somebody, request.user), "The account")


def _change(request: SignedInRequest, somebody: User, change: Callable[[], bool], what: str) -> HttpResponse:
    try:
        changed = change()
    except LastAdministrator as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{what} was changed." if changed else "Nothing had to be changed.")
    return redirect("accounts:person", somebody.pk)


def _person_page(request: SignedInRequest, somebody: User, **more: object) -> HttpResponse:
    forms = {"role_form": RoleForm(initial={"role": somebody.role}), "password_form": PasswordForm()}
    invalid = any(getattr(value, "errors", None) for value in more.values())
    return render(
        request, "accounts/person.html", {"person": somebody, **forms, **more}, status=422 if invalid else 200
    )


def _put_errors(form: PersonForm, error: ValidationError) -> None:
    for field, problems in getattr(error, "error_dict", {"password": error.error_list}).items():
        form.add_error(field if field in form.fields else None, problems)
