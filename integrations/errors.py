"""Errors of the REST API: one shape, and words that say what to do.

``{"error": {"code": "invalid", "message": "…", "fields": {"target_url": ["…"]}}}``; ``fields`` only where
a field is at fault.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .authentication import HOW

ADVICE: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: "No API key was sent. " + HOW,
    exceptions.UnsupportedMediaType: "Send JSON, with 'Content-Type: application/json'.",
    exceptions.Throttled: "Too many calls. Wait as many seconds as the Retry-After header says.",
}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to whatever a view raised; None for a fault of ours."""
    if isinstance(error, DjangoValidationError):
        fields = error.message_dict if hasattr(error, "error_dict") else {}
        return Response(_shape("invalid", _summary(fields) or " ".join(error.messages), fields), status=400)
    if isinstance(error, exceptions.ValidationError):
        fields = _by_field(error.detail)
        return Response(_shape("invalid", _summary(fields), fields), status=400)
    response = exception_handler(error, context)
    if response is not None:
        response.data = _shape(
            _code(error), ADVICE.get(type(error)) or str(response.data.get("detail", "")), {}
        )
    return response


def _code(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    return str(getattr(error, "default_code", "error"))


def _by_field(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        return {"": [str(item) for item in detail]}
    return {name: [str(item) for item in _flat(found)] for name, found in detail.items()}


def _flat(found: Any) -> list[Any]:
    """The messages of a field, whichever of its items they are about."""
    if isinstance(found, dict):
        return [item for inner in found.values() for item in _flat(inner)]
    return found if isinstance(found, list) else [found]


def _summary(fields: dict[str, list[str]]) -> str:
    return " ".join(
        f"{name}: {' '.join(found)}" if name else " ".join(found) for name, found in fields.items()
    )


def _shape(code: str, message: str, fields: dict[str, list[str]]) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    return {"error": error}
