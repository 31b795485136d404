"""What endpoints take: bodies whose every field is known."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class StrictInput(serializers.Serializer):
    """Any field that nobody reads is refused: a slip would do something else than was meant."""

    def to_internal_value(self, data: Any) -> Any:
        """The values, or what is wrong with each field."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            known = ", ".join(self.fields)
            raise serializers.ValidationError({name: [f"Unknown field. Known: {known}."] for name in unknown})
        return super().to_internal_value(data)
