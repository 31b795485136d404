"""What all endpoints have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey, Organisation
from integrations.authentication import ApiKeyAuthentication, KeyHolder
from integrations.errors import answer_error
from integrations.permissions import ANY_KEY, HasScope
from integrations.throttles import KeyThrottle


class Endpoint(APIView):
    """A view for keys: authenticated, scoped, throttled, with errors of one shape."""

    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [KeyThrottle]
    scopes: ClassVar[dict[str, str]] = {}
    """Method → the scope it asks for; a method that is not named is refused."""

    def get_exception_handler(self) -> Callable[..., Response | None]:
        """Our shape of errors."""
        return answer_error

    @property
    def key(self) -> ApiKey:
        """The caller's key."""
        return self.holder.key

    @property
    def holder(self) -> KeyHolder:
        """The caller."""
        holder = self.request.user
        assert isinstance(holder, KeyHolder)
        return holder

    @property
    def organisation(self) -> Organisation:
        """The only organisation whose objects this request may touch."""
        return self.holder.organisation


class Me(Endpoint):
    """Whose key this is: what other systems call to test a connection."""

    scopes = {"GET": ANY_KEY}

    def get(self, request: Request) -> Response:
        """The key and its organisation."""
        key = self.key
        return Response(
            {
                "organisation": {"id": self.organisation.pk, "name": self.organisation.name},
                "key": {
                    "name": key.name,
                    "prefix": key.prefix,
                    "scopes": key.scopes,
                    "expires_at": key.expires_at,
                },
                "server_time": timezone.now(),
            }
        )


class Unknown(Endpoint):
    """Any other address below ``/api/v1/``."""

    scopes = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), ANY_KEY)

    def _refuse(self, request: Request, **rest: Any) -> Response:
        raise NotFound("There is no such endpoint. docs/integrations.md lists them.")

    get = post = put = patch = delete = _refuse
