"""Subscribe and unsubscribe webhooks: one contract for Zapier, Make, n8n and whatever calls a web address."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organisation
from accounts.scopes import Scope
from campaigns.models import Campaign
from integrations.access import hook_of_key
from integrations.events import EVENT_TYPES, envelope
from integrations.models import Hook
from integrations.selectors import recent_events
from integrations.services.change_hook import remove_hook
from integrations.services.create_hook import Wish, create_hook

from .base import Endpoint
from .inputs import StrictInput

SAMPLES = 10


class HookInput(StrictInput):
    """What a subscription says."""

    target_url = serializers.CharField(max_length=500)
    event_types = serializers.ListField(child=serializers.CharField(), allow_empty=False, max_length=50)
    campaign = serializers.IntegerField(required=False, allow_null=True)
    secret = serializers.CharField(required=False, allow_blank=True, max_length=120)


def describe(hook: Hook, secret: str = "") -> dict[str, Any]:
    """A hook as the API tells of it; its secret only where it was just made."""
    told = {
        "id": hook.pk,
        "target_url": hook.target_url,
        "event_types": hook.event_types,
        "campaign": hook.campaign_id,
        "created_at": hook.created_at,
        "disabled_at": hook.disabled_at,
        "disabled_reason": hook.disabled_reason,
    }
    return {**told, "secret": secret} if secret else told


class Hooks(Endpoint):
    """The organisation's webhooks."""

    scopes = {"GET": Scope.HOOKS_READ, "POST": Scope.HOOKS_WRITE}

    def get(self, request: Request) -> Response:
        """All, newest first; ``?target_url=`` finds those that go there."""
        found = Hook.objects.filter(organisation=self.organisation)
        if target_url := request.query_params.get("target_url"):
            found = found.filter(target_url=target_url)
        return Response([describe(hook) for hook in found])

    def post(self, request: Request) -> Response:
        """201 with the new hook; 200 with the one that is there where the same was asked before."""
        given = HookInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = _wish(self.organisation, given.validated_data)
        made = create_hook(self.organisation, self.holder.name, wish, timezone.now(), key=self.key)
        code = status.HTTP_201_CREATED if made.created else status.HTTP_200_OK
        return Response(describe(made.hook, made.secret), status=code)


def _wish(organisation: Organisation, data: dict[str, Any]) -> Wish:
    campaign = None
    if (pk := data.get("campaign")) is not None:
        campaign = Campaign.objects.filter(organisation=organisation, pk=pk).first()
        if campaign is None:
            raise serializers.ValidationError(
                {"campaign": "No such campaign. GET /api/v1/campaigns lists them."}
            )
    return Wish(data["target_url"], data["event_types"], campaign, data.get("secret", ""))


class OneHook(Endpoint):
    """One webhook."""

    scopes = {"GET": Scope.HOOKS_READ, "DELETE": Scope.HOOKS_WRITE}

    def get(self, request: Request, pk: str) -> Response:
        """The hook; 404 outside the organisation."""
        return Response(describe(hook_of_key(self.key, pk)))

    def delete(self, request: Request, pk: str) -> Response:
        """204, whether it was there or is gone already."""
        hook = Hook.objects.filter(organisation=self.organisation, pk=pk).first()
        if hook is not None:
            remove_hook(hook, self.holder.name)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Samples(Endpoint):
    """Real events of the recent past, in the shape in which they are delivered."""

    scopes = {"GET": Scope.HOOKS_READ}

    def get(self, request: Request, event: str) -> Response:
        """The last ten, newest first, each with its own ``id``; 404 for an event that does not exist."""
        if event not in EVENT_TYPES:
            raise Http404(f"No such event. There are: {', '.join(EVENT_TYPES)}.")
        return Response([envelope(item) for item in recent_events(self.organisation, event, SAMPLES)])
