"""The marks of views, and fetching objects within the organisation."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.views import View
from rest_framework.views import APIView

from accounts.access import access_object, access_person, by_api_key, public, requires, signed_in
from accounts.choices import Capability, Role
from accounts.middleware import DenyByDefaultMiddleware
from accounts.models import User

from .makers import make_organisation, make_person

pytestmark = pytest.mark.integration


def entered(view, user) -> int:
    """The status that the middleware gives; 0 where it lets through."""
    request = RequestFactory().get("/somewhere/")
    request.user = user
    answer = DenyByDefaultMiddleware(lambda request: HttpResponse()).process_view(request, view, [], {})
    return answer.status_code if answer is not None else 0


def page(request):
    return HttpResponse()


class Board(View):
    """A page as a class."""


class Api(APIView):
    """A resource."""


def test_a_view_without_a_mark_is_closed_to_everybody(admin):
    assert entered(page, admin) == 403
    assert entered(Board.as_view(), admin) == 403
    assert entered(page, AnonymousUser()) == 403


def test_a_mark_on_a_class_holds_for_the_view_made_of_it(admin, people):
    marked = requires(Capability.MANAGE_PEOPLE)(type("Marked", (Board,), {})).as_view()
    assert entered(marked, admin) == 0
    assert entered(marked, people[Role.SUPERVISOR]) == 403
    assert entered(marked, AnonymousUser()) == 302


def test_a_mark_on_a_resource_holds_for_the_view_made_of_it():
    assert entered(by_api_key(type("Marked", (Api,), {})).as_view(), AnonymousUser()) == 0


def test_a_public_page_is_open_and_a_signed_in_one_asks(people):
    assert entered(public(lambda request: HttpResponse()), AnonymousUser()) == 0
    mine = signed_in(lambda request: HttpResponse())
    assert entered(mine, AnonymousUser()) == 302
    assert entered(mine, people[Role.AGENT]) == 0


def test_a_closed_account_can_do_nothing(admin):
    admin.is_active = False
    assert entered(requires(Capability.MANAGE_PEOPLE)(lambda request: HttpResponse()), admin) == 403


def test_an_object_of_another_organisation_does_not_exist(admin):
    stranger = make_person(make_organisation("Elsewhere"), "stranger")
    with pytest.raises(Http404):
        access_person(admin, stranger.pk)


def test_an_object_needs_the_capability(people, admin):
    with pytest.raises(PermissionDenied):
        access_object(User.objects.all(), people[Role.SUPERVISOR], admin.pk, Capability.MANAGE_PEOPLE)
    assert access_person(admin, people[Role.AGENT].pk) == people[Role.AGENT]
