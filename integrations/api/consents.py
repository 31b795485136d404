"""Consents and revocations that reached another system: the next decision sees them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from compliance.choices import ConsentKind, ConsentMeans
from compliance.consent.drafts import (
    SCOPE_LENGTH,
    SOURCE_LENGTH,
    TEXT_LENGTH,
    BadConsent,
    Draft,
    draft_from_cells,
)
from compliance.models import Consent
from compliance.numbers import normalise
from compliance.services.record_consent import record_consent
from compliance.services.revoke_consent import revoke_consent

from .base import Endpoint
from .inputs import StrictInput

NUMBER_LENGTH, MOMENT_LENGTH = 24, 40
GRANTS = [kind.value for kind in ConsentKind if kind != ConsentKind.REVOKED]


class ConsentInput(StrictInput):
    """An entry as files write it; moments in ISO 8601, on the organisation's clock where they have no offset."""

    number = serializers.CharField(max_length=NUMBER_LENGTH)
    kind = serializers.ChoiceField(GRANTS)
    given_at = serializers.CharField(max_length=MOMENT_LENGTH)
    expires_at = serializers.CharField(required=False, allow_blank=True, max_length=MOMENT_LENGTH)
    means = serializers.ChoiceField(ConsentMeans.choices, required=False)
    scope = serializers.CharField(required=False, allow_blank=True, max_length=SCOPE_LENGTH)
    text = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_LENGTH)
    source = serializers.CharField(required=False, allow_blank=True, max_length=SOURCE_LENGTH)


class RevocationInput(StrictInput):
    """Who took back what they agreed to, and how they said it."""

    number = serializers.CharField(max_length=NUMBER_LENGTH)
    means = serializers.ChoiceField(ConsentMeans.choices, required=False, default=ConsentMeans.API)
    text = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_LENGTH, default="")


class Consents(Endpoint):
    """The organisation's ledger."""

    scopes = {"POST": Scope.CONSENTS_WRITE}

    def post(self, request: Request) -> Response:
        """Enter one; asked again with the same number, kind and moment it answers with the entry that stands."""
        wish = ConsentInput(data=request.data)
        wish.is_valid(raise_exception=True)
        try:
            draft = self._draft(wish.validated_data)
            found = self._standing(draft)
            entry = found or record_consent(self.organisation.pk, draft, f"API key {self.key.name}")
        except BadConsent as error:
            raise serializers.ValidationError({error.field: [error.message]}) from None
        answer = {"id": entry.pk, "expires_at": entry.expires_at}
        return Response(answer, status=status.HTTP_200_OK if found else status.HTTP_201_CREATED)

    def _draft(self, values: dict[str, str]) -> Draft:
        return draft_from_cells(
            values,
            country=self.organisation.country,
            zone=ZoneInfo(self.organisation.time_zone),
            means=ConsentMeans.API,
            source=f"API key {self.key.name}",
        )

    def _standing(self, draft: Draft) -> Consent | None:
        own = Consent.objects.filter(organisation=self.organisation, number=draft.number)
        return own.filter(kind=draft.kind, given_at=draft.given_at).first()


class Revocations(Endpoint):
    """What people took back."""

    scopes = {"POST": Scope.CONSENTS_WRITE}

    def post(self, request: Request) -> Response:
        """Revoke all that the number agreed to up to now. Said twice it holds as once."""
        wish = RevocationInput(data=request.data)
        wish.is_valid(raise_exception=True)
        values = wish.validated_data
        number = normalise(values["number"], self.organisation.country)
        if number is None:
            raise serializers.ValidationError(
                {"number": ["This is no phone number. Write it as +12025550123."]}
            )
        source = f"API key {self.key.name}"
        entry = revoke_consent(
            self.organisation.pk, number, values["means"], text=values["text"], source=source, actor=source
        )
        return Response({"id": entry.pk, "revoked_at": entry.given_at}, status=status.HTTP_201_CREATED)
