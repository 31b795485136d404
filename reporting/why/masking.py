"""A story for those who may not see whole numbers."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from dialer.logs import mask_number

from .story import Story

ValueT = TypeVar("ValueT")


def masked(story: Story) -> Story:
    """The same story; wherever the number stands, only its beginning and its last two digits are left."""
    return without(story, story.number, mask_number(story.number))


def without(value: ValueT, number: str, shown: str) -> ValueT:
    """Text, or a dataclass or tuple with text in it, with ``shown`` wherever the number stands (E.164)."""
    return _replaced(value, {number: shown, number[1:]: shown.removeprefix("+")})


def _replaced(value: ValueT, words: dict[str, str]) -> ValueT:
    found: Any = value
    if isinstance(value, str):
        for word, shown in words.items():
            found = found.replace(word, shown)
    elif isinstance(value, tuple):
        found = tuple(_replaced(each, words) for each in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        found = dataclasses.replace(value, **{name: _replaced(each, words) for name, each in fields.items()})
    return found
