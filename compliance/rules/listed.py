"""What the rules about lists have in common."""

from __future__ import annotations

from functools import lru_cache

from .base import NOTHING_SEEN, Allowed


@lru_cache(maxsize=4096)
def not_on(lists: str) -> Allowed:
    """Allowed by these lists, in words; nothing was seen where there are none. Thousands of dials share one answer."""
    return Allowed(lists) if lists else NOTHING_SEEN
