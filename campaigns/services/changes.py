"""What a person changed, for the audit log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

PLAIN = (str, int, float, bool, type(None))


def facts(instance: Model, names: Iterable[str]) -> dict[str, Any]:
    """These fields as JSON can hold them."""
    values = {name: getattr(instance, name) for name in names}
    return {name: value if isinstance(value, PLAIN) else str(value) for name, value in values.items()}


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides of what changed, and nothing else."""
    touched = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in touched}, {name: after[name] for name in touched}
