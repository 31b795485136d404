"""One call, told as events tell it."""

from __future__ import annotations

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from dialer.calls.models import Call
from dialer.calls.payloads import RELATIONS, call_disposed_payload

from .base import Endpoint


class OneCall(Endpoint):
    """The call that an event named, as it stands now."""

    scopes = {"GET": Scope.CALLS_READ}

    def get(self, request: Request, pk: str) -> Response:
        """The call in the shape of ``call.disposed``; 404 outside the organisation."""
        call = Call.objects.select_related(*RELATIONS).filter(organisation=self.organisation, pk=pk).first()
        if call is None:
            raise Http404("No such call.")
        return Response(call_disposed_payload(call))
