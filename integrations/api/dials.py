"""Dials that another system asks for: they pass the room and the gate as an agent's own do."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.conf import settings
from redis.exceptions import RedisError
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from agents.models import AgentSession
from agents.rooms import NO_ENGINE, ask_room
from dialer.bus import schemas
from dialer.bus.streams import connect

from .base import Endpoint
from .inputs import StrictInput

NUMBER_LENGTH = 24


class DialInput(StrictInput):
    """For whom, and one of a number and a lead."""

    agent = serializers.CharField(max_length=150)
    number = serializers.CharField(required=False, max_length=NUMBER_LENGTH)
    lead = serializers.IntegerField(required=False, min_value=1)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """Exactly one to dial."""
        if ("number" in attrs) == ("lead" in attrs):
            raise serializers.ValidationError("Give either “number” or “lead”.")
        return attrs


class NotDialed(APIException):
    """The room or the gate said no, in words."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_dialed"


class Dials(Endpoint):
    """Calls placed for an agent who is signed in to a campaign."""

    scopes = {"POST": Scope.DIALS_WRITE}

    def post(self, request: Request) -> Response:
        """Dial now: 201 with the call's id; 409 with the reason where the room or the gate refuses."""
        wish = DialInput(data=request.data)
        wish.is_valid(raise_exception=True)
        asked = dict(wish.validated_data)
        session = self._session(asked.pop("agent"))
        answer = async_to_sync(_dial)(session, {**asked, "by_system": True})
        if isinstance(answer, schemas.Failed):
            raise NotDialed(answer.message)
        return Response(answer.data, status=status.HTTP_201_CREATED)

    def _session(self, username: str) -> AgentSession:
        sessions = AgentSession.objects.select_related("agent").filter(
            organisation=self.organisation, agent__username=username, ended_at=None
        )
        session = sessions.exclude(campaign=None).first()
        if session is None:
            raise serializers.ValidationError(
                {"agent": ["No such agent is signed in to a campaign. Let the agent join one first."]}
            )
        return session


async def _dial(session: AgentSession, args: dict[str, object]) -> schemas.Done | schemas.Failed:
    """A connection of its own: each request runs in a loop of its own."""
    redis = connect(settings.REDIS_URL, max_connections=2)
    try:
        assert session.campaign_id is not None
        return await ask_room(redis, session.campaign_id, session.agent, session.pk, "dial", args)
    except (RedisError, OSError, TimeoutError):
        return NO_ENGINE
    finally:
        await redis.aclose()
