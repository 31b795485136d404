"""Do-not-call requests that reached another system: they hold here from the answer on."""

from __future__ import annotations

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from compliance.choices import DncSource
from compliance.numbers import InvalidNumbers
from compliance.services.add_to_dnc import NOTE_LENGTH, add_to_dnc

from .base import Endpoint
from .inputs import StrictInput

NUMBERS_AT_ONCE = 5000
NUMBER_LENGTH = 24


class DoNotCallInput(StrictInput):
    """The numbers, E.164 or as they are dialed in the United States, and where the request came from."""

    numbers = serializers.ListField(
        child=serializers.CharField(max_length=NUMBER_LENGTH), allow_empty=False, max_length=NUMBERS_AT_ONCE
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_LENGTH, default="")


class DoNotCall(Endpoint):
    """The organisation's own list."""

    scopes = {"POST": Scope.DNC_WRITE}

    def post(self, request: Request) -> Response:
        """Add numbers; those that are on the list already stay. Nothing is added where one cannot be read."""
        wish = DoNotCallInput(data=request.data)
        wish.is_valid(raise_exception=True)
        numbers, note = wish.validated_data["numbers"], wish.validated_data["note"]
        try:
            added = add_to_dnc(self.organisation.pk, numbers, DncSource.API, note, f"API key {self.key.name}")
        except InvalidNumbers as error:
            raise serializers.ValidationError(
                {"numbers": [f"{error} {', '.join(error.numbers[:5])}"]}
            ) from None
        return Response({"added": added, "asked": len(numbers)}, status=status.HTTP_201_CREATED)
