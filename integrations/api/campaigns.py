"""Campaigns, as other systems' drop-downs list them."""

from __future__ import annotations

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from campaigns.models import Campaign

from .base import Endpoint

FIELDS = ("id", "name", "method", "status")


class Campaigns(Endpoint):
    """All campaigns of the organisation, by name."""

    scopes = {"GET": Scope.CAMPAIGNS_READ}

    def get(self, request: Request) -> Response:
        """``?fields=id,name`` narrows what is told of each."""
        wanted = request.query_params.get("fields", ",".join(FIELDS)).split(",")
        if unknown := [name for name in wanted if name not in FIELDS]:
            raise ValidationError(
                {"fields": f"Unknown: {', '.join(unknown)}. Choose from {', '.join(FIELDS)}."}
            )
        found = Campaign.objects.filter(organisation=self.organisation).order_by("name")
        return Response(list(found.values(*wanted)))
